"""What `--fix` leaves alone: comments, line ends, other APIs of the template, what no deployment holds, built files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from accountsctl.adapters.project_files.templates import FileTemplates
from accountsctl.commands.doctor.fix import ProposedFix, propose_fix
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.base import template
from tests.faults.changes import Fault, drops, preflight, sets
from tests.faults.project import TEMPLATE, project
from tests.faults.test_fixes import apply_fix
from tests.faults.test_templates import ORIGIN, POOL_ARN, told

SNAPSHOT = {"accountsctl": {"snapshot": True}}
HTTP_API = """# The API of the shop.
Parameters:
  authusersUserPoolArn: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Name: items
      ProtocolType: HTTP
      CorsConfiguration:
        AllowOrigins:
          - https://www.example.com   # the live site
        AllowMethods: [GET]
        AllowHeaders: [authorization]
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Api
      IntegrationType: HTTP_PROXY
      IntegrationUri: https://example.com
      IntegrationMethod: ANY
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: PUT /items, Target: !Sub "integrations/${Integration}"}
"""
SAM_API = """Transform: AWS::Serverless-2016-10-31
Parameters:
  authusersUserPoolArn: {Type: String}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      Cors: {AllowOrigin: "'*'", AllowMethods: "'GET'", AllowHeaders: "'authorization'"}
  Items:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async () =>
          ({ statusCode: 200, headers: { "Access-Control-Allow-Origin": "*" }, body: "" });
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /items, Method: get}}
"""


CORS_OF_SAM = """Cors: {AllowOrigin: "'*'", AllowMethods: "'GET'", AllowHeaders: "'authorization'"}"""
"""As `SAM_API` has it."""


def apis_of(text: str, name: str = "api/zoo") -> tuple[Api, ...]:
    return tuple(api for api in read_templates({name: text}, {"authusersUserPoolArn": POOL_ARN}))


def fixed_in(root: Path, text: str, query: Query, file: str = "template.yaml") -> tuple[ProposedFix, str]:
    """What `--fix --apply` makes of a template of the project's API, and the file's text after it."""
    files = project(root, template(ORIGIN), POOL_ARN)
    (root / TEMPLATE).unlink()
    path = (root / TEMPLATE).parent / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    apis = apis_of(text)
    names = ["api/zoo" if len(apis) == 1 else f"api/zoo#{api.name}" for api in apis]
    found = [
        diagnose(Subject((replace(api, name=name),)), ask)
        for api, name in zip(apis, names, strict=True)
        for ask in page_requests(api, query, ())
    ]
    done = propose_fix(files, FileTemplates(), "dev", found)
    files.apply(done.edit)
    return done, path.read_bytes().decode()


def passes(text: str, query: Query) -> bool:
    (api,) = apis_of(text)
    (ask,) = page_requests(api, query, ())
    return diagnose(Subject((api,)), ask).outcome is DiagnosisOutcome.PASS


@pytest.mark.parametrize("written", [True, False], ids=["an API of its own", "the API that events imply"])
def test_what_stands_in_sams_globals_is_changed_there(tmp_path: Path, written: bool) -> None:
    text = SAM_API.replace(f"      {CORS_OF_SAM}\n", "").replace(
        "Resources:", f"Globals:\n  Api:\n    {CORS_OF_SAM}\nResources:"
    )
    if not written:
        _, api, rest = text.partition("  Api:\n    Type: AWS::Serverless::Api\n")
        text = text.replace(api + rest.partition("  Items:")[0], "").replace("RestApiId: !Ref Api, ", "")
    query = Query(origin=ORIGIN, path="/items", method="GET", headers=(("x-shop", "1"),))
    done, after = fixed_in(tmp_path, text, query)
    assert done.fixed[0] == "acah.custom"
    assert "x-shop" in after.partition("Resources:")[0].lower()
    assert "Cors:" not in after.partition("Resources:")[2]
    assert passes(after, query)


PUT = Query(origin=ORIGIN, path="/items", method="PUT", headers=(("content-type", "application/json"),))


def test_lists_of_an_http_apis_configuration_get_what_the_request_needs_and_keep_their_comments(
    tmp_path: Path,
) -> None:
    done, after = fixed_in(tmp_path, HTTP_API, PUT)
    assert done.fixed == ("httpapi.origin-not-listed", "acam.missing")
    assert passes(after, PUT)
    added = {line.strip() for line in after.splitlines()} - {line.strip() for line in HTTP_API.splitlines()}
    assert added == {f"- {ORIGIN}", "AllowMethods: [GET, PUT]", "AllowHeaders: [authorization, Content-Type]"}
    assert "https://www.example.com   # the live site" in after


def test_a_file_with_the_line_ends_of_windows_keeps_them(tmp_path: Path) -> None:
    done, after = fixed_in(tmp_path, HTTP_API.replace("\n", "\r\n"), PUT)
    assert done.fixed
    assert after.count("\r\n") == after.count("\n")
    (diff,) = done.diffs
    assert sum(line.startswith("-") for line in diff.splitlines()) == 3  # the head, and two lists


def test_what_amplify_builds_is_not_changed_but_named(tmp_path: Path) -> None:
    body = template(ORIGIN)
    preflight("Headers", lambda _: "'Authorization'")(body, ORIGIN)
    text = json.dumps(body)
    query = Query(origin=ORIGIN, path="/items", method="POST")
    done, after = fixed_in(tmp_path, text, query, "build/zoo-template.json")
    assert (done.diffs, done.unfixed) == ((), ("client.json-content-type",))
    assert [Path(file).name for file in done.built] == ["zoo-template.json"]
    assert after == text


def test_sams_own_property_holds_the_gateway_responses_of_a_sam_api(tmp_path: Path) -> None:
    users = "Users: {UserPoolArn: !Ref authusersUserPoolArn, Identity: {Header: X-Token}}"
    auth = f"Auth: {{DefaultAuthorizer: Users, AddDefaultAuthorizerToCorsPreflight: false, Authorizers: {{{users}}}}}"
    get = Query(origin=ORIGIN, path="/items", method="GET", headers=(("authorization", "x"),))
    done, after = fixed_in(tmp_path, SAM_API.replace("StageName: dev", f"StageName: dev\n      {auth}"), get)
    assert done.fixed == ("auth.cognito-identity-source", "gwresp.4xx")
    assert "AWS::ApiGateway::GatewayResponse" not in after
    assert set(apis_of(after)[0].responses) >= {"DEFAULT_4XX"}


def test_a_list_keeps_its_order_and_gets_only_what_is_asked_for(tmp_path: Path) -> None:
    body = template(ORIGIN)
    preflight("Methods", lambda _: "'POST,GET,OPTIONS'")(body, ORIGIN)
    preflight("Headers", lambda _: "'X-Amz-Date,Content-Type'")(body, ORIGIN)
    _, after = apply_fix(tmp_path, body, told(Fault(""), body), POOL_ARN)
    table = headers_of(after)
    assert table["Access-Control-Allow-Methods"] == "'POST,GET,OPTIONS'"
    assert table["Access-Control-Allow-Headers"] == "'X-Amz-Date,Content-Type,Authorization'"


def headers_of(body: dict[str, Any]) -> dict[str, str]:
    response = body["Resources"]["ItemsOptions"]["Properties"]["Integration"]["IntegrationResponses"][0]
    return {name.rpartition(".")[2]: value for name, value in response["ResponseParameters"].items()}


@pytest.mark.parametrize(
    ("change", "cause", "deploys"),
    [
        (drops("Permission"), "int.no-permission", False),
        (sets("Permission", SourceArn="arn:aws:execute-api:eu-west-1:1:x/*"), "int.wrong-source-arn", False),
        (sets("ItemsOptions", AuthorizationType="AWS_IAM"), "preflight.iam", True),
    ],
)
def test_the_deployment_follows_what_it_holds_and_nothing_else(
    change: Any, cause: str, deploys: bool, tmp_path: Path
) -> None:
    body = template(ORIGIN)
    change(body, ORIGIN)
    done, after = apply_fix(tmp_path, body, told(Fault(""), body), POOL_ARN)
    assert cause in done.fixed
    assert (after["Resources"]["Deployment"].get("Metadata") == SNAPSHOT) is deploys


def two_apis() -> dict[str, Any]:
    """The zoo's API twice in one template."""
    body = template(ORIGIN)
    again = json.loads(
        json.dumps(template(ORIGIN)["Resources"])
        .replace("${Api}", "${OtherApi}")
        .replace("${Function.Arn}", "${OtherFunction.Arn}")
        .replace('"Ref": "', '"Ref": "Other')
        .replace('"Fn::GetAtt": ["', '"Fn::GetAtt": ["Other')
        .replace("Otherauth", "auth")
    )
    for name, resource in again.items():
        if "DependsOn" in resource:
            resource["DependsOn"] = [f"Other{one}" for one in resource["DependsOn"]]
        body["Resources"][f"Other{name}"] = resource
    return body


def test_another_api_of_the_template_stays_as_it_is(tmp_path: Path) -> None:
    body = two_apis()
    drops("ItemsOptions")(body, ORIGIN)
    before = {name: body["Resources"][name] for name in body["Resources"] if name.startswith("Other")}
    query = Query(origin=ORIGIN, path="/items", method="GET")
    done, text = fixed_in(tmp_path, json.dumps(body), query, "template.json")
    after = json.loads(text)["Resources"]
    assert done.fixed == ("preflight.no-options",)
    assert {name: after[name] for name in before} == before
    assert after["Deployment"]["Metadata"] == SNAPSHOT
    assert "ItemsGetOptions" in after["Deployment"]["DependsOn"]


def test_each_api_of_a_template_gets_gateway_responses_of_its_own(tmp_path: Path) -> None:
    body = two_apis()
    for name in ("", "Other"):
        body["Resources"][f"{name}ItemsGet"]["Properties"]["AuthorizationType"] = "AWS_IAM"
        for kind in ("4XX", "5XX"):
            del body["Resources"][f"{name}Default{kind}"]
        deployment = body["Resources"][f"{name}Deployment"]
        deployment["DependsOn"] = [one for one in deployment["DependsOn"] if "Default" not in one]
    query = Query(origin=ORIGIN, path="/items", method="GET", headers=(("authorization", "x"),))
    _, text = fixed_in(tmp_path, json.dumps(body), query, "template.json")
    found = [
        resource["Properties"]["RestApiId"]["Ref"]
        for resource in json.loads(text)["Resources"].values()
        if resource["Type"] == "AWS::ApiGateway::GatewayResponse"
    ]
    assert sorted(found) == ["Api", "OtherApi"]


OPENAPI = """Parameters:
  authusersUserPoolArn: {Type: String}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        VERSION
        info: {title: items, version: "1"}
        paths:
          /items:
            put:
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: PUT, uri: "https://example.com"}
"""


@pytest.mark.parametrize(
    ("version", "declared"),
    [("openapi: 3.0.1", {"schema": {"type": "string"}}), ('swagger: "2.0"', {"type": "string"})],
)
def test_headers_are_declared_as_the_documents_version_has_it(
    version: str, declared: dict[str, Any], tmp_path: Path
) -> None:
    done, after = fixed_in(tmp_path, OPENAPI.replace("VERSION", version), PUT)
    assert "preflight.no-options" in done.fixed
    body = yaml.safe_load(after)["Resources"]["Api"]["Properties"]["Body"]
    headers = body["paths"]["/items"]["options"]["responses"]["204"]["headers"]
    assert headers["Access-Control-Allow-Origin"] == declared
