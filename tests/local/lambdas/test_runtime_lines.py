"""What Lambda and its runtimes write into the log, and how Node's runtime names what went wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas import Functions

Make = Callable[..., FunctionConfig]
NODE = "nodejs24.x"
TIME, ID = r"[0-9-]+T[0-9:.]+Z", r"[0-9a-f-]{36}"


def node(make: Make, body: str, **changes: Any) -> FunctionConfig:
    """A handler of Node.js with this body."""
    return make({"index.mjs": f"export const handler = async () => {{ {body} }}"}, runtime=NODE, **changes)


def log(functions: Functions, function: FunctionConfig) -> str:
    return functions.invoke(function, b"null").log_tail.decode()


def failure(functions: Functions, function: FunctionConfig) -> dict[str, Any]:
    done = functions.invoke(function, b"null")
    assert done.error == "Unhandled"
    found: dict[str, Any] = json.loads(done.payload)
    return found


def test_a_message_of_node_has_its_time_request_and_level(functions: Functions, make: Make) -> None:
    text = log(functions, node(make, "console.log('hi %s', 1); console.error({ a: 1 })"))
    assert re.search(f"\n{TIME}\t{ID}\tINFO\thi 1\n{TIME}\t{ID}\tERROR\t{{ a: 1 }}\nEND", text)


def test_a_message_of_node_is_json_from_its_level_on(functions: Functions, make: Make) -> None:
    variables = {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"}
    body = "console.log('hidden'); console.warn({ a: 1 }); console.error('bad', new RangeError('x'))"
    text = log(functions, node(make, body, environment=variables, system_level="INFO"))
    first, *lines, last = [json.loads(line) for line in text.splitlines()]
    assert (first["type"], sorted(first["record"])) == ("platform.start", ["requestId", "version"])
    assert [(line["level"], line["message"]) for line in lines][:1] == [("WARN", {"a": 1})]
    assert (lines[1]["errorType"], lines[1]["errorMessage"]) == ("RangeError", "x")
    metrics = {"durationMs", "billedDurationMs", "memorySizeMB", "maxMemoryUsedMB", "initDurationMs"}
    assert (last["type"], last["record"]["status"], {*last["record"]["metrics"]}) == (
        "platform.report",
        "success",
        metrics,
    )


def test_lambdas_own_lines_have_the_level_info(functions: Functions, make: Make) -> None:
    assert log(functions, node(make, "", system_level="WARN")) == ""


def test_an_error_of_python_has_lines_of_its_own(functions: Functions, make: Make) -> None:
    text = log(functions, make("def handler(e, c): raise ValueError('boom')"))
    assert "\n[ERROR] ValueError: boom\nTraceback (most recent call last):\n" in text


@pytest.mark.parametrize(
    ("source", "end"),
    [
        ("import os\ndef handler(e, c): os._exit(3)", "Status: error\tError Type: Runtime.ExitError"),
        ("import time\ndef handler(e, c): time.sleep(9)", "Status: timeout"),
    ],
)
def test_the_report_says_how_lambda_ended_an_invocation(
    functions: Functions, make: Make, source: str, end: str
) -> None:
    report = re.search("REPORT .*", log(functions, make(source, timeout=1)))
    assert report is not None
    assert report[0].endswith(f"\t{end}")


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ("throw 'boom'", "string", "boom"),
        ("const a = {}; a.a = a; return a", "Error", "Unable to stringify response body"),
        (
            "Promise.reject(new Error('late')); await new Promise((then) => setTimeout(then, 500))",
            "Runtime.UnhandledPromiseRejection",
            "Error: late",
        ),
        ("}; awslambda.streamifyResponse(async () => {", "NotImplemented", "does not stream responses"),
        ("( => ", "Runtime.UserCodeSyntaxError", "SyntaxError: "),
    ],
)
def test_an_error_of_node_is_named_as_by_its_runtime(
    functions: Functions, make: Make, body: str, kind: str, message: str
) -> None:
    code = f"export const handler = async () => {{ {body} }}"
    if "awslambda" in body:
        code += ")"
    error = failure(functions, make({"index.mjs": code}, runtime=NODE))
    assert error["errorType"] == kind
    assert message in error["errorMessage"]


def test_a_module_of_node_that_is_missing_is_named_with_what_required_it(
    functions: Functions, make: Make
) -> None:
    missing = failure(functions, make({"other.mjs": ""}, runtime=NODE))
    assert missing["errorMessage"] == (
        "Error: Cannot find module 'index'\nRequire stack:\n- /var/runtime/index.mjs"
    )
    package = failure(functions, make({"index.js": "require('nope')"}, runtime=NODE))
    assert package["errorType"] == "Runtime.ImportModuleError"
    assert package["errorMessage"].startswith("Error: Cannot find module 'nope'\nRequire stack:\n- ")


def test_the_trace_of_an_invocation_has_a_parent(functions: Functions, make: Make) -> None:
    function = make("import os\ndef handler(e, c): return os.environ['_X_AMZN_TRACE_ID']")
    trace = json.loads(functions.invoke(function, b"null").payload)
    assert re.fullmatch("Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0", trace)


def test_an_error_that_refers_to_itself_is_reported_and_logged(functions: Functions, make: Make) -> None:
    body = "const error = new RangeError('x'); error.request = { error }; throw error"
    for function in (node(make, body), node(make, body, environment={"AWS_LAMBDA_LOG_FORMAT": "JSON"})):
        done = functions.invoke(function, b"null")
        error = json.loads(done.payload)
        assert (error["errorType"], error["errorMessage"]) == ("RangeError", "x")
        assert b'"errorType":"RangeError"' in done.log_tail
