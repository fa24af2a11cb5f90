"""Functions with the dependency files that teams have: pushed and called here, built twice for Lambda, and run bare.

Packages come from the public registries, which a machine may not reach; then these tests are skipped.
"""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.invocation import Settings
from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools
from accountsctl.bootstrap import Application
from accountsctl.commands.stacks.packages import with_packages
from accountsctl.localcloud.lambdas.bootstrap_python import RUNTIME_PACKAGES
from accountsctl.localcloud.lambdas.environment import runtime_folders
from accountsctl.model.packaging import HostTarget
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow
PYTHON = f"python3.{sys.version_info.minor}"
NODE = "nodejs22.x"
IMPORTING = "import {0}\n\ndef handler(event, context):\n    return {0}.__name__\n"
UV_PROJECT = (
    '[project]\nname = "work"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = ["idna==3.10"]\n'
)
UV_LOCK = """version = 1
requires-python = ">=3.11"

[[package]]
name = "idna"
version = "3.10"
source = { registry = "https://pypi.org/simple" }
wheels = [
    { url = "https://files.pythonhosted.org/packages/76/c6/c88e154df9c4e1a2a66ccf0005a88dfb2650c1dffb6f5ce603dfbd452ce3/\
idna-3.10-py3-none-any.whl", hash = "sha256:946d195a0d259cbba61165e88e65941f16e9b36ea6ddb97f00452bae8b1287d3" },
]

[[package]]
name = "work"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "idna" }]

[package.metadata]
requires-dist = [{ name = "idna", specifier = "==3.10" }]
"""
YARN_LOCK = """# yarn lockfile v1


ms@2.1.3:
  version "2.1.3"
  resolved "https://registry.yarnpkg.com/ms/-/ms-2.1.3.tgz#574c8138ce1d2b5861f0b44579dbadd60c6615b2"
  integrity sha512-6FlzubTLZG3J2a/NVCAleEhjzq5oxgHyaCU9yYXvcLsvoVaHJq/s5xXI6/XXP6tz7R9xAOtHnSO/tXtF3WRTlA==
"""
TYPESCRIPT = {
    "src/index.ts": 'import { word } from "./lib/word.js";\n'
    "export const handler = async (event: { fail?: boolean }): Promise<string> => {\n"
    '  if (event.fail) throw new Error("no " + word);\n  return word;\n};\n',
    "src/lib/word.ts": 'export const word: string = "yes";\n',
}
FUNCTIONS: Mapping[str, tuple[str, Mapping[str, str], object]] = {
    "requirements": (
        PYTHON,
        {"src/requirements.txt": "requests==2.32.3\n", "src/index.py": IMPORTING.format("requests")},
        "requests",
    ),
    "compiled": (
        PYTHON,
        {
            "src/requirements.txt": "pydantic-core==2.41.5\n",
            "src/index.py": IMPORTING.format("pydantic_core"),
        },
        "pydantic_core",
    ),
    "pipfile": (
        PYTHON,
        {"Pipfile": '[packages]\nidna = "==3.10"\n', "src/index.py": IMPORTING.format("idna")},
        "idna",
    ),
    "uvlock": (
        PYTHON,
        {"src/pyproject.toml": UV_PROJECT, "src/uv.lock": UV_LOCK, "src/index.py": IMPORTING.format("idna")},
        "idna",
    ),
    "typescript": (NODE, TYPESCRIPT, "yes"),
    "module": (NODE, {**TYPESCRIPT, "src/package.json": '{"type": "module"}'}, "yes"),
    "yarn": (
        NODE,
        {
            "src/package.json": '{"name": "work", "version": "1.0.0", "dependencies": {"ms": "2.1.3"}}',
            "src/yarn.lock": YARN_LOCK,
            "src/index.js": 'const ms = require("ms");\nexports.handler = async () => ms("2s");\n',
        },
        2000,
    ),
    "layered": (PYTHON, {"src/index.py": IMPORTING.format("six")}, "six"),
    "undeclared": (PYTHON, {"src/index.py": IMPORTING.format("requests")}, None),
}
"""By name: the runtime, the files, and what a call returns; None if it fails."""
LAYER = {
    "lib/python/requirements.txt": "six==1.17.0\n",
    "parameters.json": json.dumps({"runtimes": [PYTHON]}),
}


def write(root: Path, path: str, text: str | object) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text if isinstance(text, str) else json.dumps(text))


def write_project(root: Path) -> None:
    for name, cloud in (("dev", "local"), ("prod", "aws")):
        environment = {"cloud": cloud, "region": "eu-west-1", "stackName": f"packaged-{name}"}
        write(root, f"amplify/environments/{name}.json", environment)
    backend: dict[str, dict[str, object]] = {"shared": {"service": "LambdaLayer"}}
    for path, text in LAYER.items():
        write(root, f"amplify/backend/function/shared/{path}", text)
    for name, (runtime, files, _) in FUNCTIONS.items():
        backend[name] = {"service": "Lambda"}
        write(root, f"amplify/backend/function/{name}/parameters.json", {"runtime": runtime})
        for path, text in files.items():
            write(root, f"amplify/backend/function/{name}/{path}", text)
    edge = {"category": "function", "resourceName": "shared", "attributes": ["Arn"]}
    backend["layered"]["dependsOn"] = [edge]
    layers = [{"type": "ProjectLayer", "resourceName": "shared", "isLatestVersionSelected": True}]
    write(root, "amplify/backend/function/layered/function-parameters.json", {"lambdaLayers": layers})
    write(root, "amplify/.config/project-config.json", {"projectName": "packaged", "version": "1"})
    write(root, "backend-config.json", {"function": backend})


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    if shutil.which("npx") is None:
        pytest.skip("Node.js is not installed")
    made = LocalProject(tmp_path_factory.mktemp("packaged"))
    write_project(made.root)
    made.run("env", "checkout", "dev")
    pushed = made.run("push", expect=None)
    if pushed.code == 2 and "could not be installed" in pushed.err:
        pytest.skip(f"The registries cannot be reached: {pushed.err}")
    assert pushed.code == 0, pushed.err
    yield made
    made.run("local", "stop")


@pytest.mark.parametrize("name", [name for name, (*_, answer) in FUNCTIONS.items() if answer is not None])
def test_what_was_declared_is_found_when_it_is_called(project: LocalProject, name: str) -> None:
    assert project.run("invoke", name).json == FUNCTIONS[name][2]


def test_what_was_not_declared_is_not_found(project: LocalProject) -> None:
    failed = project.run("invoke", "undeclared", expect=1)
    assert json.loads(failed.out)["errorType"] == "Runtime.ImportModuleError"
    assert "src/index.py:1" in failed.err


@pytest.mark.parametrize(("name", "ending"), [("typescript", "ts"), ("module", "ts")])
def test_an_error_names_the_line_of_typescript(project: LocalProject, name: str, ending: str) -> None:
    failed = project.run("invoke", name, "-e", "-", stdin='{"fail": true}', expect=1)
    assert f"amplify/backend/function/{name}/src/index.{ending}:3" in failed.err


def test_built_twice_for_lambda_every_zip_is_the_same(project: LocalProject, tmp_path: Path) -> None:
    assembly = Application(Settings(project.root, "prod")).rendered.assembly()
    stores = [
        PackageStore(tmp_path / name, Tools(), lambda: HostTarget("x86_64"), project.root) for name in "ab"
    ]
    first, second = (
        {
            str(child.id): child.package.content
            for child in with_packages(assembly, store).children
            if child.package
        }
        for store in stores
    )
    assert set(first) == {f"function/{name}" for name in (*FUNCTIONS, "shared")}
    assert first == second


def zip_of(project: LocalProject, name: str) -> bytes:
    """The zip that the embedded cloud has of a function."""
    deployed = project.client("lambda").get_function(FunctionName=f"{name}-dev")
    s3: Any = project.client("s3")
    for bucket in s3.list_buckets()["Buckets"]:
        listed = s3.list_objects_v2(Bucket=bucket["Name"], Prefix=f"functions/{name}/")
        for item in listed.get("Contents", ()):
            content: bytes = s3.get_object(Bucket=bucket["Name"], Key=item["Key"])["Body"].read()
            if len(content) == deployed["Configuration"]["CodeSize"]:
                return content
    raise AssertionError(f"no zip of {name}")


def lambdas_packages(folder: Path) -> Path:
    """A folder with what Lambda's runtime carries besides the standard library, and nothing else."""
    for name in RUNTIME_PACKAGES:
        for source in map(Path, runtime_folders()):
            for path in (source / name, source / f"{name}.py"):
                if path.exists() and not (folder / path.name).exists():
                    folder.mkdir(exist_ok=True)
                    (folder / path.name).symlink_to(path)
    return folder


@pytest.mark.parametrize("name", ["requirements", "compiled", "pipfile", "uvlock", "undeclared"])
def test_the_zip_runs_in_a_bare_interpreter_with_lambdas_packages_only(
    project: LocalProject, tmp_path: Path, name: str
) -> None:
    task = tmp_path / "task"
    zipfile.ZipFile(io.BytesIO(zip_of(project, name))).extractall(task)
    paths = [str(task), str(lambdas_packages(tmp_path / "runtime"))]
    program = f"import sys; sys.path[:0] = {paths!r}; import index; print(index.handler({{}}, None))"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False
    )
    answer = FUNCTIONS[name][2]
    if answer is None:
        assert "No module named 'requests'" in done.stderr
    else:
        assert (done.stdout.strip(), done.returncode) == (answer, 0)
