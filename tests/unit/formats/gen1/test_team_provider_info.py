"""What is read of team-provider-info.json, and what never is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.gen1.team_provider_info import parse
from accountsctl.formats.json_reader import read
from accountsctl.model.team_environment import TeamEnvironment


def parsed(value: object) -> dict[str, TeamEnvironment]:
    return parse(read(json.dumps(value), "team-provider-info.json"))


def test_results_of_builds_and_secrets_are_left_out() -> None:
    values = {
        "s3Key": "k",
        "deploymentBucketName": "b",
        "hostedUIProviderCreds": '[{"client_secret": "hush"}]',
        "memory": 512,
    }
    [environment] = parsed({"dev": {"categories": {"function": {"work": values}}}}).values()
    assert environment.parameters == {"function": {"work": {"memory": 512}}}
    pool = {"userPoolId": "eu-west-1_A", "webClientId": "w", "hostedUIProviderCreds": "hush"}
    [environment] = parsed({"dev": {"categories": {"auth": {"users": pool}}}}).values()
    assert environment.imported == {"auth": {"users": {"UserPoolId": "eu-west-1_A", "AppClientIDWeb": "w"}}}
    assert "hush" not in repr(environment)


@pytest.mark.parametrize("stack_id", ["", "amplify-shop", "arn:aws:cloudformation"])
def test_a_stack_id_without_an_account_gives_none(stack_id: str) -> None:
    [environment] = parsed({"dev": {"awscloudformation": {"StackId": stack_id}}}).values()
    assert environment.account_id == ""


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(
    JSON
    | st.dictionaries(
        st.just("dev"), st.dictionaries(st.sampled_from(["categories", "awscloudformation"]), JSON)
    )
)
def test_whatever_the_file_holds_is_read_or_left_out(value: object) -> None:
    for environment in parsed(value).values():
        assert isinstance(environment.stack_name, str)
