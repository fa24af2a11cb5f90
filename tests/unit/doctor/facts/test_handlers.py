"""Code that is not followed sends its headers by code that was not followed; what is followed is read."""

from __future__ import annotations

from time import perf_counter

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
        (
            "index.js",
            "const serverless = require('serverless-http'); exports.handler = serverless(require('@company/app'));",
        ),
        ("index.js", "const middy = require('@middy/core'); exports.handler = middy(run).use(cors());"),
        ("index.mjs", "import { Hono } from 'hono'; export const handler = handle(app);"),
        (
            "index.py",
            "from aws_lambda_powertools.event_handler import CORSConfig\ndef handler(e, c): pass",
        ),
        (
            "index.py",
            "import awsgi\nfrom app import app\ndef handler(e, c): return awsgi.response(app, e, c)",
        ),
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


NOT_READABLE = {
    "index.js": (
        "const { ok } = require('./answers'); exports.handler = async () => ok([]);",
        "const { headers } = require('./cors'); exports.handler = async () => ({ statusCode: 200, headers });",
        "const c = require('./cors'); exports.handler = async () => ({ statusCode: 200, headers: { ...c } });",
        "const c = require('./cors'); exports.handler = async () => ({ ...c.base, statusCode: 200 });",
        "exports.handler = async () => ({ statusCode: 200, headers: { [process.env.NAME]: '*' } });",
        "exports.handler = async () => ({ statusCode: 200, headers: JSON.parse(process.env.HEADERS) });",
        "exports.handler = require('/opt/nodejs/wrap')(async () => ({ statusCode: 200 }));",
        "exports.handler = wrap(async () => ({ statusCode: 200 }));",
        "exports.handler = (event, context, callback) => callback(null, answers.good(200));",
        "exports.handler = async () => { const a = { statusCode: 200 }; a.headers[NAME] = '*'; return a; };",
        "exports.handler = async (e) => (e.body ? { statusCode: 400 } : answer(e));",
        "export const handler = answers.run;",
        "exports.handler = async (e) => { let h = {}; if (e) h = cors(e); return { statusCode: 200, headers: h } };",
        "exports.handler = async () => { const h = {}; h['A' + NAME] = '*'; return { statusCode: 200, headers: h }; };",
        "exports.handler = async () => { const h = {}; cors(h, 1); return { statusCode: 200, headers: h }; };",
        "exports.handler = async () => { const a = await build({ statusCode: 200 }); return a; };",
        "exports.handler = async () => { const a = build({ statusCode: 200 }); return (a); };",
        "exports.handler = async () => { const a = build({ statusCode: 200 }); return { ...a, body: '' }; };",
        "exports.handler = async () => { const a = { statusCode: 200 }; a.headers = cors(); return a; };",
        "exports.handler = async () => { const a = { statusCode: 200 }; a['headers'] = cors(); return a; };",
        "exports.handler = async () => { const a = { statusCode: 200 }; cors(a); return a; };",
        'exports.handler = async () => ({ "statusCode": 200, "headers": cors() });',
        "exports.handler = async (e) => { return e ? { statusCode: 200 } : other; };",
        "const handler = async () => ({ statusCode: 200 }); module.exports = { handler: cors(handler) };",
        "const w = c(async () => 1); const handler = async () => ({ statusCode: 200 }); exports.handler = w;",
    ),
    "index.py": (
        "from answers import answer\ndef handler(e, c):\n    return answer(200)",
        "from answers import *\ndef handler(e, c):\n    return answer(200)",
        "from cors import with_cors\n@with_cors\ndef handler(e, c):\n    return {'statusCode': 200}",
        "from cors import H\ndef handler(e, c):\n    return {'statusCode': 200, 'headers': {**H}}",
        "from cors import H\ndef handler(e, c):\n    return {'statusCode': 200, 'headers': H | {'x': 'y'}}",
        "from cors import H\ndef handler(e, c):\n    return dict(statusCode=200, headers=H)",
        "from cors import ANSWER\ndef handler(e, c):\n    return {**ANSWER, 'statusCode': 200}",
        "def handler(e, c):\n    a = {'statusCode': 200}\n    add_headers(a)\n    return a",
        "def handler(e, c):\n    a = {'statusCode': 200, 'headers': {}}\n    a['headers'][NAME] = '*'\n    return a",
        "def handler(e, c):\n    a = {'statusCode': 200}\n    a['headers'] = load()\n    return a",
        "import json\nH = json.load(open('h.json'))\ndef handler(e, c):\n    return {'statusCode': 200, 'headers': H}",
        "class Answers:\n    def __call__(self, e, c):\n        return self.build(e)\nhandler = Answers()",
        "def handler(e, c):\n    return {'statusCode': 400} if e else answer(e)",
        "def ok(headers=None):\n    headers = headers or {}\n    return {'statusCode': 200, 'headers': headers}\n"
        "def handler(e, c):\n    return ok(cors(e))",
        "def handler(e, c):\n    h = {'X-One': '1'}\n    if e:\n        h = cors(e)\n"
        "    return {'statusCode': 200, 'headers': h}",
        "h = {}\ndef ok(h):\n    return {'statusCode': 200, 'headers': h}\ndef handler(e, c):\n    return ok(cors(e))",
        "h = {}\ndef handler(e, c):\n    status, h = cors(e)\n    return {'statusCode': status, 'headers': h}",
        "h = {}\ndef handler(e, c):\n    with cors() as h:\n        return {'statusCode': 200, 'headers': h}",
        "def handler(e, c):\n    a = {'statusCode': 200, 'headers': {}}\n    add(a['headers'])\n    return a",
        "def handler(e, c):\n    a = {'statusCode': 200}\n    add(answer=a)\n    return a",
        "def handler(e, c):\n    return {'statusCode': 200}\nhandler = cors(handler)",
        "h = {}\ndef load():\n    global h\n    h = cors()\n"
        "def handler(e, c):\n    return {'statusCode': 200, 'headers': h}",
    ),
}


@pytest.mark.parametrize(
    ("file", "code"), [(file, code) for file, codes in NOT_READABLE.items() for code in codes]
)
def test_an_answer_that_is_not_built_in_the_open_may_have_any_header(file: str, code: str) -> None:
    assert read(file, code).allows is None


READABLE = {
    "index.js": (
        "exports.handler = async () => ({ statusCode: 200, headers: { 'Content-Type': 'text/plain' }, body: '' });",
        "const headers = { 'X-One': '1' }; exports.handler = async () => ({ statusCode: 200, headers });",
        "const H = { 'X-One': '1' }; export const handler = async (event) => ({ statusCode: 200, headers: H });",
        "const ok = (body) => ({ statusCode: 200, body }); exports.handler = async () => ok(JSON.stringify([]));",
        "module.exports.handler = function (event, context, done) { done(null, { statusCode: 200 }); };",
        "export async function handler(event) { return { statusCode: 200, body: event.headers.host }; }",
        "const handler = async () => ({ statusCode: 200 }); module.exports = { handler };",
        "const run = async () => ({ statusCode: 200 }); exports.handler = async (e) => run(e);",
        "exports.handler = async () => { const a = { statusCode: 200, headers: { x: 1 } }; a.body = ''; return a };",
    ),
    "index.py": (
        "def handler(e, c):\n    return {'statusCode': 200, 'headers': {'X-One': '1'}, 'body': ''}",
        "H = {'X-One': '1'}\ndef handler(e, c):\n    return {'statusCode': 200, 'headers': H}",
        "def ok(body):\n    return {'statusCode': 200, 'body': body}\ndef handler(e, c):\n    return ok('')",
        "def handler(e, c):\n    a = {'statusCode': 200}\n    print(a)\n    return a",
        "def handler(e, c):\n    a = {'statusCode': 200}\n    a['body'] = load()\n    return a",
        "async def handler(e, c):\n    return {'statusCode': 200} if e else {'statusCode': 400}",
        "def handler(e, c):\n    a = {'X-One': '1'}\n    a = a or {}\n    return {'statusCode': 200, 'headers': a}",
        "A = {'X-One': '1'}\ndef handler(e, c):\n    return {'statusCode': 200, 'headers': {**A, 'X-Two': '2'}}",
    ),
}


@pytest.mark.parametrize(
    ("file", "code"), [(file, code) for file, codes in READABLE.items() for code in codes]
)
def test_an_answer_that_is_built_in_the_open_has_no_other_header(file: str, code: str) -> None:
    assert read(file, code).allows == frozenset()


def test_functions_that_call_one_another_are_read_once() -> None:
    steps = "".join(
        f"def f{number}(e):\n    return f{number + 1}(e) if e else f{number + 1}(e)\n" for number in range(40)
    )
    code = f"{steps}def f40(e):\n    return {{'statusCode': 200}}\ndef handler(e, c):\n    return f0(e)"
    assert read("index.py", code).allows == frozenset()


@pytest.mark.parametrize(
    "part", ["function a() { return { headers: 1 } }\n", "const a : b \n", "const a = (b, \n", "{ a ... b, "]
)
def test_long_javascript_is_read_in_a_time_that_grows_with_its_length(part: str) -> None:
    begun = perf_counter()
    read("index.js", READABLE["index.js"][1] + part * 10_000)
    assert perf_counter() - begun < 5  # with the square of its length: half a minute


JAVASCRIPT = (
    "exports.handler = async (event) => {{ {} return {{ statusCode: 200, headers: {{ {} }}, body: '' }}; }};"
)
PYTHON = "def handler(event, context):\n    return {{'statusCode': 200, 'headers': {{{}}}, 'body': ''}}\n"
ORIGIN = "'Access-Control-Allow-Origin': 'https://app.example.com'"


ALLOWS_O = "'Access-Control-Allow-Origin': O"


@pytest.mark.parametrize(
    ("file", "code", "stated"),
    [
        (
            "index.js",
            JAVASCRIPT.format(
                "",
                f"{ORIGIN}, 'Access-Control-Allow-Methods': 'GET,POST', 'Access-Control-Allow-Credentials': '*'",
            ),
            ("GET,POST", "", "*"),
        ),
        (
            "index.js",
            JAVASCRIPT.format("", f"{ORIGIN}, 'Access-Control-Allow-Credentials': true"),
            ("", "", "true"),
        ),
        (
            "index.py",
            PYTHON.format(f"{ORIGIN}, 'Access-Control-Allow-Credentials': True"),
            ("", "", "true"),
        ),
        ("index.py", PYTHON.format(f"{ORIGIN}, 'Access-Control-Allow-Headers': 'X-Id'"), ("", "X-Id", "")),
    ],
)
def test_what_code_states_of_methods_headers_and_credentials_is_read(
    file: str, code: str, stated: tuple[str, str, str]
) -> None:
    found = read(file, code)
    assert (found.allow_methods, found.allow_headers, found.allow_credentials) == stated


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("index.js", JAVASCRIPT.format("", f"{ORIGIN}, 'Access-Control-Allow-Methods': process.env.METHODS")),
        ("index.js", JAVASCRIPT.format("", f"{ORIGIN}, 'Access-Control-Allow-Methods': 'GET,' + MORE")),
        ("index.js", JAVASCRIPT.format("", f"{ORIGIN}, 'Access-Control-Allow-Methods': `GET,${{MORE}}`")),
        (
            "index.py",
            PYTHON.format(f"{ORIGIN}, 'Access-Control-Allow-Methods': METHODS"),
        ),
        (
            "index.py",
            f"NAME = 'Access-Control-Allow-Methods'\n{PYTHON.format(f'{ORIGIN}, NAME: METHODS')}",
        ),
    ],
)
def test_methods_that_are_worked_out_are_not_known(file: str, code: str) -> None:
    assert read(file, code).allow_methods is None


def test_different_values_of_one_header_may_be_of_different_answers() -> None:
    code = PYTHON.format(f"{ORIGIN}, 'Access-Control-Allow-Credentials': 'true'") + PYTHON.format(
        f"{ORIGIN}, 'Access-Control-Allow-Credentials': 'false'"
    ).replace("handler", "other")
    assert read("index.py", code).allow_credentials is None


@pytest.mark.parametrize(
    ("file", "code", "allows"),
    [
        ("index.js", "const O = 'https://a.com';\n" + JAVASCRIPT.format("", ALLOWS_O), {"https://a.com"}),
        ("index.js", "const O = process.env.O;\n" + JAVASCRIPT.format("", ALLOWS_O), None),
        ("index.js", "const O = 'a' + B;\n" + JAVASCRIPT.format("", ALLOWS_O), None),
        ("index.py", "O = 'https://a.com'\n" + PYTHON.format(ALLOWS_O), {"https://a.com"}),
        ("index.py", "O = os.environ['O']\n" + PYTHON.format(ALLOWS_O), None),
        ("index.py", "O = 'https://a.com'\nif DEV:\n    O = '*'\n" + PYTHON.format(ALLOWS_O), None),
        ("index.py", "O = 'https://a.com'\ndef allow(O): pass\n" + PYTHON.format(ALLOWS_O), None),
    ],
)
def test_a_constant_is_read_where_a_header_has_its_name(
    file: str, code: str, allows: set[str] | None
) -> None:
    found = read(file, code)
    assert (found.allows, found.computed) == (allows and frozenset(allows), allows is None)
