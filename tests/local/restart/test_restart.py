"""What a stop and a start of the embedded cloud leave as it was: sessions of identities, APIs, URLs, alarms."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.alarms.test_alarms import alarmed, put, state
from tests.local.apigateway.deployed.templates import REGION, ref
from tests.local.deployed_api import Api
from tests.local.functions.test_urls import send, url
from tests.local.http_apis.templates import http_api
from tests.local.identity.people import People
from tests.local.identity.templates import identities


def services(cloud: LocalCloudClient) -> Callable[[str], Any]:
    session = boto3.Session(*cloud.credentials(), region_name=REGION)
    make: Callable[..., Any] = session.client  # any service, where the stubs have an overload for each
    return lambda service: make(service, endpoint_url=cloud.start().url)


def deploy(client: Callable[[str], Any], stack: str, template: dict[str, Any]) -> dict[str, str]:
    """Create the stack; its outputs."""
    formation = client("cloudformation")
    body = json.dumps(template)
    formation.create_stack(StackName=stack, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    waiter = formation.get_waiter("stack_create_complete")
    waiter.config.delay = 0.2
    waiter.wait(StackName=stack)
    (described,) = formation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


@pytest.mark.slow
def test_a_restart_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "amplify" / ".local"
    cloud = LocalCloudClient(folder)
    try:
        client = services(cloud)
        pools = deploy(client, "pools", identities())
        orders = deploy(client, "orders", http_api({"GET /text": {}}))
        linked = deploy(client, "linked", url())
        deploy(client, "alarmed", alarmed("kept", ref("Topic")))
        put(client, "kept", 20)
        people = People(Api(cloud.start().url, "pools", pools), client("cognito-idp"))
        logins = people.sign_in("ann")
        credentials, identity = people.credentials(logins), people.identity(logins)

        cloud.stop()
        cloud = LocalCloudClient(folder)
        client, place = services(cloud), cloud.start().url
        again = People(Api(place, "pools", pools), client("cognito-idp"))
        assert (again.get("/private", credentials).status, again.identity(logins)) == (200, identity)
        assert Api(place, "orders", orders).send("GET", "/text", stage="$default").body == "plain"
        assert send(Api(place, "linked", linked), "GET", "/text").body == "plain"
        assert state(client, "kept") == "ALARM"
    finally:
        cloud.stop()
