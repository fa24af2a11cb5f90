"""The cache of packages does not grow without end, and what a push may be reading stays."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from accountsctl.adapters.packaging.pruning import DAY, MOST, UNUSED, prune, remove
from accountsctl.adapters.packaging.store import PackageStore
from accountsctl.adapters.packaging.tools import Tools
from accountsctl.model.names import ResourceId
from accountsctl.model.packaging import HostTarget, Manager, PackageRequest, PackageTarget

NOW = 1_800_000_000.0


@dataclass
class FakeUv:
    """Writes one file for each installation; `installed` are their requirements."""

    installed: list[str] = field(default_factory=list)

    def run(self, command: tuple[str, ...], folder: Path) -> subprocess.CompletedProcess[str]:
        files = folder.parent / "files"
        files.mkdir()
        text = (folder / "requirements.txt").read_text()
        (files / "module.py").write_text(text)
        self.installed.append(text)
        return subprocess.CompletedProcess(command, 0, "", "")


@dataclass
class Cache:
    """A cache and the clock by which it is used."""

    folder: Path
    uv: FakeUv = field(default_factory=FakeUv)
    now: float = NOW

    def store(self) -> PackageStore:
        tools = Tools(lambda name: name, self.uv.run)
        return PackageStore(self.folder, tools, lambda: HostTarget("x86_64"), self.folder, lambda: self.now)

    def use(self, name: str) -> None:
        assert self.store().files(request(name)) == {"module.py": name.encode()}

    def has(self, name: str) -> bool:
        return (self.folder / request(name).digest).is_dir()


def request(name: str) -> PackageRequest:
    target = PackageTarget("python3.13", "x86_64")
    files = {"requirements.txt": name.encode()}
    return PackageRequest(ResourceId("function", "work"), "src", Manager.REQUIREMENTS, files, target)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "packages")


def test_what_nothing_used_for_a_month_leaves_after_the_next_installation(cache: Cache) -> None:
    cache.use("old")
    cache.now += UNUSED + 1
    cache.use("new")
    assert (cache.has("old"), cache.has("new")) == (False, True)
    cache.use("old")
    assert cache.uv.installed == ["old", "new", "old"]


def test_what_is_used_stays_however_old_it_is(cache: Cache) -> None:
    cache.use("old")
    cache.now += UNUSED - 1
    cache.use("old")
    cache.now += UNUSED - 1
    cache.use("new")
    assert cache.has("old")
    assert cache.uv.installed == ["old", "new"]


def test_of_too_many_bytes_those_leave_that_were_used_first(cache: Cache) -> None:
    for name in ("first", "second", "third"):
        cache.use(name)
        (cache.folder / request(name).digest / "size").write_text(str(MOST // 2))
        cache.now += 2 * DAY
    prune(cache.folder, cache.now)
    assert [cache.has(name) for name in ("first", "second", "third")] == [False, True, True]


def test_what_was_used_within_a_day_stays_however_much_it_is(cache: Cache) -> None:
    for name in ("first", "second", "third"):
        cache.use(name)
        (cache.folder / request(name).digest / "size").write_text(str(MOST))
    prune(cache.folder, cache.now)
    assert all(cache.has(name) for name in ("first", "second", "third"))


def test_what_killed_commands_left_behind_leaves_after_a_day(cache: Cache) -> None:
    for name, age in ((".installing-old", DAY + 1), (".removing-old", DAY + 1), (".installing-now", 1.0)):
        (cache.folder / name / "work").mkdir(parents=True)
        os.utime(cache.folder / name, (NOW - age, NOW - age))
    cache.use("new")
    assert sorted(path.name for path in cache.folder.iterdir() if path.name.startswith(".")) == [
        ".installing-now"
    ]


def test_packages_that_vanish_while_they_are_read_are_installed_again(cache: Cache) -> None:
    cache.use("read")
    home = cache.folder / request("read").digest

    def clock() -> float:
        """The time of use, just before the files are read: then another command removes them, once."""
        if len(cache.uv.installed) == 1:
            home.rename(cache.folder / ".removing-1")
        return NOW

    tools = Tools(lambda name: name, cache.uv.run)
    reading = PackageStore(cache.folder, tools, lambda: HostTarget("x86_64"), cache.folder, clock)
    assert reading.files(request("read")) == {"module.py": b"read"}
    assert cache.uv.installed == ["read", "read"]


def test_packages_that_are_used_while_they_are_removed_come_back(tmp_path: Path) -> None:
    home = tmp_path / "packages"
    home.mkdir()
    os.utime(home, (NOW, NOW))
    remove(home, NOW - 1)
    assert home.is_dir()
    remove(home, NOW)
    assert list(tmp_path.iterdir()) == []
