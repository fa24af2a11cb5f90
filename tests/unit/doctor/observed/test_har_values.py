"""The values of a recording in forms that no browser writes."""

from __future__ import annotations

import pytest

from accountsctl.doctor.observed.har_entries import log_of
from accountsctl.doctor.observed.har_values import number, seconds


@pytest.mark.parametrize(
    ("recorded", "value"),
    [(12, 12), ("12.5", 12.5), (None, 0), ("", 0), ({}, 0), (float("inf"), 0), ("-inf", 0), ("nan", 0)],
)
def test_a_number_is_finite_whatever_was_recorded(recorded: object, value: float) -> None:
    assert number(recorded) == value


@pytest.mark.parametrize("text", ["", "soon", None, "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_that_is_none_is_zero(text: object) -> None:
    assert isinstance(seconds(text), int)


def test_a_time_is_in_seconds() -> None:
    assert seconds("1970-01-01T00:00:05Z") == 5


def test_half_of_a_surrogate_pair_becomes_a_text_that_can_be_written() -> None:
    log = log_of(r'{"log": {"entries": [{"half": "a\ud83d", "pair": "\ud83d\ude00"}]}}')
    (entry,) = log["entries"]
    assert entry["half"].encode() == b"a?"
    assert entry["pair"] == "\N{GRINNING FACE}"
