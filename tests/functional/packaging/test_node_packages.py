"""Node.js packages are installed apart from the project, by the tool whose lock file it is."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools
from accountsctl.adapters.project_files.resources import read_source
from accountsctl.adapters.project_files.tree import Tree
from accountsctl.formats.node_locks import IN_PLACE_MARK, in_place_mark
from accountsctl.model.errors import UsageError
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget
from accountsctl.model.template_body import TemplateBody
from accountsctl.synth.packaging import function_requests
from tests.fakes import sample

WORK = ResourceId("function", "work")
FOLDER = "amplify/backend/function/work/src"
PACKAGE = '{"dependencies": {"ms": "2"}}'
LAMBDA = PackageTarget("nodejs22.x", "arm64")
BERRY = '__metadata:\n  version: 8\n\n"x@workspace:.":\n  resolution: "x@workspace:."\n'


@dataclass
class FakeNode:
    """Installs one package as each tool does, with what it leaves for itself."""

    code: int = 0
    missing: bool = False
    commands: list[tuple[str, ...]] = field(default_factory=list)
    configured: list[bool] = field(default_factory=list)

    def find(self, name: str) -> str | None:
        return None if self.missing else f"/bin/{name}"

    def run(self, command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        self.configured.append((folder / ".npmrc").is_file())
        package = folder / "node_modules/ms"
        package.mkdir(parents=True)
        (package / "index.js").write_text("1")
        (folder / "node_modules/.bin").mkdir()
        (folder / "node_modules/.bin/ms").symlink_to(package / "index.js")
        (folder / "node_modules/.modules.yaml").write_text(str(folder))
        return subprocess.CompletedProcess(command, self.code, "", "npm error code E404\nnpm error not found")


def requested(manager: Manager, lock: str, target: PackageTarget = LAMBDA) -> PackageRequest:
    files = {"package.json": PACKAGE.encode(), str(manager): lock.encode()}
    return PackageRequest(WORK, FOLDER, manager, files, target)


def store(tmp_path: Path, node: FakeNode) -> PackageStore:
    (tmp_path / "project" / FOLDER).mkdir(parents=True, exist_ok=True)
    tools = Tools(node.find, node.run)
    return PackageStore(tmp_path / "cache", tools, lambda: HostTarget("x86_64"), tmp_path / "project")


@pytest.mark.parametrize(
    ("manager", "lock", "words"),
    [
        (Manager.NPM, "{}", "npm ci --omit=dev"),
        (Manager.YARN, "# yarn lockfile v1", "npx --yes yarn@1.22.22 install --frozen-lockfile --production"),
        (Manager.YARN, BERRY, "@yarnpkg/cli-dist@4.18.1 workspaces focus --production"),
        (Manager.PNPM, "lockfileVersion: '9.0'", "npx --yes pnpm@10.34.9 install --frozen-lockfile --prod"),
        (Manager.PNPM, "lockfileVersion: '6.0'", "npx --yes pnpm@8.15.9 install --frozen-lockfile --prod"),
    ],
)
def test_each_lock_is_installed_by_its_tool_without_scripts_and_without_what_it_leaves(
    tmp_path: Path, manager: Manager, lock: str, words: str
) -> None:
    node = FakeNode()
    assert store(tmp_path, node).files(requested(manager, lock)) == {"node_modules/ms/index.js": b"1"}
    (command,) = node.commands
    assert words in " ".join(command)
    assert {"--ignore-scripts", "YARN_ENABLE_SCRIPTS=0"} & set(command)


@pytest.mark.parametrize(
    ("target", "options"),
    [
        (LAMBDA, {"--os=linux", "--cpu=arm64", "--libc=glibc"}),
        (PackageTarget("nodejs22.x", "x86_64"), {"--os=linux", "--cpu=x64", "--libc=glibc"}),
        (PackageTarget("nodejs22.x", "x86_64", local=True), set()),
    ],
)
def test_packages_with_parts_for_machines_get_that_of_the_functions(
    tmp_path: Path, target: PackageTarget, options: set[str]
) -> None:
    node = FakeNode()
    store(tmp_path, node).files(requested(Manager.NPM, "{}", target))
    assert {word for word in node.commands[0] if word.startswith(("--os", "--cpu", "--libc"))} == options


def test_the_projects_registry_is_used(tmp_path: Path) -> None:
    node = FakeNode()
    kept = store(tmp_path, node)
    (tmp_path / "project" / FOLDER / ".npmrc").write_text("registry=https://own/\n")
    kept.files(requested(Manager.NPM, "{}"))
    assert node.configured == [True]


def test_a_failed_installation_says_what_the_tool_said_and_is_tried_again(tmp_path: Path) -> None:
    node = FakeNode(code=1)
    with pytest.raises(UsageError) as refused:
        store(tmp_path, node).files(requested(Manager.NPM, "{}"))
    assert "E404" in refused.value.why
    node.code = 0
    assert store(tmp_path, node).files(requested(Manager.NPM, "{}"))


def test_a_machine_without_node_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be installed") as refused:
        store(tmp_path, FakeNode(missing=True)).files(requested(Manager.YARN, ""))
    assert "no npx on this machine" in refused.value.why


@pytest.mark.parametrize(
    ("files", "read"),
    [
        ({}, True),
        ({"package-lock.json": "{}"}, False),
        ({"yarn.lock": ""}, False),
        ({"pnpm-lock.yaml": ""}, False),
        ({"package-lock.json": '{"packages": {"node_modules/own": {"link": true}}}'}, True),
        ({"package-lock.json": "{}", IN_PLACE_MARK: in_place_mark(b"{}", scripts=False)}, False),
        ({"package-lock.json": "{}", IN_PLACE_MARK: in_place_mark(b"{}", scripts=True)}, True),
        ({"package-lock.json": "{}", IN_PLACE_MARK: in_place_mark(b"{...}", scripts=True)}, False),
    ],
)
def test_a_developers_own_node_modules_are_not_deployed(
    tmp_path: Path, files: dict[str, str], *, read: bool
) -> None:
    given = {"package.json": PACKAGE, "node_modules/ms/index.js": "1", **files}
    root = sample.write(tmp_path, {f"{FOLDER}/{name}": text for name, text in given.items()})
    (resource,) = (each for each in sample.backend() if each.id == WORK)
    source = read_source(Tree(root), resource)
    assert source is not None
    assert ("node_modules/ms/index.js" in source.code) is read
    body: TemplateBody = {
        "Resources": {"F": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "nodejs22.x"}}}
    }
    assert bool(function_requests(source, body, None)) is (not read and len(files) > 0)
