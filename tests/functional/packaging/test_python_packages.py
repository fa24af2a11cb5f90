"""Python packages are installed for the machine that runs the function, as wheels, the same way each time."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools, find_program, run_quietly
from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas import Functions
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget
from accountsctl.synth.packages import package
from tests.functional.packaging.wheels import ARM, INTEL, source_only, wheel
from tests.local.lambdas.conftest import FakeLookups, access, function

pytestmark = pytest.mark.slow

WORK = ResourceId("function", "work")
FOLDER = "amplify/backend/function/work/src"
LAMBDA = PackageTarget("python3.12", "arm64")
CODE = {"index.py": b"def handler(event, context):\n    return 1\n"}


UV_LOCK = """version = 1
requires-python = ">=3.12"
[[package]]
name = "compiled"
version = "1.0"
source = { registry = "https://packages.example/simple" }
[[package]]
name = "work"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "compiled" }]
[package.metadata]
requires-dist = [{ name = "compiled" }]
"""


@dataclass
class Counted:
    """Tools that remember what ran; `uv` may be missing."""

    uv: bool = True
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def find(self, name: str) -> str | None:
        return find_program(name) if self.uv or name != "uv" else None

    def run(self, command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        return run_quietly(command, folder)

    @property
    def tools(self) -> Tools:
        return Tools(self.find, self.run)


@pytest.fixture
def counted() -> Counted:
    """The faster of the two tools, if it is there."""
    return Counted(uv=find_program("uv") is not None)


@pytest.fixture(params=["uv", "pip"])
def each_tool(request: pytest.FixtureRequest) -> Counted:
    if request.param == "uv" and find_program("uv") is None:
        pytest.skip("uv is not installed")
    return Counted(uv=request.param == "uv")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """A folder of wheels: one for every machine, one for each architecture, and a package without a wheel."""
    folder = tmp_path / "wheels"
    wheel(folder, "everywhere", requires="compiled")
    wheel(folder, "compiled", tag=ARM)
    wheel(folder, "compiled", tag=INTEL)
    source_only(folder, "sourceonly")
    return folder


@pytest.fixture
def indexed(index: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder as the user's configuration of uv and pip names it."""
    for name in ("UV", "PIP"):
        monkeypatch.setenv(f"{name}_FIND_LINKS", str(index))
        monkeypatch.setenv(f"{name}_NO_INDEX", "1")
    return index


def requested(index: Path, *lines: str, target: PackageTarget = LAMBDA) -> PackageRequest:
    text = "\n".join(["--no-index", f"--find-links {index}", *lines])
    return PackageRequest(WORK, FOLDER, Manager.REQUIREMENTS, {"requirements.txt": text.encode()}, target)


def store(folder: Path, counted: Counted) -> PackageStore:
    return PackageStore(folder, counted.tools, lambda: HostTarget("x86_64"), folder)


def zipped(files: Mapping[str, bytes]) -> bytes:
    return package("work", CODE).pack(files)


@pytest.mark.parametrize(("architecture", "tag"), [("arm64", ARM), ("x86_64", INTEL)])
def test_wheels_are_those_of_the_functions_machine_with_what_they_need(
    each_tool: Counted, index: Path, tmp_path: Path, architecture: str, tag: str
) -> None:
    request = requested(index, "everywhere", target=PackageTarget("python3.12", architecture))
    files = store(tmp_path / "cache", each_tool).files(request)
    assert {"everywhere.py", "compiled.py", "compiled-1.0.dist-info/METADATA"} <= files.keys()
    assert tag.encode() in files["compiled.py"]
    assert not [path for path in files if path.startswith("bin/") or path.endswith((".pyc", "INSTALLER"))]


def test_a_runtime_for_which_there_is_no_wheel_is_refused_with_the_way_out(
    each_tool: Counted, index: Path, tmp_path: Path
) -> None:
    with pytest.raises(UsageError) as refused:
        store(tmp_path / "cache", each_tool).files(
            requested(index, "compiled", target=PackageTarget("python3.11", "arm64"))
        )
    assert "compiled" in refused.value.why
    assert "no wheel" in refused.value.hint
    assert refused.value.exit_code == 2


def test_a_package_that_is_source_only_is_not_built(each_tool: Counted, index: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        store(tmp_path / "cache", each_tool).files(requested(index, "sourceonly"))
    assert "sourceonly" in refused.value.why
    assert "python3.12 on arm64" in refused.value.hint
    assert not (index / "built").exists()
    assert not list((tmp_path / "cache").iterdir())


def test_two_installations_make_the_same_zip(counted: Counted, index: Path, tmp_path: Path) -> None:
    request = requested(index, "everywhere")
    first, second = (zipped(store(tmp_path / name, counted).files(request)) for name in ("one", "two"))
    assert first == second
    assert "everywhere.py" in zipfile.ZipFile(io.BytesIO(first)).namelist()


def test_equal_requests_of_any_function_are_installed_once(
    counted: Counted, index: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    kept = store(tmp_path / "cache", counted)
    other = PackageRequest(
        ResourceId("function", "other"),
        "elsewhere",
        Manager.REQUIREMENTS,
        requested(index, "compiled").files,
        LAMBDA,
    )
    kept.install([requested(index, "compiled"), other], said.append)
    store(tmp_path / "cache", counted).files(other)
    assert len(counted.commands) == 1
    assert said == [
        "installing the packages of function/work for Lambda (requirements.txt, python3.12, arm64) ..."
    ]


def test_an_installation_that_was_cut_off_is_made_again(
    counted: Counted, index: Path, tmp_path: Path
) -> None:
    class Killed(Exception):
        pass

    def killed(command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        run_quietly(command, folder)
        raise Killed

    request = requested(index, "compiled")
    with pytest.raises(Killed):
        PackageStore(
            tmp_path / "cache", Tools(counted.find, killed), lambda: HostTarget("arm64"), tmp_path
        ).files(request)
    assert "compiled.py" in store(tmp_path / "cache", counted).files(request)


def test_packages_with_too_many_bytes_are_refused(counted: Counted, index: Path, tmp_path: Path) -> None:
    wheel(index, "large", code=f"x = '{'x' * 1000}'")

    def grown(command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        done = run_quietly(command, folder)
        with (folder.parent / "files/large.py").open("ab") as file:
            file.truncate(262_144_001)
        return done

    tools = Tools(counted.find, grown)
    with pytest.raises(UsageError) as refused:
        PackageStore(tmp_path / "cache", tools, lambda: HostTarget("arm64"), tmp_path).files(
            requested(index, "large")
        )
    assert "262,144,000" in refused.value.why
    assert "The largest: large.py 262,144,001 bytes" in refused.value.why


@pytest.mark.parametrize(
    ("manager", "files"),
    [
        (Manager.PIPENV, {"Pipfile.lock": json.dumps({"default": {"compiled": {"version": "==1.0"}}})}),
        (
            Manager.UV,
            {
                "pyproject.toml": '[project]\nname = "work"\nversion = "1"\nrequires-python = ">=3.12"\n'
                'dependencies = ["compiled"]\n',
                "uv.lock": UV_LOCK,
            },
        ),
        (
            Manager.PIPFILE,
            {"Pipfile": '[packages]\ncompiled = "*"\nsrc = {path = "./src", editable = true}\n'},
        ),
        (
            Manager.POETRY,
            {
                "pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.12"\ncompiled = "^1"\n',
                "poetry.lock": '[[package]]\nname = "compiled"\nversion = "1.0"\n',
            },
        ),
    ],
)
def test_locks_of_other_tools_are_installed(
    counted: Counted, indexed: Path, tmp_path: Path, manager: Manager, files: dict[str, str]
) -> None:
    wheel(indexed, "compiled", version="2.0", tag=ARM)
    if manager is Manager.UV and not counted.uv:
        pytest.skip("only uv reads its lock")
    content = {name: text.encode() for name, text in files.items()}
    found = store(tmp_path / "cache", counted).files(PackageRequest(WORK, FOLDER, manager, content, LAMBDA))
    version = "2.0" if manager is Manager.PIPFILE else "1.0"
    assert f"compiled-{version}.dist-info/METADATA" in found


def test_what_runs_here_is_what_the_zip_contains_and_lambdas_packages(
    counted: Counted, index: Path, tmp_path: Path, make: Callable[..., FunctionConfig]
) -> None:
    found = store(tmp_path / "cache", counted).files(
        requested(index, "everywhere", target=PackageTarget("python3.12", "x86_64"))
    )
    source = b"import everywhere, compiled\ndef handler(event, context):\n    return [everywhere.WHO, compiled.WHO]\n"
    functions = Functions(FakeLookups(), access, tmp_path / "functions")
    try:
        code = package("work", {"index.py": source})
        run = functions.invoke(
            make("", code=code.pack(found), code_sha256="with", runtime="python3.12"), b"{}"
        )
        assert json.loads(run.payload) == ["py3-none-any", INTEL]
        without = functions.invoke(
            make("", code=code.pack({}), code_sha256="without", runtime="python3.12"), b"{}"
        )
    finally:
        functions.close()
    assert json.loads(without.payload)["errorMessage"] == (
        "Unable to import module 'index': No module named 'everywhere'"
    )


@pytest.fixture
def make() -> Callable[..., FunctionConfig]:
    return function
