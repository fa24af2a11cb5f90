"""Code for functions: for the cause, in the language that was seen, with the page's values; and it runs."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue.cards import BY_ID
from accountsctl.doctor.catalogue.framework_snippets import CAUSES, framework_snippet
from accountsctl.doctor.catalogue.snippets import language_of, snippet
from accountsctl.model.backend_tool import BackendTool, Framework, Language

ORIGIN = "https://app.example.com"
HELPERS = ("acao.missing-actual", "acao.missing-error-path")
OPTIONS = "preflight.proxy-any-lambda"
EVENTS = (
    {"httpMethod": "OPTIONS"},
    {"requestContext": {"http": {"method": "OPTIONS"}}},
)
JAVA_EVENTS = """
    static class APIGatewayProxyResponseEvent {
        int status; Map<String, String> headers; String body;
        APIGatewayProxyResponseEvent withStatusCode(int value) { status = value; return this; }
        APIGatewayProxyResponseEvent withHeaders(Map<String, String> value) { headers = value; return this; }
        APIGatewayProxyResponseEvent withBody(String value) { body = value; return this; }
    }
    static class APIGatewayProxyRequestEvent { String getHttpMethod() { return "OPTIONS"; } }
"""


def ask(*, credentials: bool = False) -> PageRequest:
    return PageRequest(ORIGIN, "/items", "PUT", credentials=credentials)


def in_python(code: str, event: Mapping[str, Any]) -> Any:
    body = "".join(f"    {line}\n" for line in code.splitlines())
    scope: dict[str, Any] = {"json": json}
    exec(f"def handler(event):\n{body}\n    return None\n", scope)
    return scope["handler"](event)


def in_node(code: str, result: str) -> Any:
    program = f"const run = (event) => {{\n{code}\nreturn {result};\n}};\nconsole.log(JSON.stringify(EVENTS.map(run)));"
    program = program.replace("EVENTS", json.dumps(EVENTS))
    done = subprocess.run(["node", "-e", program], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("cause", HELPERS)
@pytest.mark.parametrize("credentials", [False, True])
def test_the_helper_in_python_gives_each_answer_the_headers(cause: str, credentials: bool) -> None:
    code = snippet(cause, Language.PYTHON, ask(credentials=credentials))
    scope: dict[str, Any] = {}
    exec(code, scope)
    answer = scope["respond"](404, {"message": "not found"})
    assert (answer["statusCode"], json.loads(answer["body"])) == (404, {"message": "not found"})
    assert answer["headers"]["Access-Control-Allow-Origin"] == ORIGIN
    assert ("Access-Control-Allow-Credentials" in answer["headers"]) is credentials


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("credentials", [False, True])
def test_python_answers_options_of_both_kinds_of_event(event: Mapping[str, Any], credentials: bool) -> None:
    answer = in_python(snippet(OPTIONS, Language.PYTHON, ask(credentials=credentials)), event)
    assert answer["statusCode"] == 204
    assert answer["headers"]["Access-Control-Allow-Headers"] == "authorization,content-type"
    # Not the one that was asked for alone: the answer is that of every path.
    assert answer["headers"]["Access-Control-Allow-Methods"] == "DELETE,GET,OPTIONS,PATCH,POST,PUT"


@pytest.mark.parametrize("credentials", [False, True])
def test_javascript_runs_in_node(credentials: bool) -> None:
    request = ask(credentials=credentials)
    helped = in_node(snippet(HELPERS[0], Language.JAVASCRIPT, request), "respond(200, {a: 1})")
    assert [answer["headers"]["Access-Control-Allow-Origin"] for answer in helped] == [ORIGIN, ORIGIN]
    answers = in_node(snippet(OPTIONS, Language.JAVASCRIPT, request), "null")
    assert [answer["statusCode"] for answer in answers] == [204, 204]
    assert ("Access-Control-Allow-Credentials" in answers[0]["headers"]) is credentials


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("javac") is None, reason="no Java compiler")
@pytest.mark.parametrize("credentials", [False, True])
def test_java_compiles(credentials: bool, tmp_path: Path) -> None:
    request = ask(credentials=credentials)
    program = f"""import java.util.Map;
class Handler {{
{JAVA_EVENTS}
{snippet(HELPERS[0], Language.JAVA, request)}
    static APIGatewayProxyResponseEvent handle(APIGatewayProxyRequestEvent request) {{
{snippet(OPTIONS, Language.JAVA, request)}
        return respond(200, "[]");
    }}
}}"""
    (tmp_path / "Handler.java").write_text(program)
    subprocess.run(["javac", "-d", str(tmp_path), str(tmp_path / "Handler.java")], check=True)


@pytest.mark.parametrize("language", [Language.GO, Language.CSHARP])
@pytest.mark.parametrize("cause", [*HELPERS, OPTIONS])
def test_every_language_has_all_of_it(language: Language, cause: str) -> None:
    text = snippet(cause, language, ask(credentials=True))
    for left, right in ("{}", "()", "[]"):
        assert text.count(left) == text.count(right)
    assert ORIGIN in text
    assert "Access-Control-Allow-Credentials" in text
    assert "{origin}" not in text
    assert "{credentials}" not in text


@pytest.mark.parametrize("source", ["index.js", "index.mjs", "src/app.ts", "a/b.cjs:7"])
def test_javascript_has_one_text_for_all_its_files(source: str) -> None:
    assert language_of(source) is Language.JAVASCRIPT


@pytest.mark.parametrize(("cause", "source"), [(HELPERS[0], "template.json"), ("auth.waf", "index.py")])
def test_what_has_no_code_gets_none(cause: str, source: str) -> None:
    assert snippet(cause, language_of(source), ask()) == ""


def in_framework(framework: Framework, cause: str = HELPERS[0], **request: Any) -> str:
    page = PageRequest(ORIGIN, "/items", "PUT", backend=BackendTool(framework=framework), **request)
    return framework_snippet(cause, page)


@pytest.mark.parametrize("credentials", [False, True])
def test_flask_answers_with_what_is_pasted(credentials: bool) -> None:
    app = Flask("items")
    exec(in_framework(Framework.FLASK, credentials=credentials), {"app": app})
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "PUT",
        "Access-Control-Request-Headers": "x-a",
    }
    answer = app.test_client().options("/items", headers=asked)
    refused = app.test_client().get("/items", headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    # An error has the header too.
    assert (refused.status_code, refused.headers["Access-Control-Allow-Origin"]) == (404, ORIGIN)
    assert ("Access-Control-Allow-Credentials" in refused.headers) is credentials


@pytest.mark.parametrize("framework", sorted(set(Framework) - {Framework.OTHER}))
@pytest.mark.parametrize("credentials", [False, True])
def test_every_framework_is_given_valid_code(framework: Framework, credentials: bool) -> None:
    text = in_framework(framework, credentials=credentials, headers=(("x-tenant", "a"),))
    assert ORIGIN in text
    assert ("redentials" in text) is credentials
    assert "{origin}" not in text
    if framework.language is Language.PYTHON:
        compile(text, framework, "exec")
    else:
        kind = "module" if "import " in text else "commonjs"
        subprocess.run(["node", f"--input-type={kind}", "--check", "-"], input=text, text=True, check=True)


def test_powertools_is_given_the_headers_that_it_does_not_allow_by_itself() -> None:
    assert "allow_headers=['x-tenant']" in in_framework(Framework.POWERTOOLS, headers=(("x-tenant", "a"),))
    assert "allow_headers" not in in_framework(Framework.POWERTOOLS)


def test_a_framework_fixes_what_its_code_can() -> None:
    assert set(BY_ID) >= CAUSES
    assert in_framework(Framework.FLASK, "auth.waf") == ""
    assert framework_snippet(HELPERS[0], ask()) == ""
