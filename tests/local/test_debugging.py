"""`dev --debug-port`: a breakpoint in the project's source stops the function that answers."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.local.debuggers import NodeDebugger, PythonDebugger, attached
from tests.local.processes import free_port
from tests.local.project import COMMAND, HANDLER, Done, LocalProject, copy_sample

pytestmark = pytest.mark.slow

PYTHON = """def handler(event, context):
    asked = event["path"]
    return {"statusCode": 200, "body": f"%s {asked}"}
"""
NODE = "exports.handler = async (event) => {\n  const asked = event.word;\n  return `node ${asked}`;\n};\n"
NODE_HANDLER = "amplify/backend/function/spoken/src/index.js"
PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"
LONGER = 1.5
"""Seconds: longer than the functions may take."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = copy_sample(tmp_path_factory.mktemp("debugged") / "accounts")
    (made.root / HANDLER).write_text(PYTHON % "first")
    made.edit(PARAMETERS, timeout=1)
    made.run("add", "function", "spoken", "--runtime", "nodejs22.x")
    for file in (made.root / NODE_HANDLER).parent.iterdir():
        file.unlink()
    (made.root / NODE_HANDLER).write_text(NODE)
    made.edit("amplify/backend/function/spoken/parameters.json", timeout=1)
    made.run("push", "--yes")
    yield made
    made.run("local", "stop")


@contextmanager
def debugging(project: LocalProject, function: str) -> Iterator[Mapping[str, Any]]:
    """`dev` with a port for one function, which pushes what is written; what it prints for VS Code."""
    words = [str(COMMAND), "dev", "--yes", "--no-page", "--debug-port", f"{function}={free_port()}"]
    with subprocess.Popen(
        words, cwd=project.root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        read = ""
        try:
            for line in process.stderr:
                read += line
                if "Watching" in line:
                    break
            configuration: Mapping[str, Any] = json.loads(read[read.index("{\n") : read.rindex("}\n") + 1])
            yield configuration
        finally:
            process.terminate()


@contextmanager
def in_background(project: LocalProject, *words: str) -> Iterator[Future[Done]]:
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(project.run, *words)


def test_a_breakpoint_stops_the_python_function_that_the_api_calls(project: LocalProject) -> None:
    file = project.root / HANDLER
    with (
        debugging(project, "accountsAPI") as configuration,
        attached(PythonDebugger(configuration, project.root), file, 3) as debugger,
        in_background(project, "call", "GET", "/accounts") as called,
    ):
        stop = debugger.stopped()
        assert (stop.file, stop.line) == (file, 3)
        assert stop.variables["asked"] == "'/accounts'"
        hold()
        debugger.go_on()
        assert called.result().out == "first /accounts\n"


def test_a_breakpoint_stops_a_node_function(project: LocalProject) -> None:
    file = project.root / NODE_HANDLER
    with (
        debugging(project, "spoken") as configuration,
        attached(NodeDebugger(configuration, project.root), file, 3) as debugger,
        in_background(project, "invoke", "spoken", "-e", event(project, "yes")) as invoked,
    ):
        stop = debugger.stopped()
        assert (stop.file, stop.line) == (file, 3)
        assert stop.variables["asked"] == "yes"
        hold()
        debugger.go_on()
        assert invoked.result().out == '"node yes"\n'


def test_a_save_ends_the_debugged_process_and_the_debugger_finds_the_next_one(project: LocalProject) -> None:
    file = project.root / HANDLER
    with debugging(project, "accountsAPI") as configuration:
        with attached(PythonDebugger(configuration, project.root), file, 3) as debugger:
            file.write_text(PYTHON % "second")
            assert isinstance(debugger, PythonDebugger)
            assert debugger.event("terminated")["restart"] is True
        with (
            in_background(project, "call", "GET", "/accounts") as called,
            attached(PythonDebugger(configuration, project.root), file, 3) as debugger,
        ):
            assert debugger.stopped().line == 3
            debugger.go_on()
            assert called.result().out == "second /accounts\n"


def test_invoke_waits_for_the_debugger(project: LocalProject) -> None:
    port = free_port()
    words = ("invoke", "accountsAPI", "-e", event(project, "alone"), "--debug-port", str(port))
    configuration = {
        "connect": {"host": "127.0.0.1", "port": port},
        "pathMappings": [
            {
                "localRoot": str((project.root / HANDLER).parent),
                "remoteRoot": str(project.root / "amplify/.local/functions/debugged/accountsAPI"),
            }
        ],
    }
    with (
        in_background(project, *words) as invoked,
        attached(patiently(configuration, project.root), project.root / HANDLER, 2) as debugger,
    ):
        assert debugger.stopped().line == 2
        debugger.go_on()
        assert json.loads(invoked.result().out)["body"].endswith(" alone")


def test_without_a_debugger_the_time_out_ends_a_debugged_function(project: LocalProject) -> None:
    file = project.root / HANDLER
    file.write_text("def handler(event, context):\n    while True:\n        pass\n")
    with debugging(project, "accountsAPI"):
        done = project.run("invoke", "accountsAPI", expect=1)
    assert "timed out after 1.00 seconds" in done.out + done.err


def test_what_is_uploaded_and_what_a_function_sees_hold_no_debugger(project: LocalProject) -> None:
    file = project.root / HANDLER
    looks = "import importlib.util, os, sys\n\n\ndef handler(event, context):\n"
    looks += '    return [name for name in (*sys.path, *os.environ) if "debugpy" in name.lower() or "PYDEVD" in name]\n'
    file.write_text(looks)
    with debugging(project, "accountsAPI"):
        assert project.run("invoke", "accountsAPI").json == []


def test_a_port_that_is_in_use_is_named(project: LocalProject) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        done = project.run("invoke", "spoken", "--debug-port", port, expect=3)
    assert f"Port {port} of this machine is in use." in done.err


def hold() -> None:
    """Stand at the breakpoint for longer than the function may take."""
    threading.Event().wait(LONGER)


def event(project: LocalProject, word: str) -> str:
    path = project.root / "event.json"
    path.write_text(json.dumps({"word": word, "path": word}))
    return str(path)


def patiently(configuration: Mapping[str, Any], workspace: Path) -> PythonDebugger:
    """A debugger that is connected once the port is open."""
    while True:
        with suppress(ConnectionRefusedError):
            return PythonDebugger(configuration, workspace)
