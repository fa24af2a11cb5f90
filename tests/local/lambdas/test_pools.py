"""Which unpacked code stays on disk while functions change."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.localcloud.contracts.lookups import FunctionConfig
from accountsctl.localcloud.lambdas.code import code_hash, layers_hash
from accountsctl.localcloud.lambdas.debugging import Debugging
from accountsctl.localcloud.lambdas.environment import CloudAccess
from accountsctl.localcloud.lambdas.node_sdk import NodeSdk
from accountsctl.localcloud.lambdas.pools import FunctionPools
from tests.local.lambdas.conftest import FakeLookups

Make = Callable[..., FunctionConfig]


def zipped(text: str) -> bytes:
    """The same bytes for the same text, whenever it is zipped: a name alone would get the time of now."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.py"), text)
    return out.getvalue()


class Versions:
    """One function whose versions are prepared and become current, one after the other."""

    def __init__(self, folder: Path, function: FunctionConfig) -> None:
        self.folder = folder / "code"
        self.function = function
        sdk = NodeSdk(folder / "sdk", lambda _name, _folder: None)
        self.pools = FunctionPools(
            lambda: CloudAccess(""), self.folder, sdk, Debugging(FakeLookups(), lambda _: None)
        )

    def use(self, code: str, *layers: str) -> None:
        version = self._version(code, *layers)
        self.pools.place_code(version)
        self.pools.pool(version)

    def prepare(self, code: str) -> None:
        self.pools.prepare(self._version(code))

    def _version(self, code: str, *layers: str) -> FunctionConfig:
        return replace(self.function, code=zipped(code), code_sha256=code, layers=tuple(map(zipped, layers)))

    def on_disk(self) -> set[str]:
        return {path.name for path in self.folder.iterdir() if len(path.name) == len(code_hash(b""))}


@pytest.fixture
def versions(tmp_path: Path, make: Make) -> Versions:
    return Versions(tmp_path, make("def handler(event, context): ..."))


def folders(code: str, *layers: str) -> set[str]:
    unpacked = [layers_hash([zipped(layer) for layer in layers])] if layers else []
    return {code_hash(zipped(code)), *unpacked}


def test_the_current_code_and_the_one_before_stay(versions: Versions) -> None:
    for code in ("1", "2", "3"):
        versions.use(code)
    assert versions.on_disk() == folders("2") | folders("3")


def test_a_layer_stays_with_the_code_that_it_was_used_with(versions: Versions) -> None:
    versions.use("1", "a")
    versions.use("2", "a")
    assert versions.on_disk() == folders("1") | folders("2", "a")
    versions.use("2", "b")
    assert versions.on_disk() == folders("2", "a") | folders("2", "b")
    versions.use("3")
    assert versions.on_disk() == folders("2", "b") | folders("3")


def test_code_that_was_prepared_and_never_called_gives_way_to_newer_code(versions: Versions) -> None:
    versions.use("1")
    for code in ("2", "3", "4"):
        versions.prepare(code)
    assert versions.on_disk() == folders("1") | folders("4")


def test_prepared_code_stays_while_another_version_is_called(versions: Versions) -> None:
    versions.prepare("4")
    for code in ("1", "2", "3"):
        versions.use(code)
    assert versions.on_disk() == folders("2") | folders("3") | folders("4")
