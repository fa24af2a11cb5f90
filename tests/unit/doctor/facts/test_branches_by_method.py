"""Code is read as it runs for the method of the request: what other methods get is not held against it, nor for it."""

from __future__ import annotations

import pytest

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.handlers import read_handler

PLACE = SourcePlace(Layer.STATIC, "index")
ORIGIN = "'Access-Control-Allow-Origin': '*'"
JS_ANSWERS = f"""
const cors = {{ {ORIGIN} }};
const yes = () => ({{ statusCode: 200, headers: cors, body: '' }});
function no() {{ return {{ statusCode: 405, body: '' }}; }}
exports.handler = async (event) => {{ %s }};
"""
PY_ANSWERS = f"""
CORS = {{{ORIGIN}}}
def yes():
    return {{"statusCode": 200, "headers": CORS, "body": ""}}
def no():
    return {{"statusCode": 405, "body": ""}}
def handler(event, context):
    method = event["httpMethod"]
%s
"""
JAVASCRIPT = (
    "if (event.httpMethod === 'GET') { return yes(); } return no();",
    "if (event.httpMethod !== 'GET')\n  return no();\nreturn yes();",
    "if ('GET' == event.requestContext.http.method) return yes()\nelse return no()",
    "if (event.httpMethod === 'POST') { return no(); } else if (event.httpMethod === 'GET') { return yes(); }"
    " else { return no(); }",
    "if (event.httpMethod === 'PUT' || event.httpMethod === 'POST') { return no(); }"
    " if (['DELETE', 'OPTIONS', 'PATCH'].includes(event.httpMethod)) return no(); return yes();",
    "switch (event.httpMethod) { case 'PUT': case 'POST': return no(); case 'GET': return yes();"
    " default: return no(); }",
    "switch (event.httpMethod) {\n case 'GET':\n  console.log('}');\n  return yes();\n default:\n  return no();\n}",
    "return event.httpMethod === 'GET' ? yes() : no();",
    "const method = (event.httpMethod || event.requestContext.http.method); if (method.toUpperCase() === 'GET')"
    " return yes(); return no();",
)
PYTHON = (
    "if method == 'GET':\n    return yes()\nreturn no()",
    "if not method == 'GET':\n    return no()\nreturn yes()",
    "if method in ('PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'):\n    return no()\nelse:\n    return yes()",
    "if method == 'POST' or 'PUT' == method:\n    return no()\nelif event.get('httpMethod', '') == 'GET':\n"
    "    return yes()\nreturn no()",
    "match method:\n    case 'POST' | 'PUT':\n        return no()\n    case 'GET':\n        return yes()\n"
    "    case _:\n        return no()",
    "return yes() if (event.get('httpMethod') or event['requestContext']['http']['method']) == 'GET' else no()",
)


def read(code: str, file: str) -> FunctionHandler:
    found = read_handler({file: code}, "index.handler", PLACE)
    assert found is not None
    return found


def indented(body: str) -> str:
    return "\n".join(f"    {line}" for line in body.splitlines())


EVERY = (
    *((JS_ANSWERS % body, "index.js") for body in JAVASCRIPT),
    *((PY_ANSWERS % indented(body), "index.py") for body in PYTHON),
)


@pytest.mark.parametrize(("code", "file"), EVERY)
def test_each_method_has_the_answers_of_its_own_branch(code: str, file: str) -> None:
    found = read(code, file)
    answers = {verb: found.for_verb(verb) for verb in ("GET", "POST", "DELETE")}
    if "'POST'" not in code:
        del answers["POST"]
    assert answers.pop("GET").allows == frozenset("*")
    assert {answer.allows for answer in answers.values()} == {frozenset()}
    assert {answer.handles_options for answer in answers.values()} == {False}


@pytest.mark.parametrize(
    ("code", "file"),
    [
        (JS_ANSWERS % "if (event.path === '/x') return yes(); return no();", "index.js"),
        (JS_ANSWERS % "if (event.path || event.httpMethod === 'GET') return yes(); return no();", "index.js"),
        (
            JS_ANSWERS % "if (!(event.path && event.httpMethod === 'GET')) return yes(); return no();",
            "index.js",
        ),
        (JS_ANSWERS % "return event.path && event.httpMethod === 'POST' ? no() : yes();", "index.js"),
        (
            PY_ANSWERS % "    if event['path'] or method == 'GET':\n        return yes()\n    return no()",
            "index.py",
        ),
        (
            PY_ANSWERS % "    match method:\n        case 'POST' if event['path']:\n            return no()\n"
            "        case _:\n            return yes()",
            "index.py",
        ),
    ],
)
def test_what_another_condition_decides_may_have_both_answers(code: str, file: str) -> None:
    assert read(code, file).for_verb("POST").allows == frozenset("*")


@pytest.mark.parametrize(
    ("code", "file"),
    [
        (
            JS_ANSWERS
            % "if (event.httpMethod === 'OPTIONS') return { statusCode: 404, body: '' }; return yes();",
            "index.js",
        ),
        (
            PY_ANSWERS % "    if method == 'OPTIONS':\n        return {'statusCode': 404}\n    return yes()",
            "index.py",
        ),
    ],
)
def test_a_branch_for_options_that_refuses_does_not_answer_it(code: str, file: str) -> None:
    found = read(code, file).for_verb("OPTIONS")
    assert (found.allows, found.status, found.handles_options) == (frozenset(), 404, False)


def test_code_that_answers_every_other_method_with_the_header_answers_options() -> None:
    code = PY_ANSWERS % "    if method == 'GET':\n        raise ValueError\n    return yes()"
    assert read(code, "index.py").for_verb("OPTIONS").handles_options is True


@pytest.mark.parametrize(
    ("code", "file"),
    [
        (
            "const log = (event) => event.httpMethod; exports.handler = async (event) => event.body ? NO : YES;",
            "index.js",
        ),
        (
            "def handler(event, context):\n    method = event['httpMethod']\n"
            "    if event['body']:\n        return NO\n    return YES",
            "index.py",
        ),
    ],
)
def test_code_that_compares_no_method_may_answer_options(code: str, file: str) -> None:
    status = "'statusCode'" if file == "index.py" else "statusCode"
    headers = "'headers'" if file == "index.py" else "headers"
    yes, no = f"{{{status}: 200, {headers}: {{{ORIGIN}}}}}", f"{{{status}: 404}}"
    assert read(code.replace("YES", yes).replace("NO", no), file).for_verb("OPTIONS").handles_options is None


def test_a_condition_in_a_condition_ends_where_the_outer_one_goes_on() -> None:
    code = (
        "exports.handler = async (event) => event.body ? event.httpMethod === 'GET' ? { statusCode: 200 } :"
        f" {{ statusCode: 405 }} : {{ statusCode: 200, headers: {{ {ORIGIN} }} }};"
    )
    found = read(code, "index.js").for_verb("GET")
    assert (found.allows, found.unknown_to_rest) == (frozenset("*"), None)


def test_an_object_that_a_condition_leaves_after_an_arrow_is_an_answer() -> None:
    code = (
        f"exports.handler = async (e) => e.httpMethod === 'GET' ? {{ statusCode: 200, headers: {{ {ORIGIN} }} }}"
        " : { statusCode: 405, body: '' };"
    )
    found = read(code, "index.js")
    assert {found.for_verb(verb).unknown_to_rest for verb in ("GET", "PUT")} == {None}
    assert (found.for_verb("GET").status, found.for_verb("PUT").status) == (200, 405)


def test_headers_that_options_alone_gets_are_not_those_of_the_request() -> None:
    code = (
        "exports.handler = async (event) => { const more = { 'Access-Control-Allow-Headers': 'x-id' };\n"
        f"if (event.httpMethod === 'OPTIONS') return {{ statusCode: 200, headers: {{ {ORIGIN}, ...more }} }};\n"
        "return { statusCode: 200, body: '' }; };"
    )
    found = read(code, "index.js")
    assert found.for_verb("OPTIONS").allow_headers == "x-id"
    assert (found.for_verb("GET").allows, found.for_verb("GET").allow_headers) == (frozenset(), "")
