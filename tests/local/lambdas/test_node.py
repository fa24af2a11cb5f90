"""Node functions, where node is installed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas import Functions

Make = Callable[..., FunctionConfig]
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")

CASES = {
    "ESM": {
        "index.mjs": "export const handler = async (event, context) => ({ event, name: context.functionName });"
    },
    "ESM by package.json": {
        "package.json": '{"type": "module"}',
        "index.js": "export const handler = async (event, context) => ({ event, name: context.functionName });",
    },
    "CommonJS": {
        "index.js": "exports.handler = async (event, context) => ({ event, name: context.functionName });"
    },
    "callback": {
        "index.js": "exports.handler = (event, context, done) => {"
        " setImmediate(() => done(null, { event, name: context.functionName })); };"
    },
}


@pytest.mark.parametrize("files", CASES.values(), ids=CASES.keys())
def test_every_kind_of_handler_answers(functions: Functions, make: Make, files: dict[str, str]) -> None:
    function = make(files, runtime="nodejs22.x")
    for event in (1, 2):
        done = functions.invoke(function, json.dumps(event).encode())
        assert done.error is None, done.payload
        assert json.loads(done.payload) == {"event": event, "name": "f"}


def test_a_rejection_is_unhandled_with_its_trace(functions: Functions, make: Make) -> None:
    function = make(
        {"index.js": "exports.handler = async () => { throw new TypeError('bad'); };"}, runtime="nodejs22.x"
    )
    done = functions.invoke(function, b"{}")
    error = json.loads(done.payload)
    assert (done.error, error["errorType"], error["errorMessage"]) == ("Unhandled", "TypeError", "bad")
    assert "index.js" in "".join(error["trace"])


def test_a_missing_module_is_an_init_error(functions: Functions, make: Make) -> None:
    done = functions.invoke(make({"other.js": ""}, runtime="nodejs22.x"), b"{}")
    assert json.loads(done.payload)["errorType"] == "Runtime.ImportModuleError"


def test_what_is_thrown_later_ends_the_sandbox_and_the_next_call_works(
    functions: Functions, make: Make
) -> None:
    source = (
        "exports.handler = (event, context, done) => {"
        " if (event) done(null, 1); else setImmediate(() => { throw new Error('late'); }); };"
    )
    function = make({"index.js": source}, runtime="nodejs22.x")
    assert json.loads(functions.invoke(function, b"0").payload)["errorMessage"] == "late"
    assert functions.invoke(function, b"1").payload == b"1"
