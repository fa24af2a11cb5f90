"""Every recorded sequence is answered as AWS answered it, or is named here with what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.local.cloudformation.recorded.all_cases import CASES
from tests.local.cloudformation.recorded.replay import StackReplay, recordings

DIFFERENT = {
    "test_api_gateway_with_policy_as_dict": "recorded before API Gateway reported ipAddressType",
    "test_blocked_stack_deletion": "a policy without a principal is refused before it exists",
    "test_cfn_deploy_apigateway_integration": "recorded before API Gateway reported ipAddressType",
    "test_cfn_handle_log_group_resource": "log groups do not report their class",
    "test_create_stack_set_with_stack_instances": "refused: stack sets are not played",
    "test_implicit_type_conversion": "recorded before SQS took messages of 1 MiB",
    "test_policy_during_update": "an update of one parameter is over before its policy can be read",
    "test_vpc_with_route_table": "route tables do not report that no gateway propagates to them",
}
"""Sequences that are not equal, with the reason."""


def test_every_recording_has_a_case() -> None:
    assert set(CASES) == set(recordings())


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(recordings()))
def test_a_recorded_sequence_is_answered_as_on_aws(name: str, client: Callable[[str], Any]) -> None:
    replay = StackReplay(client, name)
    try:
        CASES[name](replay)
    finally:
        replay.clean_up()
    differences = replay.verdict()
    if name in DIFFERENT:
        assert differences, "It is equal now: take it off the list."
    else:
        assert not differences
