"""The deployed layer over the embedded cloud: what a pushed project's APIs are found to be."""

from __future__ import annotations

import json
from typing import Any

import pytest

from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from accountsctl.doctor.facts.model import Api
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wiring(deployed: LocalProject) -> Application:
    return Application(Settings(deployed.root))


@pytest.fixture(scope="module")
def api(wiring: Application) -> Api:
    (found,) = wiring.inspect_apis().run(wiring.environment.name)
    return found


def test_a_pushed_api_is_found_as_it_is_deployed(api: Api) -> None:
    assert (api.name, api.stage, api.stale) == ("api/accountsAPI", "dev", {})
    found = {(route, method.verb): method.authorization for route, method in api.every()}
    assert found["/accounts", "OPTIONS"] == "NONE"
    assert found["/accounts", "GET"] == found["/accounts/{id}", "PUT"] == "COGNITO_USER_POOLS"
    preflight = api.routes["/accounts"]["OPTIONS"].integration
    assert preflight is not None
    assert preflight.responses[0].headers["access-control-allow-origin"] == "'*'"
    assert {"DEFAULT_4XX", "DEFAULT_5XX"} == set(api.responses)


def test_what_is_around_the_api_is_found_too(api: Api) -> None:
    (authorizer,) = api.authorizers.values()
    assert (authorizer.pools, authorizer.pool_exists) == (tuple(api.project_pools), True)
    (function,) = api.functions.values()
    assert function.permissions is not None
    assert [each.principal for each in function.permissions] == ["apigateway.amazonaws.com"]
    assert (function.state, function.database_sleeps) == ("Active", True)
    assert len(api.clients) == 2


def test_a_change_that_is_not_deployed_is_stale_until_it_is_taken_back(wiring: Application, api: Api) -> None:
    client: Any = wiring.session.client("apigateway")
    root = next(each for each in client.get_resources(restApiId=api.id)["items"] if each["path"] == "/")
    made = client.create_resource(restApiId=api.id, parentId=root["id"], pathPart="late")
    try:
        where = {"restApiId": api.id, "resourceId": made["id"], "httpMethod": "GET"}
        client.put_method(**where, authorizationType="NONE")
        client.put_integration(**where, type="MOCK", requestTemplates={"application/json": "{}"})
        (found,) = wiring.inspect_apis().run(wiring.environment.name)
        assert found.stale == {("/late", "GET"): "is not deployed yet"}
        assert "/late" not in found.routes
    finally:
        client.delete_resource(restApiId=api.id, resourceId=made["id"])


def test_nothing_that_is_told_holds_a_secret(wiring: Application, deployed: LocalProject) -> None:
    workflow = wiring.inspect_apis()
    current = wiring.stacks.current(wiring.environment.stack_name)
    assert current is not None
    told = json.dumps(workflow.inspector.inspect({"api/accountsAPI": current.children["apiaccountsAPI"]}))
    assert "secretsmanager" not in told
    assert "ClientSecret" not in told
    assert '"Variables"' not in told
