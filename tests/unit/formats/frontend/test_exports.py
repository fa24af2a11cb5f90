"""What an export says of an API's authorization, and how a .env file carries any value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.frontend.api_template import authorizations
from accountsctl.formats.frontend.exports import Deployed, Format, aws_exports, exported
from accountsctl.model.errors import UsageError


def deployed(template: dict[str, Any] | None = None, **values: str) -> Deployed:
    """An environment with one API, and one custom resource with `values` as its outputs."""
    return Deployed(
        environment="dev",
        region="eu-west-1",
        outputs={"api/web": {"RootUrl": "https://web.example/dev"}, "queue/jobs": values},
        templates={"api/web": template or {}},
    )


def of_methods(**kinds: Any) -> dict[str, Any]:
    return {
        "Resources": {
            verb: {
                "Type": "AWS::ApiGateway::Method",
                "Properties": {"HttpMethod": verb, "AuthorizationType": kind},
            }
            for verb, kind in kinds.items()
        }
    }


def of_document(operations: dict[str, Any], schemes: dict[str, Any], **rest: Any) -> dict[str, Any]:
    body = {"swagger": "2.0", "paths": {"/a": operations}, "securityDefinitions": schemes, **rest}
    return {"Resources": {"Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}}}}


SIGNED = {"sigv4": {"type": "apiKey", "name": "Authorization", "x-amazon-apigateway-authtype": "awsSigv4"}}
COGNITO = {"pool": {"type": "apiKey", "x-amazon-apigateway-authtype": "cognito_user_pools"}}
KEY = {"key": {"type": "apiKey", "name": "x-api-key", "in": "header"}}


@pytest.mark.parametrize(
    ("template", "kinds"),
    [
        (of_methods(GET="AWS_IAM", OPTIONS="NONE"), {"AWS_IAM"}),
        (of_methods(GET="NONE", POST="COGNITO_USER_POOLS"), {"NONE", "COGNITO_USER_POOLS"}),
        (of_methods(GET={"Ref": "Kind"}, POST="NONE"), None),
        ({"Resources": {"R": {"Type": "AWS::ApiGateway::RestApi"}}}, None),
        (of_document({"get": {"security": [{"sigv4": []}]}, "options": {}}, SIGNED), {"AWS_IAM"}),
        (
            of_document({"get": {}, "parameters": []}, COGNITO, security=[{"pool": []}]),
            {"COGNITO_USER_POOLS"},
        ),
        (of_document({"get": {"security": []}}, COGNITO, security=[{"pool": []}]), {"NONE"}),
        (of_document({"get": {"security": [{"key": []}]}}, KEY), {"NONE"}),
        (of_document({"get": {"security": [{"key": [], "sigv4": []}]}}, {**KEY, **SIGNED}), {"AWS_IAM"}),
        (of_document({"get": {"x-amazon-apigateway-auth": {"type": "AWS_IAM"}}}, {}), {"AWS_IAM"}),
        (of_document({"get": {"security": [{"unknown": []}]}}, {}), None),
        (
            {
                "Resources": {
                    "Api": {
                        "Type": "AWS::ApiGateway::RestApi",
                        "Properties": {"Body": {"Fn::Transform": {"Name": "AWS::Include"}}},
                    }
                }
            },
            None,
        ),
    ],
)
def test_the_authorization_is_read_where_it_stands_and_not_guessed_where_it_does_not(
    template: dict[str, Any], kinds: set[str] | None
) -> None:
    assert authorizations(template) == kinds


def test_an_authorization_that_is_not_told_is_left_out_and_never_called_none() -> None:
    (api,) = aws_exports(deployed({"Resources": {}}))["aws_cloud_logic_custom"]
    assert "authorizationType" not in api
    (api,) = aws_exports(deployed(of_methods(GET="AWS_IAM")))["aws_cloud_logic_custom"]
    assert api["authorizationType"] == "AWS_IAM"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_value_of_an_output_becomes_another_line_of_a_dotenv_file(value: str) -> None:
    try:
        text = exported(deployed(Note=value), Format.DOTENV)
    except UsageError:
        assert "'" in value
        return
    before, _, rest = text.partition("QUEUE_JOBS_NOTE=")
    assert rest.removesuffix("\n") in (value, f"'{value}'", f'"{value}"')
    assert rest[0] in "'\"" or "\n" not in value
    assert "'" not in value or "\n" not in value
    assert json.loads(exported(deployed(Note=value), Format.JSON))["outputs"]["queue/jobs"]["Note"] == value
    assert before.count("\n") == 3


def test_a_plain_value_stays_unquoted_for_readers_that_know_no_quotes() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    text = exported(deployed(Arn=arn, Note="two words # no comment", Name="it's"), Format.DOTENV)
    assert f"QUEUE_JOBS_ARN={arn}\n" in text
    assert "QUEUE_JOBS_NOTE='two words # no comment'\n" in text
    assert 'QUEUE_JOBS_NAME="it\'s"\n' in text
