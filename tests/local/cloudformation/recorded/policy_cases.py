"""Stack policies: set, read, taken away, and refused."""

from __future__ import annotations

import json
from typing import Any

from tests.local.cloudformation.recorded.parts import parameter, template, text_parameter
from tests.local.cloudformation.recorded.replay import StackReplay, case, keyed
from tests.local.cloudformation.recorded.template_cases import upload

SIMPLE = template(
    {"SimpleParam": parameter({"Ref": "Value"})}, Parameters={"Value": text_parameter(Default="a")}
)


def policy(effect: str = "Allow", **more: Any) -> str:
    statement = {"Effect": effect, "Action": "Update:*", "Principal": "*", "Resource": "*", **more}
    return json.dumps({"Statement": [statement]})


def put(replay: StackReplay, stack: str, text: str) -> Any:
    return replay.ask("set_stack_policy", StackName=stack, StackPolicyBody=text)


def put_by_url(replay: StackReplay, stack: str, text: str) -> Any:
    bucket, key = upload(replay, text)
    region = replay.formation.meta.region_name
    url = f"https://{bucket}.s3.{region}.amazonaws.com/{key}"
    return replay.ask("set_stack_policy", StackName=stack, StackPolicyURL=url)


def read(replay: StackReplay, stack: str) -> Any:
    return replay.ask("get_stack_policy", StackName=stack)


@case
def test_empty_policy(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    put(replay, stack, "{}")
    replay.match("policy", read(replay, stack))


@case
def test_invalid_policy(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    replay.match("error", put(replay, stack, json.dumps({"Statement": [{"Effect": "NoEffect"}]}))["Error"])


@case
def test_policy_lifecycle(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    replay.match("initial_policy", read(replay, stack))
    texts = {"policy": policy(), "policy_updated": policy("Deny"), "policy_deleted": "{}"}
    for step, text in texts.items():
        put(replay, stack, text)
        replay.match(step, read(replay, stack))


@case
def test_set_policy_with_url(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    put_by_url(replay, stack, policy())
    replay.match("policy", read(replay, stack))


@case
def test_set_invalid_policy_with_url(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    replay.match("error", put_by_url(replay, stack, json.dumps({"Statement": [{"Effect": "NoEffect"}]})))


@case
def test_set_policy_both_policy_and_url(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    both = {"StackPolicyBody": policy(), "StackPolicyURL": "https://bucket.s3.amazonaws.com/policy.json"}
    replay.match("error", replay.ask("set_stack_policy", StackName=stack, **both))


@case
def test_set_empty_policy_with_url(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    put_by_url(replay, stack, "{}")
    replay.match("policy", read(replay, stack))


@case
def test_not_json_policy(replay: StackReplay) -> None:
    replay.match("error", put(replay, replay.deploy(SIMPLE), "not a policy"))


@case
def test_different_principal_attribute(replay: StackReplay) -> None:
    text = policy(Principal=replay.name("principal"))
    replay.match("error", put(replay, replay.deploy(SIMPLE), text)["Error"])


@case
def test_different_action_attribute(replay: StackReplay) -> None:
    replay.match("error", put(replay, replay.deploy(SIMPLE), policy(Action="Delete:*")))


@case
def test_create_stack_with_policy(replay: StackReplay) -> None:
    stack = replay.create(SIMPLE, StackPolicyBody=policy())["StackId"]
    replay.match("policy", read(replay, stack))


@case
def test_set_policy_with_update_operation(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    given = {"UsePreviousTemplate": True, "Parameters": keyed({"Value": "b"})}
    replay.update(stack, **given, StackPolicyDuringUpdateBody=policy("Deny"))
    replay.match("policy", read(replay, stack))
    replay.match("policy_after_update", read(replay, stack))


@case
def test_policy_during_update(replay: StackReplay) -> None:
    stack = replay.deploy(SIMPLE)
    replay.ask(
        "update_stack", StackName=stack, UsePreviousTemplate=True, Parameters=keyed({"Value": "b"}),
        StackPolicyDuringUpdateBody=policy("Deny"),
    )  # fmt: skip
    replay.match("policy_during_update", read(replay, stack))
    replay.ended(stack)
    replay.match("policy_after_update", read(replay, stack))
