"""What code imports decides what is read, and whether a framework that is not followed can send a CORS header."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.templates.handlers import read_handler
from accountsctl.model.backend_tool import Framework

ALLOWS = "'Access-Control-Allow-Origin': '*'"
POWERTOOLS = (
    "import json\nfrom aws_lambda_powertools.event_handler import APIGatewayRestResolver\n{}\n"
    "app = APIGatewayRestResolver()\ndef handler(event, context):\n    return app.resolve(event, context)\n"
)
EXPRESS = (
    "const express = require('express'); const serverless = require('serverless-http');\n{}\n"
    "const app = express(); app.get('/', (q, r) => r.json([])); exports.handler = serverless(app);"
)


def read(files: Mapping[str, str]) -> FunctionHandler:
    found = read_handler(files, "index.handler", SourcePlace(Layer.STATIC, "index"))
    assert found is not None
    return found


@pytest.mark.parametrize(
    "files",
    [
        {"index.py": POWERTOOLS.format("")},
        {"index.py": POWERTOOLS.format("from routes import items"), "routes.py": "import boto3\nitems = 1"},
        {"index.js": EXPRESS.format("")},
        {"index.js": EXPRESS.format("const r = require('./lib/r');"), "lib/r.js": "module.exports = 1;"},
        {"index.mjs": "import middy from '@middy/core';\nexport const handler = middy(async () => 1);"},
    ],
)
def test_a_framework_sends_no_header_where_nothing_has_to_do_with_cors(files: Mapping[str, str]) -> None:
    found = read(files)
    assert (found.allows, found.handles_options) == (frozenset(), False)


@pytest.mark.parametrize(
    "files",
    [
        {"index.py": POWERTOOLS.format("from company import middleware")},
        {"index.py": POWERTOOLS.format("from .routes import items")},
        {"index.py": POWERTOOLS.format("CORS = 1")},
        {
            "index.py": POWERTOOLS.format("from routes import items"),
            "routes.py": "H = 'Access-Control-Allow-Origin'",
        },
        {"index.py": POWERTOOLS.format("import importlib")},
        {"index.js": EXPRESS.format("const company = require('@company/web');")},
        {"index.js": EXPRESS.format("const more = require('./more');")},
        {"index.js": EXPRESS.format("require(process.env.PLUGIN);")},
        {"index.js": EXPRESS.format("const c = require('cors');")},
    ],
)
def test_a_framework_with_something_unknown_may_send_any_header(files: Mapping[str, str]) -> None:
    found = read(files)
    assert (found.allows, found.handles_options) == (None, None)


def test_files_that_the_handler_does_not_import_are_not_its_code() -> None:
    bare = "exports.handler = async () => ({ statusCode: 200, body: '' });"
    other = f"exports.handler = async () => ({{ statusCode: 200, headers: {{ {ALLOWS} }}, body: [1] }});"
    found = read({"index.js": bare, "other.js": other})
    assert (found.allows, found.malformed) == (frozenset(), None)
    imported = read({"index.js": f"const other = require('./other');{bare}", "other.js": other})
    assert (imported.allows, imported.malformed is None) == (frozenset("*"), False)
    unknown = read({"index.js": f"const other = require(process.env.X);{bare}", "other.js": other})
    assert unknown.allows == frozenset("*")


SOURCES = {
    "app/main.py": f"def handler(e, c):\n    return {{'statusCode': 200, 'headers': {{{ALLOWS}}}, 'body': ''}}"
}
PATH = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations"


@pytest.mark.parametrize(
    ("resource", "is_read"),
    [
        ({"Type": "AWS::Lambda::Function", "Properties": {"Code": "src"}}, True),
        ({"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "src"}}, True),
        ({"Type": "AWS::Lambda::Function", "Metadata": {"aws:asset:path": "src"}, "Properties": {}}, True),
        ({"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "s3://bucket/key"}}, False),
        ({"Type": "AWS::Lambda::Function", "Properties": {"Code": {"S3Bucket": "b", "S3Key": "src"}}}, False),
        ({"Type": "AWS::Lambda::Function", "Properties": {"Code": {"Ref": "Folder"}}}, False),
    ],
)
def test_code_in_a_folder_beside_the_template_is_read(resource: dict[str, object], *, is_read: bool) -> None:
    integration = {"type": "aws_proxy", "httpMethod": "POST", "uri": {"Fn::Sub": PATH}}
    body = {"openapi": "3.0.1", "paths": {"/x": {"get": {"x-amazon-apigateway-integration": integration}}}}
    properties = {"Runtime": "python3.13", "Handler": "app.main.handler", **resource["Properties"]}  # type: ignore[dict-item]
    resources = {
        "Fn": {**resource, "Properties": properties},
        "Api": {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Body": body}},
    }
    text = json.dumps({"Resources": resources, "Parameters": {"Folder": {"Type": "String"}}})

    def folder(template: str, location: str) -> Mapping[str, str]:
        return SOURCES if (template, location) == ("shop/t.json", "src") else {}

    (api,) = read_templates({"shop/t.json": text}, sources=folder)
    handler = api.functions["Fn"].handler
    assert (handler is not None) is is_read
    assert handler is None or (handler.place.source, handler.allows) == (
        "shop/src/app/main.py",
        frozenset("*"),
    )


@pytest.mark.parametrize(
    ("code", "framework"),
    [
        (POWERTOOLS.format(""), Framework.POWERTOOLS),
        (
            "from fastapi import FastAPI\nfrom mangum import Mangum\nhandler = Mangum(FastAPI())",
            Framework.FASTAPI,
        ),
        (
            "import awsgi\nfrom flask import Flask\ndef handler(e, c): return awsgi.response(A, e, c)",
            Framework.FLASK,
        ),
        ("from chalice import Chalice\nhandler = Chalice()", Framework.OTHER),
        ("def handler(e, c): return {'statusCode': 200}", None),
    ],
)
def test_the_framework_that_answers_is_known_by_what_code_imports(
    code: str, framework: Framework | None
) -> None:
    assert read({"index.py": code}).framework is framework
