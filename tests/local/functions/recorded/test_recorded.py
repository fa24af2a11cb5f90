"""Every recorded sequence is answered as AWS answered it, or is named here with what differs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.functions.recorded.replay import Replay, names
from tests.local.functions.recorded.running import unchecked_clients

AT_ONCE = "an update has succeeded at once here: only its own answer has LastUpdateStatus InProgress"
DIFFERENT = {
    "test_function_code_signing_config": "no code signatures are checked here, and so configurations are refused",
    "test_lambda_code_location_s3": AT_ONCE,
    "test_lambda_code_location_zipfile": AT_ONCE,
    "test_lambda_handler_error": "a stack trace names the files where they are here, not in /var/task",
    "test_lambda_init_environment": "paths, credentials and X-Ray are not here as they are in Lambda's machines",
    "test_layer_function_exceptions": "Lambda's model has longer ARNs of layers since: 2048 characters, not 140",
    "test_publish_with_update": AT_ONCE,
}
"""Sequences that are not equal, with the reason."""
QUICK = (
    "test_alias_lifecycle",
    "test_function_lifecycle",
    "test_lambda_eventinvokeconfig_lifecycle",
    "test_layer_policy_lifecycle",
    "test_provisioned_concurrency_exceptions",
    "test_tag_lifecycle",
    "test_version_lifecycle",
)
"""Run every time; the others with the slow tests."""


@pytest.fixture(scope="module")
def clients(cloud: LocalCloudClient) -> Callable[[str], Any]:
    return unchecked_clients(cloud)


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in names()]
)
def test_a_recorded_sequence_is_answered_as_on_aws(name: str, clients: Callable[[str], Any]) -> None:
    replay = Replay(clients, name)
    replay.run()
    differences = replay.verdict()
    if name in DIFFERENT:
        assert differences, "It is equal now: take it off the list."
    else:
        assert not differences
