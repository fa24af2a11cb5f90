"""Code that its runtime cannot load is found before it is uploaded, with file and line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from dataclasses import replace

import pytest

from accountsctl.adapters.syntax import InstalledSyntax
from accountsctl.commands.stacks.syntax import syntax_faults
from accountsctl.localcloud.interpreters import interpreter_for
from accountsctl.model.assembly import Child
from accountsctl.model.project import Project, ResourceSource
from accountsctl.synth.packages import package
from tests.fakes import sample
from tests.fakes.syntax import FakeSyntax

OWN = f"python3.{sys.version_info[1]}"
OTHERS = [
    runtime
    for minor in range(10, 15)
    if (runtime := f"python3.{minor}") != OWN and (own := interpreter_for(runtime)) and own.exact
]
WRONG = b"import json\n\ndef handler(event, context)\n    return 1\n"
node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")


def found(code: Mapping[str, bytes], runtime: str, *, local: bool = True) -> list[tuple[str, int]]:
    return [(path, line) for path, line, _ in InstalledSyntax().errors(code, runtime, local=local)]


@pytest.mark.parametrize("runtime", [OWN, *OTHERS[:2]])
def test_python_is_read_by_the_runtimes_own_version_and_not_run(runtime: str) -> None:
    code = {"index.py": WRONG, "other.py": b"raise SystemExit(1)\n", "data.txt": WRONG}
    assert found(code, runtime, local=False) == [("index.py", 3)]
    ((path, _),) = found({"nul.py": b"a = 1\0"}, runtime)
    assert path == "nul.py"


def test_an_older_version_that_stands_in_counts_only_if_it_runs_the_function() -> None:
    assert found({"index.py": WRONG}, "python3.99", local=True) == [("index.py", 3)]
    assert found({"index.py": WRONG}, "python3.99", local=False) == []
    assert found({"index.py": WRONG}, "java21") == []


def test_packages_in_the_code_are_not_read() -> None:
    vendored = {
        "old/tests/python2.py": b"print 1\n",
        "old-1.dist-info/METADATA": b"",
        "index.py": b"import old\n",
    }
    assert found(vendored, OWN) == []
    assert found({**vendored, "index.py": WRONG}, OWN) == [("index.py", 3)]
    assert found({"own/part.py": WRONG}, OWN) == [("own/part.py", 3)]


@node
@pytest.mark.parametrize(
    ("code", "errors"),
    [
        ({"index.js": b"exports.handler = async () => {\n  return 1;\n};\n"}, []),
        ({"index.js": b"exports.handler = async () => {\n  return (1;\n};\n"}, [("index.js", 2)]),
        ({"index.mjs": b"import a from 'x';\nexport const handler = async () => 1;\n"}, []),
        ({"index.mjs": b"import a from 'x';\nexport const handler = async => => 1;\n"}, [("index.mjs", 2)]),
        ({"index.js": b"export const a = 1;\n", "package.json": b'{"type": "module"}'}, []),
        ({"index.js": b"export const a = 1;\n", "package.json": b'{"type": "commonjs"}'}, [("index.js", 1)]),
        ({"index.js": b"export const a = 1;\n"}, []),
        ({"index.js": b"return 1;\n", "package.json": b"["}, []),
        ({"index.cjs": b"import a from 'x';\n"}, [("index.cjs", 1)]),
        ({"node_modules/x/index.js": b"(", "index.js": b"throw new Error();\n"}, []),
    ],
)
def test_javascript_is_read_as_node_would_load_it(
    code: Mapping[str, bytes], errors: list[tuple[str, int]]
) -> None:
    assert found(code, "nodejs22.x") == errors


@pytest.mark.parametrize(("environment", "local"), [("dev", True), ("prod", False)])
def test_a_file_that_cannot_be_read_is_a_fault_of_its_function(environment: str, *, local: bool) -> None:
    project, child = function(environment)
    syntax = FakeSyntax([("index.py", 3, "expected ':'")])
    (fault,) = syntax_faults(project, [child], syntax)
    assert (fault.file, fault.line) == ("amplify/backend/function/work/src/index.py", 3)
    assert "python3.13 cannot read this file: expected ':'" in fault.what
    assert syntax.requests == [("python3.13", local)]


def test_resources_without_code_are_not_read() -> None:
    project, child = function("dev")
    assert not list(syntax_faults(project, [replace(child, package=None)], FakeSyntax([("a", 1, "b")])))
    assert not list(syntax_faults(project, sample.assembly("dev").children, FakeSyntax([("a", 1, "b")])))


def function(environment: str) -> tuple[Project, Child]:
    made = sample.assembly(environment)
    code = {"index.py": WRONG}
    source = ResourceSource(sample.WORK, {}, "parameters.json", None, code, {})
    project = Project("sample", sample.backend(), made.environment, {sample.WORK: source}, {})
    child = next(each for each in made.children if each.id == sample.WORK)
    body = {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python3.13"}}}}
    template = replace(child.template, body=body)
    return project, replace(child, template=template, package=package("work", code))
