"""Who may call the paths of a REST API that Amplify described: roles of the identity pool, or users of the pool."""

from __future__ import annotations

import json
from pathlib import Path

from tests.functional.gen1.amplify_project import write
from tests.functional.gen1.full_project import BACKEND_FILE, on
from tests.functional.gen1.test_every_format import Json, edges, rendered

SWAGGER: Json = {
    "Parameters": {"env": {"Type": "String"}},
    "Resources": {"web": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": {"swagger": "2.0"}}}},
    "Outputs": {"ApiId": {"Value": {"Ref": "web"}}},
}


def test_the_roles_may_call_what_a_rest_api_grants_them(full: Path) -> None:
    api = rendered(full, "api/web")["Resources"]

    def may(policy: str) -> list[str]:
        [statement] = api[policy]["Properties"]["PolicyDocument"]["Statement"]
        return [entry["Fn::Sub"].rpartition("${RestApi}/dev/")[2] for entry in statement["Resource"]]

    assert may("PolicyAPIGWAdmins") == ["*/team", "*/team/*"]
    assert may("PolicyAPIGWUnauth") == ["GET/news/*", "GET/news/*/*"]
    assert may("PolicyAPIGWAuth")[:4] == ["GET/mine", "GET/mine/*", "PUT/mine", "PUT/mine/*"]
    assert not [path for path in may("PolicyAPIGWAuth") if "team" in path or "open" in path]


def test_the_roles_may_call_an_api_that_amplify_built(full: Path) -> None:
    """Amplify gives the rights in a stack of its own, which is not in the output of its build."""
    write(full, "amplify/backend/api/web/build/web-cloudformation-template.json", SWAGGER)
    api = rendered(full, "api/web")["Resources"]
    assert {"web", "PolicyAPIGWAuth", "PolicyAPIGWUnauth", "PolicyAPIGWAdmins"} == api.keys()
    assert "${web}/dev/GET/mine" in json.dumps(api["PolicyAPIGWAuth"])


def test_the_roles_may_call_an_api_of_an_older_project(full: Path) -> None:
    (full / "amplify/backend/api/web/cli-inputs.json").unlink()
    write(full, "amplify/backend/api/web/web-cloudformation-template.json", SWAGGER)
    privacy = {"private": True, "auth": ["/GET", "/POST"], "unauth": []}
    paths = [{"name": "/mine", "privacy": privacy}, {"name": "/open", "privacy": {"open": True}}]
    write(full, "amplify/backend/api/web/api-params.json", {"paths": paths})
    api = rendered(full, "api/web")["Resources"]
    [statement] = api["PolicyAPIGWAuth"]["Properties"]["PolicyDocument"]["Statement"]
    ends = [entry["Fn::Sub"].rpartition("${web}/dev/")[2] for entry in statement["Resource"]]
    assert ends == ["GET/mine", "GET/mine/*", "POST/mine", "POST/mine/*"]
    assert "PolicyAPIGWUnauth" not in api


def test_a_rest_api_that_the_pool_authorizes_grants_nothing_to_roles(full: Path) -> None:
    backend = edges(on("auth", "users", "UserPoolArn", "AppClientIDWeb"), of=("api", "web"))
    write(full, BACKEND_FILE, backend)
    write(full, "amplify/backend/api/web/parameters.json", {"authorization": "COGNITO_USER_POOLS"})
    assert not [name for name in rendered(full, "api/web")["Resources"] if name.startswith("PolicyAPIGW")]


def test_admin_queries_take_access_tokens_of_the_pool(full: Path) -> None:
    api = rendered(full, "api/AdminQueries")["Resources"]
    methods = [
        resource["Properties"]
        for resource in api.values()
        if resource["Type"] == "AWS::ApiGateway::Method" and resource["Properties"]["HttpMethod"] == "ANY"
    ]
    [method] = methods
    assert method["AuthorizationType"] == "COGNITO_USER_POOLS"
    assert method["AuthorizationScopes"] == ["aws.cognito.signin.user.admin"]
    assert "IdentityValidationExpression" not in api["Authorizer"]["Properties"]
