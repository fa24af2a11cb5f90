"""What a function gives that is not a valid proxy response, and errors without the header that other answers have.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

import pytest

from tests.unit.doctor.facts.test_handlers import read


@pytest.mark.parametrize(
    ("answer", "wrong", "wrong_for_rest"),
    [
        ("{statusCode: 200, body: {items: []}}", True, False),
        ("{statusCode: 200, body: [1, 2]}", True, False),
        ("{statusCode: 'OK', body: ''}", True, False),
        ("{statusCode: 200, cookies: ['a=b'], body: ''}", False, True),
        ("{statusCode: 200, header: {}, body: ''}", False, True),
        ("{statusCode: '200', body: [1, 2].join(',')}", False, False),
        ("{statusCode: 200, body: `{${a}, b}`, headers: {'a': '}'}}", False, False),
        ("{statusCode: 200, body: JSON.stringify({a: 1}), ...more}", False, False),
        ("{statusCode: 200, body, isBase64Encoded: false}", False, False),
    ],
)
def test_an_answer_of_javascript_that_is_not_a_valid_proxy_response_is_seen(
    answer: str, *, wrong: bool, wrong_for_rest: bool
) -> None:
    for code in (
        f"exports.handler = async (event) => ({answer});",
        f"exports.handler = (event, context, callback) => {{ callback(null, {answer}); }};",
        f"export const handler = async (event) => {{ return {answer}; }};",
    ):
        found = read("index.js", code)
        assert (found.malformed is not None, found.unknown_to_rest is not None) == (wrong, wrong_for_rest)


REFUSED_BY_REST = {
    "index.js": (
        "exports.handler = async () => 1;",
        "exports.handler = async (event) => { console.log(event); };",
        "export const handler = async (event) => { return JSON.stringify({ statusCode: 200, body: '' }); };",
        "exports.handler = (event, context, callback) => { callback(null, 'done'); };",
        "exports.handler = async (event, context, callback) => {\n"
        "  db.get({}, (error, row) => { callback(null, { statusCode: 200, body: '' }); });\n};",
        "exports.handler = async (event, context, callback) => {\n"
        "  setTimeout(() => callback(null, { statusCode: 200, body: '' }), 9);\n};",
        "exports.handler = async (event) => {\n"
        "  db.query('select 1', function (error, rows) { return { statusCode: 200, body: '' }; });\n};",
        "exports.handler = async () => ({ statusCode: 200, headers: { 'X-One': ['1'] }, body: '' });",
        "exports.handler = async () => ({ statusCode: 200, multiValueHeaders: { 'X-One': '1' }, body: '' });",
    ),
    "index.py": (
        "def handler(event, context):\n    print(event)",
        "def handler(event, context):\n    return json.dumps({'statusCode': 200})",
        "def handler(event, context):\n    return 'ok' if not event else []\n    return",
        "def handler(event, context):\n    return {'statusCode': 200, 'headers': {'X-One': ['1']}, 'body': ''}",
        "def handler(event, context):\n    return {'statusCode': 200, 'multiValueHeaders': {'X-One': '1'}}",
    ),
}
TAKEN_BY_REST = {
    "index.js": (
        "exports.handler = async (e) => { if (e.source === 'warm') { return 'warm'; } return run(e); };",
        "exports.handler = async (e) => { if (e.warm) return 'warm'; return { statusCode: 200, body: '' }; };",
        "exports.handler = async (e, c, callback) => { callback(null, { statusCode: 200, body: '' }); };",
        "exports.handler = wrap(async () => 1);",
        "exports.handler = async (e, c, callback) => { ids.forEach((id) => { callback(null, A); }); };",
        "exports.handler = async (e) => { const a = ids.map((id) => { return id; }); return run(a); };",
        "exports.handler = async (e, c, done) => { await new Promise((r) => setTimeout(r, 1)); done(null, A); };",
        "exports.handler = async () => ({ statusCode: 200, multiValueHeaders: { 'X-One': ['1'] }, body: '' });",
    ),
    "index.py": (
        "def handler(event, context):\n    if event.get('warm'):\n        return 'warm'\n    return run(event)",
        "def handler(event, context):\n    raise ValueError",
        "from lib import wrap\n@wrap\ndef handler(event, context):\n    return []",
        "def handler(event, context):\n    return {'statusCode': 200, 'multiValueHeaders': {'X-One': ['1']}}",
    ),
}


@pytest.mark.parametrize(
    ("file", "code", "is_refused"),
    [
        (file, code, is_refused)
        for is_refused, table in ((True, REFUSED_BY_REST), (False, TAKEN_BY_REST))
        for file, codes in table.items()
        for code in codes
    ],
)
def test_an_answer_that_a_rest_api_refuses_is_seen_where_no_other_is_given(
    file: str, code: str, *, is_refused: bool
) -> None:
    assert (read(file, code).unknown_to_rest is not None) is is_refused


@pytest.mark.parametrize(
    ("code", "is_bare"),
    [
        ("callback(null, { statusCode: 500, body: '' });", True),
        ("callback(null, { statusCode: 204, body: '' });", False),
        ("callback(null, { statusCode: 500, headers, body: '' });", False),
        ("callback(null, wrap({ statusCode: 500, body: '' }));", False),
    ],
)
def test_an_error_of_javascript_without_the_header_of_the_others_is_seen(code: str, *, is_bare: bool) -> None:
    found = read(
        "index.js",
        "const headers = { 'Access-Control-Allow-Origin': '*' };\n"
        f"exports.handler = (event, context, callback) => {{ if (event.body) {{ {code} return; }}\n"
        "return callback(null, { statusCode: 200, headers, body: '' }); };",
    )
    assert (found.bare_errors is not None) is is_bare


def test_an_object_of_another_function_may_be_no_answer() -> None:
    code = "const fail = (why) => ({statusCode: 400, why});\nexports.handler = async () => answer(fail('x'));"
    assert read("index.js", code).unknown_to_rest is None


@pytest.mark.parametrize(
    ("code", "is_broken"),
    [
        ("exports.main = async () => ({ statusCode: 200 });", True),
        ("export const main = async () => ({ statusCode: 200 });", True),
        ("module.exports = { main: async () => ({ statusCode: 200 }) };", True),
        ("module.exports = { handler: async () => ({ statusCode: 200 }) };", False),
        ("module.exports = require('./main');", False),
        ("module.exports = { ...require('./main') };", False),
        ("export * from './main.mjs';", False),
        ("register(exports, './main');", False),
        ("Object.assign(exports, { main: 1 });", False),
    ],
)
def test_javascript_that_does_not_export_the_handler_cannot_be_called(code: str, *, is_broken: bool) -> None:
    assert (read("index.js", code).broken is not None) is is_broken


@pytest.mark.parametrize(
    ("file", "code", "refused"),
    [
        ("index.js", "exports.handler = async () => ({ message: 'hi' });", True),
        # REST APIs give 200 for headers alone: localstack, test_lambda_aws_proxy_response_format.
        ("index.js", "exports.handler = async () => ({ headers: { 'X-One': '1' }, body: '' });", False),
        ("index.js", "exports.handler = async () => ({ status: 200, body: '' });", True),
        ("index.js", "const body = '[]'; exports.handler = async () => ({ body });", False),
        ("index.py", "def handler(event, context):\n    return {'headers': {'X-One': '1'}}", False),
        ("index.py", "def handler(event, context):\n    return {'message': event['body']}", True),
        ("index.js", "exports.handler = async () => { return JSON.stringify([1]); };", True),
        ("index.js", "exports.handler = async () => { const out = {statuscde: 200}; return out; };", True),
        ("index.js", "exports.handler = async () => { const out = await read(); return out; };", False),
        ("index.js", "const {reply} = require('./x'); exports.handler = async () => reply(1);", False),
        ("index.py", "def handler(event, context):\n    return {'message': 'hi'}", True),
        (
            "index.py",
            "def answer(code):\n    return {'statueCode': code}\ndef handler(e, c):\n    return answer(1)",
            True,
        ),
        ("index.py", "from x import answer\ndef handler(event, context):\n    return answer(1)", False),
        ("index.py", "def handler(event, context):\n    return {'statusCode': 200}", False),
    ],
)
def test_answers_that_are_all_written_out_with_other_keys_alone_are_refused_by_a_rest_api(
    file: str, code: str, *, refused: bool
) -> None:
    assert (read(file, code).unknown_to_rest is not None) == refused
