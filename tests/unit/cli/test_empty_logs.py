"""What `logs` says if nothing was logged: since when, in the words of the option."""

from __future__ import annotations

import pytest

from accountsctl.cli.logs import _nothing


@pytest.mark.parametrize(
    ("since", "words"),
    [
        ("10m", "in the last 10m"),
        ("2026-11-28", "since 2026-11-28"),
        ("2026-11-28T12:00", "since 2026-11-28T12:00"),
        ("20261128T120000Z", "since 20261128T120000Z"),
    ],
)
def test_a_time_is_since_and_a_span_is_the_last(since: str, words: str) -> None:
    assert _nothing(since, "") == f"Nothing was logged {words}. Look further back: --since 1d"
