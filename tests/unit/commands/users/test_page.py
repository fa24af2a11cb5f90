"""`ui`: what is served, where, and what is said before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.users.page import (
    first_api_origins,
    how_to_sign_in,
    page_environment,
    prepare,
    serve,
)
from accountsctl.formats.frontend.exports import Deployed
from accountsctl.formats.frontend.page import BuiltPage, DemoUser, PageEnvironment
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.ports.page_server import PageAddress
from tests.fakes.local_cloud import FakeLocalCloud
from tests.fakes.page_server import FakePageServer

SAMPLE = Path(__file__).parents[4]
BUILT = {"index.html": b"<html>"}
DEV = PageEnvironment("dev", "local", demo=DemoUser("demo", "Secret-1"))
DEPLOYED = Deployed(
    environment="dev",
    region="eu-west-1",
    outputs={
        "auth/pool": {"UserPoolId": "eu-west-1_A", "AppClientIDWeb": "web"},
        "api/accountsAPI": {"RootUrl": "https://x/dev"},
    },
    templates={},
)


def test_a_page_that_was_not_built_says_what_to_run() -> None:
    with pytest.raises(UsageError, match="not built") as caught:
        prepare(DEPLOYED, {}, ["*"], DEV)
    assert "python tools/build_page.py" in caught.value.hint


@pytest.mark.parametrize(
    ("kept", "missing"), [("auth/pool", "a REST API"), ("api/accountsAPI", "a user pool")]
)
def test_an_environment_that_lacks_what_the_page_shows_is_refused(kept: str, missing: str) -> None:
    with pytest.raises(UsageError, match=f"has not deployed {missing}"):
        prepare(replace(DEPLOYED, outputs={kept: DEPLOYED.outputs[kept]}), BUILT, ["*"], DEV)


def test_an_origin_that_the_api_does_not_allow_is_said_and_served_all_the_same() -> None:
    page = prepare(DEPLOYED, BUILT, ["https://app.example"], DEV, 4300)
    assert page.address == PageAddress("localhost", 4300)
    assert "The API allows https://app.example, not http://localhost:4300" in page.notes[0]
    assert prepare(DEPLOYED, BUILT, ["http://localhost:4300"], DEV).notes == ()


def test_the_url_is_told_once_the_page_can_be_opened() -> None:
    urls: list[str] = []
    server = FakePageServer(port=51234)
    serve(prepare(DEPLOYED, BUILT, ["*"], DEV, 0), server, urls.append)
    serve(prepare(DEPLOYED, BUILT, ["http://[::1]:4300"], DEV), server, urls.append)
    assert urls == ["http://localhost:51234/", "http://[::1]:4300/"]
    site, _ = server.served
    assert isinstance(site, BuiltPage)
    assert site.outputs["API"] == {
        "REST": {"accountsAPI": {"endpoint": "https://x/dev", "region": "eu-west-1"}}
    }


@pytest.mark.parametrize(
    ("own", "overlay", "allowed"),
    [
        ({}, {}, ("*",)),
        ({"cors": {"allowOrigins": ["https://a"]}}, {}, ("https://a",)),
        (
            {"cors": {"allowOrigins": ["https://a"]}},
            {"cors": {"allowOrigins": ["https://b"]}},
            ("https://b",),
        ),
    ],
)
def test_an_environments_own_origins_go_before_the_apis(
    own: Mapping[str, Any], overlay: Mapping[str, Any], allowed: tuple[str, ...]
) -> None:
    project = FileProjects(SAMPLE).read("dev").project
    api = ResourceId("api", "accountsAPI")
    changed = replace(
        project,
        sources={**project.sources, api: replace(project.sources[api], parameters=own)},
        environment=replace(project.environment, parameters={"api": {"accountsAPI": overlay}}),
    )
    assert first_api_origins(changed) == allowed


def test_only_a_local_environment_names_its_demo_user_and_never_the_password() -> None:
    (sentence,) = how_to_sign_in(Environment("dev", Cloud.LOCAL, "eu-west-1", "s"), FakeLocalCloud())
    assert sentence == (
        "Sign in as demo: the page has a button for it (password: amplify/.local/demo-user.json)."
    )
    assert how_to_sign_in(Environment("prod", Cloud.AWS, "eu-west-1", "s"), FakeLocalCloud()) == ()


def test_the_demo_user_is_of_local_environments_alone_and_its_password_is_in_no_configuration() -> None:
    local = page_environment(Environment("dev", Cloud.LOCAL, "eu-west-1", "s"), FakeLocalCloud())
    assert local.demo == DemoUser(*FakeLocalCloud().demo_user())
    aws = page_environment(Environment("prod", Cloud.AWS, "eu-west-1", "s", protected=True), FakeLocalCloud())
    assert aws == PageEnvironment("prod", "aws", protected=True, demo=None)
    site = prepare(DEPLOYED, BUILT, ["*"], aws).site
    assert site.outputs["custom"]["page"] == {"environment": "prod", "cloud": "aws", "protected": True}
    assert site.answer("/demo-user.json", "n").status == 404
    served = prepare(DEPLOYED, BUILT, ["*"], DEV).site
    assert served.outputs["custom"]["page"]["demoUser"] == "demo"
    assert b"Secret-1" not in served.answer("/amplify_outputs.json", "n").body
    assert "Secret-1" not in repr(served)
    user = served.answer("/demo-user.json", "n")
    assert json.loads(user.body) == {"username": "demo", "password": "Secret-1"}
    assert (user.headers["Cache-Control"], user.headers["Cross-Origin-Resource-Policy"]) == (
        "no-store",
        "same-origin",
    )
