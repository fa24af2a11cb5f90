"""The ways out of a bad state: sent again when a response is lost, and left with the name of the cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.patience import MayHaveBegun
from accountsctl.adapters.aws.stack_repairs import CloudFormationRepairs
from accountsctl.model.errors import CloudError, Declined
from accountsctl.model.events import Event, StackEvent
from accountsctl.ports.stacks import Ending
from tests.unit.adapters.aws.test_stacks import ROOT, raw, root

LOST = EndpointConnectionError(endpoint_url="https://cloudformation")


@dataclass
class OneStack:
    """CloudFormation with one stack; a changing call is done, then its response is lost as often as `lost` says.

    `ends` are the events that follow a changing call. The session that has only this client is it too.
    """

    status: str
    ends: list[dict[str, Any]]
    events: list[dict[str, Any]] = field(default_factory=lambda: [root(1, "UPDATE_FAILED")])
    lost: int = 0
    tokens: list[str] = field(default_factory=list)
    becomes: str = ""
    """The status after a changing call; UNSEEN: the stack cannot be read then."""
    error: BaseException = LOST

    def client(self, service: str) -> OneStack:
        assert service == "cloudformation"
        return self

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if self.status == "UNSEEN":
            raise LOST
        return {"Stacks": [{"StackId": ROOT, "StackName": StackName, "StackStatus": self.status}]}

    def get_paginator(self, _: str) -> OneStack:
        return self

    def paginate(self, StackName: str) -> Iterator[dict[str, Any]]:
        yield {"StackEvents": self.events[::-1]}

    def delete_stack(self, **request: Any) -> None:
        self._change(request)

    def rollback_stack(self, **request: Any) -> None:
        self._change(request)

    def continue_update_rollback(self, **request: Any) -> None:
        self._change(request)

    def _change(self, request: dict[str, Any]) -> None:
        self.tokens.append(request["ClientRequestToken"])
        self.status = self.becomes or self.status
        if len(self.tokens) == 1:
            self.events = [*self.events, *self.ends]
        if len(self.tokens) <= self.lost:
            raise self.error


def repairs(client: OneStack, sleep: Callable[[float], None] = lambda _: None) -> CloudFormationRepairs:
    return CloudFormationRepairs(client, Pace(), sleep, "the embedded cloud")  # type: ignore[arg-type]


STEPS: dict[str, Callable[[CloudFormationRepairs], Ending]] = {
    "DELETE_COMPLETE": lambda it: it.delete(ROOT, (), lambda _: None),
    "UPDATE_ROLLBACK_COMPLETE": lambda it: it.roll_back("shop", lambda _: None),
    "UPDATE_ROLLBACK_COMPLETE again": lambda it: it.continue_rollback("shop", (), lambda _: None),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_step_whose_response_was_lost_is_sent_again_under_its_token_and_followed(step: str) -> None:
    end = step.split()[0]
    client = OneStack("UPDATE_FAILED", [root(2, "UPDATE_IN_PROGRESS"), root(3, end)], lost=2)
    assert STEPS[step](repairs(client)) == Ending(end, succeeded=True)
    assert len(client.tokens) == 3
    assert len(set(client.tokens)) == 1


def interrupt(_: float) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("step", STEPS)
def test_an_interrupted_step_goes_on_in_the_cloud_that_runs_it(step: str) -> None:
    client = OneStack("UPDATE_FAILED", [root(2, "DELETE_IN_PROGRESS")])
    with pytest.raises(Declined) as left:
        STEPS[step](repairs(client, interrupt))
    assert left.value.why.endswith("goes on in the embedded cloud.")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_without_any_response_is_followed_if_it_has_begun(step: str) -> None:
    end = step.split()[0]
    client = OneStack("UPDATE_FAILED", [root(2, "UPDATE_IN_PROGRESS"), root(3, end)], lost=9, becomes=end)
    assert STEPS[step](repairs(client)).succeeded
    client = OneStack("UPDATE_FAILED", [], lost=9)
    with pytest.raises(CloudError) as lost:
        STEPS[step](repairs(client))
    assert lost.value.code == "EndpointConnectionError"
    client = OneStack("UPDATE_FAILED", [], lost=9, becomes="UNSEEN")
    with pytest.raises(MayHaveBegun, match="may have begun in the embedded cloud"):
        STEPS[step](repairs(client))


@pytest.mark.parametrize("step", STEPS)
def test_ctrl_c_while_a_step_is_on_its_way_says_that_it_goes_on(step: str) -> None:
    client = OneStack("UPDATE_FAILED", [], lost=9, becomes="DELETE_IN_PROGRESS", error=KeyboardInterrupt())
    with pytest.raises(Declined) as left:
        STEPS[step](repairs(client))
    assert left.value.why.endswith("goes on in the embedded cloud.")
    with pytest.raises(KeyboardInterrupt):
        STEPS[step](repairs(OneStack("UPDATE_FAILED", [], lost=9, error=KeyboardInterrupt())))


def test_an_operation_in_progress_is_followed_with_what_it_did_before() -> None:
    begun = [
        root(1, "UPDATE_COMPLETE"),
        root(2, "UPDATE_IN_PROGRESS"),
        raw(3, ROOT, "Bucket", "UPDATE_COMPLETE"),
    ]
    client = OneStack("UPDATE_IN_PROGRESS", [], begun)

    def end(_: float) -> None:
        client.events = [*begun, root(4, "UPDATE_COMPLETE")]

    heard: list[Event] = []
    ending = repairs(client, end).follow(ROOT, heard.append)
    assert ending == Ending("UPDATE_COMPLETE", succeeded=True)
    assert [event.id for event in heard if isinstance(event, StackEvent)] == [
        "arn:root-2",
        "arn:root-3",
        "arn:root-4",
    ]
