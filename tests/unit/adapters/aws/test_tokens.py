"""Calls that change something are sent again until there is a response, under one token."""

from __future__ import annotations

import re
from itertools import repeat

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.tokens import ATTEMPTS, add_token, new_token, send
from accountsctl.model.errors import CloudError

LOST = EndpointConnectionError(endpoint_url="https://cloudformation")


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "ExecuteChangeSet")


class Calls:
    """A call whose attempts end as scripted: an exception is raised, a text is returned. Tokens are recorded."""

    def __init__(self, *ends: Exception | str) -> None:
        self.ends = list(ends)
        self.tokens: list[str] = []
        self.slept: list[float] = []

    def __call__(self, token: str) -> str:
        self.tokens.append(token)
        end = self.ends.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    def send(self) -> str | None:
        return send("execute it", self, repeat(2.0), self.slept.append)


def test_a_response_that_was_lost_is_asked_for_again_under_the_same_token() -> None:
    calls = Calls(LOST, refusal("Throttling"), refusal("503"), "done")
    assert calls.send() == "done"
    assert len(set(calls.tokens)) == 1
    assert calls.slept == [2.0] * 3


def test_two_calls_have_two_tokens() -> None:
    first, second = Calls("a"), Calls("b")
    first.send()
    second.send()
    assert first.tokens != second.tokens


@pytest.mark.parametrize("code", ["TokenAlreadyExistsException", "TokenAlreadyExists"])
@pytest.mark.parametrize("lost", range(ATTEMPTS))
def test_a_token_that_is_known_means_that_an_earlier_attempt_was_done(code: str, lost: int) -> None:
    assert Calls(*[LOST] * lost, refusal(code)).send() is None


def test_a_refusal_is_not_sent_again() -> None:
    calls = Calls(refusal("AccessDenied"), "done")
    with pytest.raises(CloudError) as refused:
        calls.send()
    assert refused.value.code == "AccessDenied"
    assert calls.slept == []


def test_after_the_last_attempt_the_lost_response_is_the_error() -> None:
    calls = Calls(*[LOST] * (ATTEMPTS + 1))
    with pytest.raises(CloudError) as lost:
        calls.send()
    assert lost.value.code == "EndpointConnectionError"
    assert len(calls.tokens) == ATTEMPTS
    assert len(calls.slept) == ATTEMPTS - 1


def test_a_token_has_the_alphabet_of_cloudformation() -> None:
    assert re.fullmatch(r"[a-zA-Z0-9][-a-zA-Z0-9]{0,127}", new_token())


class Shape:
    def __init__(self, *members: str) -> None:
        self.members: dict[str, object] = dict.fromkeys(members)


class Model:
    def __init__(self, shape: Shape | None) -> None:
        self.input_shape = shape


def test_a_call_without_a_token_gets_one_and_a_stated_one_stays() -> None:
    params: dict[str, object] = {}
    add_token(params, Model(Shape("ClientRequestToken")))
    assert str(params["ClientRequestToken"]).startswith("accountsctl-")
    stated: dict[str, object] = {"ClientToken": "mine"}
    add_token(stated, Model(Shape("ClientToken")))
    assert stated == {"ClientToken": "mine"}
    for nothing in (Model(Shape("StackName")), Model(None)):
        untouched: dict[str, object] = {}
        add_token(untouched, nothing)
        assert untouched == {}


CHANGING = {
    "create_change_set": {"ChangeSetName": "c"},
    "execute_change_set": {"ChangeSetName": "c"},
    "delete_stack": {},
    "rollback_stack": {},
    "continue_update_rollback": {},
    "cancel_update_stack": {},
}


@pytest.mark.parametrize("operation", CHANGING)
def test_every_changing_call_of_the_session_carries_a_token(operation: str) -> None:
    client = Session("eu-west-1", endpoint="http://127.0.0.1:1").client("cloudformation")
    sent: list[dict[str, str]] = []

    def capture(model: object, params: dict[str, dict[str, str]], **_: object) -> tuple[object, object]:
        sent.append(params["body"])
        return type("Sent", (), {"status_code": 200})(), {}

    client.meta.events.register("before-call.cloudformation", capture)
    getattr(client, operation)(StackName="s", **CHANGING[operation])
    tokens = [value for name, value in sent[0].items() if name in ("ClientToken", "ClientRequestToken")]
    assert len(tokens) == 1
