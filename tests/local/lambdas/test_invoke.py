"""Handlers run in real subprocesses, and end as they do on Lambda."""

from __future__ import annotations

import base64
import hashlib
import importlib
import io
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas import Functions
from tests.local.processes import ends

Make = Callable[..., FunctionConfig]


def call(functions: Functions, function: FunctionConfig, event: object = None) -> object:
    done = functions.invoke(function, json.dumps(event).encode())
    assert done.error is None, done.payload
    return json.loads(done.payload)


def failure(functions: Functions, function: FunctionConfig) -> dict[str, object]:
    done = functions.invoke(function, b"{}")
    assert done.error == "Unhandled"
    error: dict[str, object] = json.loads(done.payload)
    return error


def test_a_handler_gets_its_event_and_its_answer_comes_back(functions: Functions, make: Make) -> None:
    assert call(functions, make("def handler(event, context): return {'seen': event}"), [1]) == {"seen": [1]}


def test_a_sandbox_is_used_again(functions: Functions, make: Make) -> None:
    function = make("n = 0\ndef handler(event, context):\n global n; n += 1; return n")
    assert [call(functions, function) for _ in range(3)] == [1, 2, 3]


def test_changed_code_runs_at_once_and_the_old_sandbox_ends(functions: Functions, make: Make) -> None:
    first = call(functions, make("import os\ndef handler(e, c): return os.getpid()"))
    assert isinstance(first, int)
    assert call(functions, make("def handler(e, c): return 'new'")) == "new"
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_a_changed_variable_alone_makes_a_new_version(functions: Functions, make: Make) -> None:
    source = "import os\ndef handler(e, c): return os.environ['WORD']"
    assert call(functions, make(source, environment={"WORD": "a"})) == "a"
    assert call(functions, make(source, environment={"WORD": "b"})) == "b"


def test_the_environment_is_lambdas_and_not_the_daemons(
    functions: Functions, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-users-real-key")
    monkeypatch.setenv("SOME_TOKEN", "secret")
    function = make(
        "import os\ndef handler(e, c): return dict(os.environ)",
        environment={"AWS_REGION": "mars", "MINE": "1"},
        memory=256,
    )
    seen = call(functions, function)
    assert isinstance(seen, dict)
    assert "SOME_TOKEN" not in seen
    assert "the-users-real-key" not in seen.values()
    assert seen["MINE"] == "1"
    assert seen["AWS_REGION"] == "eu-west-1"
    assert seen["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4599"
    assert seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"
    assert seen["_HANDLER"] == "index.handler"
    assert seen["AWS_EXECUTION_ENV"] == "AWS_Lambda_python3.14"
    assert seen["LAMBDA_TASK_ROOT"].endswith(seen["PYTHONPATH"])


def test_the_context_knows_the_function_and_the_time_left(functions: Functions, make: Make) -> None:
    function = make(
        "def handler(e, c): return [c.invoked_function_arn, c.get_remaining_time_in_millis(), c.aws_request_id]"
    )
    done = functions.invoke(function, b"{}")
    arn, left, request_id = json.loads(done.payload)
    assert arn == function.arn
    assert 3000 < left <= 5000
    assert request_id == done.request_id


def test_an_exception_is_unhandled_with_its_stack(functions: Functions, make: Make) -> None:
    error = failure(functions, make("def handler(e, c):\n raise KeyError('x')"))
    assert error["errorType"] == "KeyError"
    assert error["errorMessage"] == "'x'"
    assert "index.py" in str(error["stackTrace"])


def test_an_import_error_is_reported_at_every_call(functions: Functions, make: Make) -> None:
    function = make("import nowhere")
    for _ in range(2):
        error = failure(functions, function)
        assert error["errorType"] == "Runtime.ImportModuleError"
        assert error["errorMessage"] == "Unable to import module 'index': No module named 'nowhere'"


@pytest.mark.parametrize("package", ["moto", "psycopg", "jinja2", "requests", "accountsctl", "pip"])
def test_code_does_not_find_packages_of_this_machine_that_lambda_does_not_have(
    functions: Functions, make: Make, package: str
) -> None:
    importlib.import_module(package)  # it is there, for this process
    error = failure(functions, make(f"import {package}"))
    assert error["errorType"] == "Runtime.ImportModuleError"
    assert error["errorMessage"] == f"Unable to import module 'index': No module named '{package}'"


def test_code_finds_what_lambdas_runtime_has_after_what_it_brings_itself(
    functions: Functions, make: Make
) -> None:
    source = (
        "import boto3, botocore, s3transfer, dateutil, urllib3, six, jmespath, sys, sqlite3\n"
        "def handler(e, c):\n"
        " region = boto3.client('s3', region_name='eu-west-1').meta.region_name\n"
        " return [jmespath.WHO, region, sys.argv[2:], callable(exit)]"
    )
    files = {"index.py": source, "jmespath.py": "WHO = 'own'\ndef compile(*_): return None"}
    assert call(functions, make(files)) == ["own", "eu-west-1", [], True]


def test_a_missing_handler_is_named(functions: Functions, make: Make) -> None:
    error = failure(functions, make("x = 1"))
    assert error["errorType"] == "Runtime.HandlerNotFound"


def test_an_endless_handler_times_out_and_the_next_call_works(functions: Functions, make: Make) -> None:
    function = make(
        "import time\ndef handler(e, c):\n while e.get('slow'): time.sleep(9)\n return 1", timeout=1
    )
    done = functions.invoke(function, b'{"slow": true}')
    error = json.loads(done.payload)
    assert error == {
        "errorType": "Sandbox.Timedout",
        "errorMessage": f"RequestId: {done.request_id} Error: Task timed out after 1.00 seconds",
    }
    assert f"{done.request_id} Task timed out after 1.00 seconds".encode() in done.log_tail
    assert call(functions, function, {}) == 1


@pytest.mark.parametrize(
    ("ending", "words"),
    [
        ("os._exit(3)", "Runtime exited with error: exit status 3"),
        ("os._exit(0)", "Runtime exited without providing a reason"),
        ("os.kill(os.getpid(), 9)", "Runtime exited with error: signal: killed"),
    ],
)
def test_a_process_that_ends_is_reported_as_lambda_reports_it(
    functions: Functions, make: Make, ending: str, words: str
) -> None:
    error = failure(functions, make(f"import os\ndef handler(e, c): {ending}"))
    assert error["errorType"] == "Runtime.ExitError"
    assert str(error["errorMessage"]).startswith("RequestId: ")
    assert words in str(error["errorMessage"])


def test_code_that_takes_more_memory_than_its_function_has_is_ended_as_lambda_ends_it(
    functions: Functions, make: Make
) -> None:
    source = (
        "import time\ndef handler(e, c):\n x = bytearray(e * 1024 * 1024)\n time.sleep(0.3)\n return len(x)"
    )
    done = functions.invoke(make(source, memory=256), b"300")
    assert json.loads(done.payload) == {
        "errorType": "Runtime.ExitError",
        "errorMessage": f"RequestId: {done.request_id} Error: Runtime exited with error: signal: killed",
    }
    assert b"Max Memory Used: 256 MB" in done.log_tail
    assert call(functions, make(source, memory=512), 300) == 300 * 1024 * 1024


def test_an_answer_over_six_megabytes_is_an_error_and_the_sandbox_lives(
    functions: Functions, make: Make
) -> None:
    function = make("def handler(e, c): return 'x' * e")
    done = functions.invoke(function, str(6 * 1024 * 1024 + 200).encode())
    assert json.loads(done.payload)["errorType"] == "Function.ResponseSizeTooLarge"
    assert call(functions, function, 2) == "xx"


def test_the_log_holds_what_was_printed_between_start_and_report(
    functions: Functions, make: Make, tmp_path: Path
) -> None:
    function = make(
        "import sys\nprint('init')\ndef handler(e, c):\n print('out', e)\n print('err', file=sys.stderr)"
    )
    first = functions.invoke(function, b"1")
    second = functions.invoke(function, b"2")
    lines = second.log_tail.decode().splitlines()
    assert lines[0] == f"START RequestId: {second.request_id} Version: $LATEST"
    assert lines[1:3] == ["out 2", "err"]
    assert lines[3] == f"END RequestId: {second.request_id}"
    assert re.match(
        r"REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB", lines[4]
    )
    assert b"Init Duration" in first.log_tail
    assert b"Init Duration" not in second.log_tail
    kept = tmp_path / "functions" / "logs" / "f.log"
    lines_of_file = re.sub(rb"(?m)^\d{4}-\d\d-\d\dT[\d:.]+Z (?=START)", b"", kept.read_bytes())
    assert lines_of_file == first.log_tail + second.log_tail
    assert kept.read_bytes().count(b"Z START RequestId") == 2
    assert kept.stat().st_mode & 0o077 == 0


def test_calls_run_at_the_same_time_in_sandboxes_of_their_own(
    functions: Functions, make: Make, tmp_path: Path
) -> None:
    source = f"""
import os, pathlib, time
def handler(event, context):
    here = pathlib.Path({str(tmp_path)!r})
    (here / f"in-{{event}}").touch()
    while len(list(here.glob("in-*"))) < 2: time.sleep(0.005)
    return os.getpid()
"""
    function, pids = make(source), []
    threads = [
        threading.Thread(target=lambda n=n: pids.append(call(functions, function, n))) for n in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(pids)) == 2


def test_a_sandbox_ends_with_its_children_when_the_service_closes(functions: Functions, make: Make) -> None:
    source = "import subprocess\ndef handler(e, c): return subprocess.Popen(['sleep', '60']).pid"
    child = call(functions, make(source))
    assert isinstance(child, int)
    functions.close()
    assert ends(child)


def test_a_sandbox_does_not_outlive_a_killed_daemon(make: Make, tmp_path: Path) -> None:
    program = f"""
import os, pathlib, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from conftest import FakeLookups, access, function
from accountsctl.localcloud.lambdas import Functions
from tests.local.processes import ends
service = Functions(FakeLookups(), access, pathlib.Path({str(tmp_path)!r}))
done = service.invoke(function("import os\\ndef handler(e, c): return os.getpid()"), b"0")
print(done.payload.decode(), flush=True)
os.kill(os.getpid(), 9)
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert ended.returncode == -9, ended.stderr
    # stdout of the sandbox is a file, so the end of the pipe says nothing about it; its process does
    assert ends(int(ended.stdout)), "the sandbox lives on"


def test_a_runtime_that_cannot_run_here_is_refused_by_name(functions: Functions, make: Make) -> None:
    error = failure(functions, make("", runtime="java21"))
    assert error["errorType"] == "InvalidRuntimeException"
    assert "java21" in str(error["errorMessage"])


@pytest.mark.parametrize("runtime", ["python3.14", "nodejs24.x"])
def test_a_wrapper_script_starts_the_runtime(functions: Functions, make: Make, runtime: str) -> None:
    """As the documentation has it: arguments of its own go before the last one, which is the runtime's."""
    script = (
        '#!/bin/sh\nlast=; first=; for part; do first="$first $last"; last=$part; done\n'
        'export WRAPPED="$_HANDLER"\nexec $first $EXTRA $last\n'
    )
    sources = {
        "index.py": "import os, sys\ndef handler(e, c): return [os.environ['WRAPPED'], sys._xoptions.get('mine')]",
        "index.mjs": "export const handler = async () => [process.env.WRAPPED, process.execArgv.at(-1)]",
    }
    extra = {"python3.14": "-X mine=1", "nodejs24.x": "--no-warnings"}[runtime]
    environment = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/wrapper", "EXTRA": extra}
    function = make(sources, runtime=runtime, environment=environment)
    code = io.BytesIO(function.code)
    with zipfile.ZipFile(code, "a") as archive:
        executable = zipfile.ZipInfo("wrapper")
        executable.external_attr = 0o755 << 16
        archive.writestr(executable, script)
    digest = base64.b64encode(hashlib.sha256(code.getvalue()).digest()).decode()
    function = replace(function, code=code.getvalue(), code_sha256=digest)
    found = {"python3.14": "1", "nodejs24.x": "--no-warnings"}[runtime]
    assert call(functions, function) == ["index.handler", found]
