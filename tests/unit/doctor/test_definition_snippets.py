"""Code for what defines an API: the tool's own parser or translator takes it, and a page may then read the API."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.session import get_session
from botocore.validate import ParamValidator
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from samtranslator.public.translator import ManagedPolicyLoader
from samtranslator.translator.transform import transform

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.definition_snippets import (
    _OF_KIND,
    _OF_ONE,
    DefinedPart,
    definition_snippet,
)
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject as Known
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.api_gateway import ApiKind
from accountsctl.model.backend_tool import BackendTool, DefinitionTool

ORIGIN = "https://app.example.com"
CAUSES = {
    DefinedPart.REST: ("preflight.no-options", ApiKind.REST),
    DefinedPart.HTTP: ("httpapi.no-cors", ApiKind.HTTP),
    DefinedPart.URL: ("function-url.no-cors", ApiKind.FUNCTION_URL),
    DefinedPart.REFUSALS: ("gwresp.4xx", ApiKind.REST),
    DefinedPart.BUCKET: ("edge.s3-no-cors", ""),
}
EVERY = [(tool, subject) for tool in DefinitionTool for subject in DefinedPart]
CODE = """exports.handler = async () => ({ statusCode: 200, body: "", headers: {
  "Access-Control-Allow-Origin": "https://app.example.com", "Access-Control-Allow-Credentials": "true" } });"""

PLAIN_CODE = 'exports.handler = async () => ({ statusCode: 200, body: "" });'


def code(tool: DefinitionTool | None, subject: DefinedPart, *, credentials: bool = False) -> str:
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
    ask = PageRequest(
        ORIGIN, "/items", "PUT", url, credentials=credentials, stage="dev", backend=BackendTool(tool)
    )
    cause, kind = CAUSES[subject]
    return definition_snippet(cause, ask, kind, "abc123")


def parsed(tool: DefinitionTool, subject: DefinedPart, *, credentials: bool) -> Any:
    return yaml.load(code(tool, subject, credentials=credentials), Loader=_Loader)


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


_Loader.add_constructor("!Ref", lambda _, node: {"Ref": node.value})


@pytest.mark.parametrize(("tool", "subject"), EVERY)
def test_every_tool_has_every_text_filled_in(tool: DefinitionTool, subject: DefinedPart) -> None:
    with_cookies, without = code(tool, subject, credentials=True), code(tool, subject)
    for text in (with_cookies, without):
        assert text.startswith(("#", "//"))
        assert "<" not in text.replace("=>", "")
        assert ORIGIN in text
        assert max(map(len, text.splitlines())) <= 105
    assert "redentials" not in without
    assert ("redentials" in with_cookies) is (subject is not DefinedPart.BUCKET)


@pytest.mark.parametrize("tool", [DefinitionTool.SAM, DefinitionTool.CLOUDFORMATION])
@pytest.mark.parametrize("subject", DefinedPart)
def test_for_a_template_in_json_it_is_the_same_in_json(tool: DefinitionTool, subject: DefinedPart) -> None:
    cause, kind = CAUSES[subject]
    ask = PageRequest(ORIGIN, "/items", "PUT", credentials=True, backend=BackendTool(tool, is_json=True))
    text = definition_snippet(cause, ask, kind)
    members = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    assert text.startswith("# ")
    assert json.loads("{" + members + "}") == parsed(tool, subject, credentials=True)


def sam_resources(subject: DefinedPart, properties: Any) -> dict[str, Any]:
    function: dict[str, Any] = {"Runtime": "nodejs22.x", "Handler": "index.handler", "InlineCode": CODE}
    kind = {DefinedPart.HTTP: "HttpApi"}.get(subject, "Api")
    api = {"Type": f"AWS::Serverless::{kind}", "Properties": {"StageName": "dev", **properties}}
    if subject is DefinedPart.URL:
        # A URL's own headers and those of its code are both sent.
        function |= {
            "InlineCode": PLAIN_CODE,
            "FunctionUrlConfig": {"AuthType": "NONE", **properties},
        }
        return {"Items": {"Type": "AWS::Serverless::Function", "Properties": function}}
    event = {"Path": "/items", "Method": "put", "ApiId" if kind == "HttpApi" else "RestApiId": {"Ref": "Api"}}
    function["Events"] = {"Put": {"Type": kind, "Properties": event}}
    return {"Api": api, "Items": {"Type": "AWS::Serverless::Function", "Properties": function}}


@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize(
    "subject", [DefinedPart.REST, DefinedPart.HTTP, DefinedPart.URL, DefinedPart.REFUSALS]
)
def test_sams_own_translator_takes_it(
    subject: DefinedPart, credentials: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    body = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": sam_resources(subject, parsed(DefinitionTool.SAM, subject, credentials=credentials)),
    }
    made = json.dumps(transform(json.loads(json.dumps(body)), {}, ManagedPolicyLoader(None)))
    assert ORIGIN in made
    if subject is not DefinedPart.REFUSALS:
        assert page_reads(json.dumps(body), credentials=credentials)


def page_reads(template: str, *, credentials: bool) -> bool:
    """Whether a page's PUT passes, by the doctor's own judgement of the template."""
    (api,) = read_templates({"template.json": template})
    headers = (("content-type", "application/json"),)
    query = Query(origin=ORIGIN, path="/items", method="PUT", headers=headers, credentials=credentials)
    (ask,) = page_requests(api, query, ())
    return diagnose(Known((api,)), ask).outcome is DiagnosisOutcome.PASS


def cloudformation_resources(subject: DefinedPart, snippet: Any) -> dict[str, Any]:
    rest = {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": "items"}}}
    parent = {"Fn::GetAtt": ["Api", "RootResourceId"]}
    path = {"RestApiId": {"Ref": "Api"}, "ParentId": parent, "PathPart": "items"}
    function_url = {
        "AuthType": "NONE",
        "TargetFunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:items",
    }
    return {
        DefinedPart.REST: {**rest, "PathResource": {"Type": "AWS::ApiGateway::Resource", "Properties": path}},
        DefinedPart.REFUSALS: rest,
        DefinedPart.HTTP: {
            "Api": {
                "Type": "AWS::ApiGatewayV2::Api",
                "Properties": {"Name": "items", "ProtocolType": "HTTP", **snippet},
            }
        },
        DefinedPart.URL: {"Url": {"Type": "AWS::Lambda::Url", "Properties": {**function_url, **snippet}}},
        DefinedPart.BUCKET: {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": snippet}},
    }[subject] | (snippet if subject in (DefinedPart.REST, DefinedPart.REFUSALS) else {})


def errors(body: Any) -> list[str]:
    """What cfn-lint finds at fault."""
    found = lint(json.dumps(body), config=ManualArgs(regions=["eu-west-1"]))
    return [str(match) for match in found if match.rule.id.startswith("E")]


@pytest.mark.slow
@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize("subject", DefinedPart)
def test_cfn_lint_finds_no_fault(subject: DefinedPart, credentials: bool) -> None:
    snippet = parsed(DefinitionTool.CLOUDFORMATION, subject, credentials=credentials)
    body = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": cloudformation_resources(subject, snippet)}
    assert errors(body) == []


@pytest.mark.slow
@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize("subject", [DefinedPart.REFUSALS, DefinedPart.BUCKET])
def test_resources_of_serverless_are_those_of_cloudformation(subject: DefinedPart, credentials: bool) -> None:
    snippet = json.dumps(parsed(DefinitionTool.SERVERLESS, subject, credentials=credentials))
    resources = cloudformation_resources(subject, json.loads(snippet.replace("ApiGatewayRestApi", "Api")))
    assert errors({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources}) == []


@pytest.mark.parametrize("subject", [DefinedPart.REST, DefinedPart.HTTP, DefinedPart.URL])
def test_a_configuration_for_serverless_is_yaml_with_its_own_keys(subject: DefinedPart) -> None:
    """https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml"""
    config = parsed(DefinitionTool.SERVERLESS, subject, credentials=True)
    if subject is DefinedPart.REST:
        ((event,),) = [config]
        assert set(event["http"]) == {"path", "method", "cors"}
        assert set(event["http"]["cors"]) == {"origin", "headers", "allowCredentials"}
        assert (event["http"]["path"], event["http"]["method"]) == ("items", "put")
    else:
        cors = config["httpApi" if subject is DefinedPart.HTTP else "url"]["cors"]
        assert set(cors) == {"allowedOrigins", "allowedMethods", "allowedHeaders", "allowCredentials"}


@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize("subject", DefinedPart)
def test_cdks_code_is_valid(subject: DefinedPart, credentials: bool) -> None:
    text = code(DefinitionTool.CDK, subject, credentials=credentials)
    program = text if subject is DefinedPart.REFUSALS else f"use({{\n{text}\n}});"
    names = "apigateway, apigatewayv2, lambda, s3, api, use"
    checked = f"function stack({names}) {{\n{program}\n}}"
    subprocess.run(["node", "--check", "-"], input=checked, text=True, check=True)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="no Terraform")
@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize("subject", DefinedPart)
def test_terraform_reads_it(subject: DefinedPart, credentials: bool, tmp_path: Path) -> None:
    text = code(DefinitionTool.TERRAFORM, subject, credentials=credentials)
    if subject in (DefinedPart.HTTP, DefinedPart.URL):
        text = f'resource "x" "y" {{\n{text}\n}}\n'
    (tmp_path / "main.tf").write_text(text)
    subprocess.run(["terraform", "fmt", "-list=false", str(tmp_path)], check=True)


OPERATIONS = {
    DefinedPart.HTTP: [("apigatewayv2", "UpdateApi")],
    DefinedPart.REFUSALS: [("apigateway", "PutGatewayResponse")] * 2 + [("apigateway", "CreateDeployment")],
    DefinedPart.BUCKET: [("s3", "PutBucketCors")],
}
NAMES = {
    "--api-id": "ApiId",
    "--cors-configuration": "CorsConfiguration",
    "--rest-api-id": "restApiId",
    "--response-type": "responseType",
    "--response-parameters": "responseParameters",
    "--stage-name": "stageName",
    "--bucket": "Bucket",
}


@pytest.mark.parametrize("subject", [DefinedPart.HTTP, DefinedPart.BUCKET])
def test_a_command_that_drops_what_other_pages_need_says_so(subject: DefinedPart) -> None:
    assert "it replaces" in code(None, subject).partition("\naws")[0]


@pytest.mark.parametrize("credentials", [False, True])
@pytest.mark.parametrize("subject", OPERATIONS)
def test_a_command_of_the_aws_cli_is_one_that_aws_takes(subject: DefinedPart, credentials: bool) -> None:
    text = code(None, subject, credentials=credentials).replace("\\\n", "")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert len(lines) == len(OPERATIONS[subject])
    for line, (service, operation) in zip(lines, OPERATIONS[subject], strict=True):
        words = shlex.split(line)
        values = {NAMES[name]: value for name, value in zip(words[3::2], words[4::2], strict=True)}
        given = {
            ("CORSConfiguration" if service == "s3" and name == "CorsConfiguration" else name): (
                json.loads(value) if value.startswith("{") else value
            )
            for name, value in values.items()
        }
        shape = get_session().get_service_model(service).operation_model(operation).input_shape
        assert shape is not None
        report = ParamValidator().validate(given, shape)
        assert not report.has_errors(), report.generate_report()


def test_a_cause_that_the_definition_fixes_exists() -> None:
    assert {*_OF_KIND, *_OF_ONE} <= set(BY_ID)


def test_what_is_not_known_gets_no_code() -> None:
    make = partial(definition_snippet, "acam.missing", PageRequest(ORIGIN, "/items", backend=BackendTool()))
    assert make("", "") == ""
    assert "update-api" in make(ApiKind.HTTP, "")
    assert definition_snippet("auth.no-token", PageRequest(ORIGIN, "/"), ApiKind.REST) == ""
