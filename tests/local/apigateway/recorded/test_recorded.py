"""Every recorded sequence is answered as AWS answered it, or is named here with what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.recorded.all_cases import CASES
from tests.local.apigateway.recorded.replay import Replay, recordings
from tests.local.recorded.matching import Matcher

DIFFERENT = {
    "test_lambda_selection_patterns": "a stack trace names the files where they are here, not in /var/task",
}
"""Sequences that are not equal yet, with the reason."""


def test_every_recording_has_a_case() -> None:
    assert set(CASES) == set(recordings())


@pytest.mark.parametrize("name", sorted(recordings()))
def test_a_recorded_sequence_is_answered_as_on_aws(
    name: str, cloud: LocalCloudClient, client: Callable[[str], Any]
) -> None:
    replay = Replay(client, cloud.start().url, name)
    CASES[name](replay)
    differences = replay.verdict()
    if name in DIFFERENT:
        assert differences, "It is equal now: take it off the list."
    else:
        assert not differences


@pytest.mark.parametrize(
    ("recorded", "actual", "differs"),
    [
        ({"id": "<id:1>", "again": "<id:1>"}, {"id": "a", "again": "a"}, False),
        ({"id": "<id:1>", "again": "<id:1>"}, {"id": "a", "again": "b"}, True),
        ({"id": "<id:1>", "again": "<id:2>"}, {"id": "a", "again": "a"}, True),
        ({"id": "<id:1>", "again": "<name:2>"}, {"id": "a", "again": "a"}, False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1}, {}, True),
        ({"a": False}, {"a": 0}, True),
        ({"a": {"b": [1]}}, {"a": '{"b": [1]}'}, False),
        ({"createdDate": "datetime"}, {"createdDate": "datetime"}, False),
        ({"headers": {"Via": "x"}}, {"headers": {}}, False),
        ("<name:1>Two 111111111111", "MyTwo 123456789012", False),
        ([1, 2], [1], True),
    ],
)
def test_a_difference_is_found(recorded: Any, actual: Any, differs: bool) -> None:
    assert bool(list(Matcher().differences(recorded, actual))) is differs
