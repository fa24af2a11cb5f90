"""TypeScript is built into one file of JavaScript with a source map, and runs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools
from accountsctl.localcloud.lambdas import Functions
from accountsctl.model.errors import UsageError
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest
from accountsctl.model.project import ResourceSource
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.packages import package
from accountsctl.synth.packaging import deployed_code, function_requests
from tests.fakes import sample
from tests.local.lambdas.conftest import FakeLookups, access, function

HANDLER = b"""import { word } from "./lib/word.js";
interface Event { fail?: boolean }
export const handler = async (event: Event): Promise<string> => {
  if (event.fail) throw new Error("no " + word);
  return word;
};
"""
CODE = {"index.ts": HANDLER, "lib/word.ts": b'export const word: string = "yes";\n', "page.html": b"<p>"}
SETTINGS = {"Runtime": "nodejs22.x", "Handler": "index.handler"}
BODY: TemplateBody = {"Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": SETTINGS}}}


@dataclass
class FakeEsbuild:
    """Writes what esbuild writes, and remembers how it was called."""

    code: int = 0
    commands: list[tuple[str, ...]] = field(default_factory=list)

    def run(self, command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if "esbuild@0.28.2" in command and not self.code:
            (out,) = (word.removeprefix("--outfile=") for word in command if word.startswith("--outfile="))
            (folder / out).write_text(f"// {sorted(path.name for path in folder.iterdir())}")
            (folder / f"{out}.map").write_text("{}")
        return subprocess.CompletedProcess(command, self.code, "", 'index.ts:3:1: ERROR: Expected ";"')


def requested(code: dict[str, bytes]) -> PackageRequest:
    source = ResourceSource(sample.WORK, {}, "parameters.json", None, code, {})
    (found,) = function_requests(source, BODY, None)
    return found


def store(tmp_path: Path, tools: Tools) -> PackageStore:
    return PackageStore(tmp_path / "cache", tools, lambda: HostTarget("x86_64"), tmp_path)


def test_a_handler_of_typescript_is_built_from_all_files_and_its_sources_stay_out_of_the_zip() -> None:
    request = requested({**CODE, "node_modules/x/index.js": b"", "package.json": b"{}"})
    assert (request.manager, request.entry) == (Manager.ESBUILD, "index.ts")
    assert set(request.files) == {*CODE, "package.json"}
    source = ResourceSource(sample.WORK, {}, "parameters.json", None, {**CODE, "package.json": b"{}"}, {})
    assert set(deployed_code(source, (request,))) == {"page.html"}
    assert set(deployed_code(source, ())) == {*CODE, "package.json"}
    changed = requested({**CODE, "lib/word.ts": b'export const word = "no";\n'})
    assert changed.digest != requested(CODE).digest


def test_javascript_next_to_its_source_is_deployed_as_it_is() -> None:
    source = ResourceSource(sample.WORK, {}, "parameters.json", None, {**CODE, "index.js": b""}, {})
    assert function_requests(source, BODY, None) == ()


@pytest.mark.parametrize(
    ("files", "words", "output"),
    [
        ({}, {"--format=cjs", "--target=node22", "--external:@aws-sdk/*"}, "index.js"),
        ({"package.json": b'{"type": "module"}'}, {"--format=esm", "--external:@smithy/*"}, "index.mjs"),
        ({"package.json": b'{"dependencies": {"@aws-sdk/client-s3": "3"}}'}, {"--format=cjs"}, "index.js"),
    ],
)
def test_the_module_system_is_that_of_the_package(
    tmp_path: Path, files: dict[str, bytes], words: set[str], output: str
) -> None:
    esbuild = FakeEsbuild()
    found = store(tmp_path, Tools(lambda name: name, esbuild.run)).files(requested({**CODE, **files}))
    assert set(found) == {output, f"{output}.map"}
    assert words <= set(esbuild.commands[-1])
    assert any("--external" in word for word in esbuild.commands[-1]) is (
        b"client-s3" not in b"".join(files.values())
    )


def test_what_the_lock_file_names_is_installed_first(tmp_path: Path) -> None:
    esbuild = FakeEsbuild()
    files = {**CODE, "package.json": b'{"dependencies": {"ms": "2"}}', "package-lock.json": b"{}"}
    store(tmp_path, Tools(lambda name: name, esbuild.run)).files(requested(files))
    assert [command[0] for command in esbuild.commands] == ["npm", "npx"]


def test_what_esbuild_refuses_is_shown_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        store(tmp_path, Tools(lambda name: name, FakeEsbuild(code=1).run)).files(requested(CODE))
    assert "index.ts:3:1" in refused.value.why
    assert refused.value.exit_code == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "files",
    [
        CODE,
        {**CODE, "package.json": b'{"type": "module"}'},
        {**{path: content for path, content in CODE.items() if path != "index.ts"}, "index.mts": HANDLER},
    ],
    ids=["commonjs", "type-module", "mts"],
)
def test_a_built_handler_runs_and_its_errors_name_the_lines_of_the_source(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    if shutil.which("npx") is None:
        pytest.skip("Node.js is not installed")
    try:
        found = store(tmp_path, Tools()).files(requested(files))
    except UsageError as error:
        pytest.skip(f"npm's registry cannot be reached: {error.why}")
    again = PackageStore(tmp_path / "again", Tools(), lambda: HostTarget("x86_64"), tmp_path)
    assert again.files(requested(files)) == found
    code = package("work", {}).pack(found)
    work = function("", code=code, code_sha256="1", runtime="nodejs22.x", timeout=20)
    work = replace(work, environment={"NODE_OPTIONS": "--enable-source-maps"})
    functions = Functions(FakeLookups(), access, tmp_path / "functions")
    try:
        assert json.loads(functions.invoke(work, b"{}").payload) == "yes"
        failed = json.loads(functions.invoke(work, b'{"fail": true}').payload)
    finally:
        functions.close()
    assert any(re.search(r"index\.m?ts:4:", line) for line in failed["trace"])
