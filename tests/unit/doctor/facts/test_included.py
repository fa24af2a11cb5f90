"""Files that a template includes from its own folder are read as if they stood in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.commands.doctor.sources import read_files
from accountsctl.doctor.facts.model import Api

URI = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Notes.Arn}/invocations"
CALLED = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": URI}}
DOCUMENT = {"openapi": "3.0.1", "paths": {"/notes": {"post": {"x-amazon-apigateway-integration": CALLED}}}}
FUNCTION = {
    "Type": "AWS::Serverless::Function",
    "Properties": {"Handler": "index.handler", "Runtime": "python3.12", "CodeUri": "code/"},
}


def include(location: object) -> dict[str, Any]:
    """What puts a file in."""
    return {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": location}}}


def template(kind: str, **properties: Any) -> dict[str, Any]:
    """A template with one API."""
    return {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {"Notes": FUNCTION, "Api": {"Type": kind, "Properties": properties}},
    }


def read(folder: Path, body: dict[str, Any]) -> Api:
    """The API of a template in a folder."""
    path = folder / "template.json"
    path.write_text(json.dumps(body), encoding="utf-8")
    (found,) = read_files([path])
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the document of an API."""
    (tmp_path / "api.yaml").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "body",
    [
        template("AWS::Serverless::Api", StageName="live", DefinitionBody=include("./api.yaml")),
        template("AWS::Serverless::Api", StageName="live", DefinitionUri="api.yaml"),
        template("AWS::Serverless::HttpApi", DefinitionBody=include("api.yaml")),
        template("AWS::ApiGateway::RestApi", Body=include("api.yaml")),
        template("AWS::ApiGateway::RestApi", BodyS3Location="api.yaml"),
        template("AWS::ApiGatewayV2::Api", Body=include("api.yaml")),
    ],
)
def test_routes_of_a_file_beside_the_template_are_known(folder: Path, body: dict[str, Any]) -> None:
    api = read(folder, body)
    assert list(api.routes) == ["/notes"]
    assert not api.partial
    method = api.routes["/notes"]["POST"]
    assert method.integration is not None
    assert method.integration.function == "Notes"


def test_a_part_of_a_document_is_put_beside_its_other_parts(folder: Path) -> None:
    (folder / "options.json").write_text(json.dumps({"options": {"responses": {}}}), encoding="utf-8")
    path = {**include("options.json"), "get": {"x-amazon-apigateway-integration": CALLED}}
    body = template(
        "AWS::Serverless::Api", StageName="live", DefinitionBody={"swagger": "2.0", "paths": {"/notes": path}}
    )
    assert set(read(folder, body).routes["/notes"]) == {"GET", "OPTIONS"}


@pytest.mark.parametrize(
    "location",
    ["s3://bucket/api.yaml", "absent.yaml", "code", {"Fn::Sub": "${Folder}/api.yaml"}, "list.yaml"],
)
def test_what_cannot_be_read_stays_unknown(folder: Path, location: object) -> None:
    (folder / "code").mkdir()
    (folder / "list.yaml").write_text("- a\n- b\n", encoding="utf-8")
    api = read(folder, template("AWS::Serverless::Api", StageName="live", DefinitionBody=include(location)))
    assert api.routes == {}
    assert api.partial
