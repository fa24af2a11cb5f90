"""Code that is not followed sends its headers by code that was not followed; what is followed is read."""

from __future__ import annotations

import pytest

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.handlers import read_handler

PLACE = SourcePlace(Layer.STATIC, "index")


def read(file: str, code: str) -> FunctionHandler:
    found = read_handler({file: code}, "index.handler", PLACE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("index.js", "const serverless = require('serverless-http'); exports.handler = serverless(app);"),
        ("index.js", "const middy = require('@middy/core'); exports.handler = middy(run).use(cors());"),
        ("index.mjs", "import { Hono } from 'hono'; export const handler = handle(app);"),
        (
            "index.py",
            "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\ndef handler(e, c): pass",
        ),
        ("index.py", "import awsgi\ndef handler(e, c): return awsgi.response(app, e, c)"),
        ("index.py", "def handler(e, c):\n    headers = {}\n    headers.update(MORE)\n    return headers"),
        ("index.py", "from .answers import answer\ndef handler(e, c): return answer(e['httpMethod'])"),
    ],
)
def test_what_is_not_followed_is_not_known(file: str, code: str) -> None:
    found = read(file, code)
    assert (found.allows, found.handles_options) == (None, None)


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (
            "index.js",
            "exports.handler = async () => ({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' } });",
        ),
        (
            "index.py",
            "def handler(e, c):\n    return {'statusCode': 200, 'headers': {'Access-Control-Allow-Origin': '*'}}",
        ),
    ],
)
def test_code_that_answers_all_requests_alike_answers_options(file: str, code: str) -> None:
    found = read(file, code)
    assert (found.allows, found.handles_options) == (frozenset({"*"}), True)


def test_code_that_looks_at_the_method_and_knows_no_options_does_not_answer_it() -> None:
    code = "exports.handler = async (event) => event.httpMethod === 'GET' ? { statusCode: 200 } : { statusCode: 405 };"
    found = read("index.js", code)
    assert (found.allows, found.handles_options) == (frozenset(), False)
