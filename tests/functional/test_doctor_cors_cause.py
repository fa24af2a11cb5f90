"""`doctor cors --fix` of an API with an OpenAPI document for signers, in a project with an imported pool."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.doctor_cors import STATIC, cors, reported

ALLOW = "method.response.header.Access-Control-Allow-"
ALLOWED = {f"{ALLOW}Origin": "'*'", f"{ALLOW}Headers": "'Authorization'", f"{ALLOW}Methods": "'GET,OPTIONS'"}
LAMBDA = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${functionhelloArn}/invocations"
CODE = 'exports.handler = async () => ({statusCode: 200, headers: {"Access-Control-Allow-Origin": "*"}, body: "1"});'
DOCUMENTS = {
    "swagger": ({"swagger": "2.0"}, "securityDefinitions"),
    "openapi": ({"openapi": "3.0.1"}, "components"),
}


def document(kind: str) -> dict[str, Any]:
    version, _ = DOCUMENTS[kind]
    signed = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "awsSigv4",
    }
    schemes: dict[str, Any] = (
        {"securityDefinitions": {"sigv4": signed}}
        if kind == "swagger"
        else {"components": {"securitySchemes": {"sigv4": signed}}}
    )
    call = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": LAMBDA}}
    mock = {
        "type": "mock",
        "requestTemplates": {"application/json": '{"statusCode": 200}'},
        "responses": {"default": {"statusCode": "200", "responseParameters": ALLOWED}},
    }
    paths = {
        "/items": {
            "get": {"responses": {}, "security": [{"sigv4": []}], "x-amazon-apigateway-integration": call},
            "options": {"responses": {}, "x-amazon-apigateway-integration": mock},
        }
    }
    return {**version, "info": {"title": "web", "version": "1"}, "paths": paths, **schemes}


def api(kind: str) -> dict[str, Any]:
    """The template of an API whose every method is for signers, as Amplify makes it."""
    return {
        "Parameters": {name: {"Type": "String"} for name in ("env", "functionhelloName", "functionhelloArn")},
        "Resources": {
            "web": {
                "Type": "AWS::ApiGateway::RestApi",
                "Properties": {"Name": "web", "Body": document(kind)},
            },
            "MayCall": {
                "Type": "AWS::Lambda::Permission",
                "Properties": {
                    "FunctionName": {"Ref": "functionhelloName"},
                    "Action": "lambda:InvokeFunction",
                    "Principal": "apigateway.amazonaws.com",
                },
            },
            "Deploy": {
                "Type": "AWS::ApiGateway::Deployment",
                "Properties": {"RestApiId": {"Ref": "web"}, "StageName": {"Ref": "env"}},
            },
        },
        "Outputs": {"ApiId": {"Value": {"Ref": "web"}}},
    }


@pytest.fixture(params=DOCUMENTS)
def project(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An imported pool, a function, and an API whose every method is for signers, as Amplify makes them."""
    needs = {"category": "function", "resourceName": "hello", "attributes": ["Name", "Arn"]}
    files: dict[str, Any] = {
        "backend-config.json": {
            "auth": {"users": {"service": "Cognito", "serviceType": "imported"}},
            "function": {"hello": {"service": "Lambda"}},
            "api": {"web": {"service": "API Gateway", "dependsOn": [needs]}},
        },
        "amplify/.config/project-config.json": {"projectName": "shop", "version": "3.1"},
        "amplify/.config/local-env-info.json": {"envName": "dev"},
        "amplify/environments/dev.json": {
            "cloud": "local",
            "region": "eu-west-1",
            "stackName": "shop-dev",
            "imported": {"auth": {"users": {"UserPoolId": "eu-west-1_Case00001", "AppClientIDWeb": "web"}}},
        },
        "amplify/backend/auth/users/parameters.json": {},
        "amplify/backend/function/hello/parameters.json": {"runtime": "nodejs22.x"},
        "amplify/backend/function/hello/src/index.js": CODE,
        "amplify/backend/api/web/template.json": api(request.param),
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=2))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_evidence_stands_in_the_source_and_not_in_what_was_rendered(project: Path) -> None:
    report = reported(cors("--json", *STATIC))
    assert report["rootCause"]["id"] == "auth.iam-not-cognito"
    (evidence,) = report["evidence"]
    file = project / evidence["source"]
    assert file == project / "amplify/backend/api/web/template.json"
    assert '"security"' in file.read_text().splitlines()[evidence["line"] - 1]


def test_the_cause_is_fixed_with_the_pool_and_what_passes_it(project: Path) -> None:
    result = cors("--fix", "--apply", "--header", "Authorization", *STATIC)
    assert result.exit_code == 0, result.stderr
    assert "Fixed auth.iam-not-cognito, gwresp.4xx." in result.stderr
    body = json.loads((project / "amplify/backend/api/web/template.json").read_text())
    assert body["Parameters"]["authusersUserPoolArn"] == {"Type": "String"}
    edges = json.loads((project / "backend-config.json").read_text())["api"]["web"]["dependsOn"]
    assert edges[-1] == {"category": "auth", "resourceName": "users", "attributes": ["UserPoolArn"]}
    assert cors(*STATIC).exit_code == 0


def test_an_api_for_signers_is_given_to_the_users_of_a_pool_only_when_a_token_is_stated(
    project: Path,
) -> None:
    files = [project / "amplify/backend/api/web/template.json", project / "backend-config.json"]
    before = [file.read_bytes() for file in files]
    result = cors("--fix", "--apply", *STATIC)
    assert result.exit_code == 1
    assert [file.read_bytes() for file in files] == before
    assert "Not fixed: auth.iam-not-cognito." in result.stderr
    assert "--header Authorization" in result.stderr


def depend_on_pool(project: Path) -> None:
    file = project / "backend-config.json"
    backend = json.loads(file.read_text())
    edge = {"category": "auth", "resourceName": "users", "attributes": ["UserPoolId"]}
    backend["api"]["web"]["dependsOn"].append(edge)
    file.write_text(json.dumps(backend))
    template = project / "amplify/backend/api/web/template.json"
    body = json.loads(template.read_text())
    body["Parameters"]["authusersUserPoolId"] = {"Type": "String"}
    template.write_text(json.dumps(body))


def test_an_api_that_depends_on_a_pool_is_for_the_users_of_the_pool(project: Path) -> None:
    depend_on_pool(project)
    result = cors("--fix", "--apply", *STATIC)
    assert result.exit_code == 0, result.stderr
    assert "Fixed auth.iam-not-cognito" in result.stderr


def with_identity_pool(project: Path) -> None:
    """Let the users of the pool have AWS credentials, and the API depend on the pool, as Amplify does for groups."""
    environment = project / "amplify/environments/dev.json"
    stated = json.loads(environment.read_text())
    stated["imported"]["auth"]["users"]["IdentityPoolId"] = "eu-west-1:00000000-0000-0000-0000-000000000001"
    environment.write_text(json.dumps(stated))
    depend_on_pool(project)


def test_users_with_an_identity_pool_sign_and_so_an_api_for_signers_is_healthy(project: Path) -> None:
    with_identity_pool(project)
    result = cors(*STATIC)
    assert result.exit_code == 0, result.stdout
    named = cors("--json", "--header", "Authorization", *STATIC)
    assert reported(named)["rootCause"]["id"] == "auth.iam-not-cognito"


def test_a_function_that_needs_claims_wants_tokens_of_users_that_could_sign(project: Path) -> None:
    with_identity_pool(project)
    want_claims(project)
    assert reported(cors("--json", *STATIC))["rootCause"]["id"] == "auth.iam-not-cognito"


def test_an_api_with_an_authorizer_of_a_pool_is_for_the_users_of_the_pool(project: Path) -> None:
    template = project / "amplify/backend/api/web/template.json"
    body = json.loads(template.read_text())
    described = body["Resources"]["web"]["Properties"]["Body"]
    schemes = described.get("securityDefinitions") or described["components"]["securitySchemes"]
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Case00001"
    schemes["Users"] = {
        "type": "apiKey",
        "name": "Authorization",
        "in": "header",
        "x-amazon-apigateway-authtype": "cognito_user_pools",
        "x-amazon-apigateway-authorizer": {"type": "cognito_user_pools", "providerARNs": [pool]},
    }
    template.write_text(json.dumps(body))
    result = cors("--fix", "--apply", *STATIC)
    assert "Fixed auth.iam-not-cognito" in result.stderr


def want_claims(project: Path) -> None:
    source = project / "amplify/backend/function/hello/src/index.js"
    source.write_text(
        CODE.replace("async () =>", "async (event) => event.requestContext.authorizer.claims.sub &&")
    )


def test_a_function_that_needs_claims_says_that_its_callers_have_tokens(project: Path) -> None:
    want_claims(project)
    result = cors("--fix", "--apply", *STATIC)
    assert result.exit_code == 0, result.stderr
    assert "Fixed auth.iam-not-cognito" in result.stderr


def test_what_cannot_be_fixed_is_said_and_nothing_else_is_changed(project: Path) -> None:
    source = project / "amplify/backend/function/hello/src/index.js"
    source.write_text('exports.handler = async () => ({statusCode: 200, body: "1"});')
    template = project / "amplify/backend/api/web/template.json"
    result = cors("--fix", "--apply", "--header", "Authorization", *STATIC)
    assert result.exit_code == 1
    assert "Not fixed: acao.missing-actual." in result.stderr
    assert "GatewayResponse" not in template.read_text()


def test_code_to_paste_is_in_the_language_of_the_function_and_for_the_page(project: Path) -> None:
    source = project / "amplify/backend/function/hello/src/index.js"
    source.write_text('exports.handler = async () => ({statusCode: 200, body: "1"});')
    assert cors("--fix", "--apply", "--header", "Authorization", *STATIC).exit_code == 1
    lines = cors(*STATIC).stdout.splitlines()
    helper = next(line for line in lines if "const headers = " in line)
    assert helper.endswith('{"Access-Control-Allow-Origin": "http://localhost:4200", "Vary": "Origin"};')
    assert any("const respond = " in line for line in lines)
