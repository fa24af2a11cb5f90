"""A resource that `outputs` names: one of the project, and an output in its place is answered with both."""

from __future__ import annotations

import pytest

from accountsctl.commands.stacks.outputs import NOT_DEPLOYED, Outputs, named_resource, never_pushed
from accountsctl.model.backend import Backend, FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project

OUTPUTS = {"api/web": {"RootUrl": "u", "ApiId": "i"}, "function/web": {"Name": "n"}, "rds/db": {"Arn": "a"}}
DEV = Environment("dev", Cloud.LOCAL, "eu-west-1", "shop-dev")
IDS = (*(ResourceId(*name.split("/")) for name in OUTPUTS), ResourceId("storage", "later"))
BACKEND = Backend(tuple(Resource(id_, "any", False, (), FilePosition("b", 1)) for id_ in IDS), "b")
PROJECT = Project("shop", BACKEND, DEV, {}, {})


def deployed() -> Outputs:
    return OUTPUTS


def nothing_deployed() -> Outputs:
    raise never_pushed(DEV)


def refused_call() -> Outputs:
    raise CloudError("The call was refused.", code="AccessDenied")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("RootUrl", 'Did you mean "api/web RootUrl"?'),
        ("rooturi", 'Did you mean "api/web RootUrl"?'),
        ("rds/bd", 'Did you mean "rds/db"?'),
        ("web", "Name one of these."),
        ("zzz", "Name one of these."),
    ],
)
def test_what_is_meant_is_suggested(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as refused:
        named_resource(PROJECT, text, deployed)
    assert refused.value.hint == hint


@pytest.mark.parametrize("text", ["rds/db", "db"])
def test_a_resource_is_found_by_its_bare_name_too(text: str) -> None:
    assert named_resource(PROJECT, text, deployed) == "rds/db"


@pytest.mark.parametrize("text", ["rds/zzz", "zzz"])
def test_what_the_project_does_not_have_is_not_said_to_be_not_deployed(text: str) -> None:
    with pytest.raises(UsageError, match=f"There is no resource {text}"):
        named_resource(PROJECT, text, nothing_deployed)


def test_what_the_project_has_and_no_push_deployed_is_to_be_pushed() -> None:
    with pytest.raises(CloudError, match="storage/later is not deployed in dev") as refused:
        named_resource(PROJECT, "later", deployed)
    assert (refused.value.code, refused.value.hint) == (NOT_DEPLOYED, "Deploy it: accountsctl push")


def test_a_refused_call_is_reported_and_not_taken_for_nothing_deployed() -> None:
    with pytest.raises(CloudError, match="refused"):
        named_resource(PROJECT, "RootUrl", refused_call)
