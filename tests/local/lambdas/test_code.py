"""A function's code on disk: someone damages it while the cloud runs, and the next process has it whole again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accountsctl.localcloud.lambdas.code import clear, code_hash, collect, unpacked, unpacked_layers
from tests.local.lambdas.conftest import zipped

FILES = {"index.py": "whole", "pkg/mod.py": "whole"}


def flip(file: Path) -> None:
    """Other content of the same size, a moment later than it was unpacked."""
    before = file.stat()
    file.write_text("WHOLE")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns + 1_000_000))


DAMAGES = {
    "empty": lambda file: file.write_text(""),
    "cut": lambda file: file.write_text("who"),
    "flipped": flip,
    "gone": lambda file: file.unlink(),
    "folder gone": lambda file: shutil.rmtree(file.parent),
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_code_is_unpacked_again(tmp_path: Path, damage: Callable[[Path], object], file: str) -> None:
    home = unpacked(zipped(FILES), tmp_path)
    damage(home / file)
    assert unpacked(zipped(FILES), tmp_path) == home
    assert {path: (home / path).read_text() for path in FILES} == FILES
    assert list(tmp_path.iterdir()) == [home]


def test_damaged_layers_are_unpacked_again(tmp_path: Path) -> None:
    layers = [zipped({"python/a.py": "a"}), zipped({"python/a.py": "later"})]
    home = unpacked_layers(layers, tmp_path)
    (home / "python/a.py").write_text("")
    assert (unpacked_layers(layers, tmp_path) / "python/a.py").read_text() == "later"


def test_what_was_added_stays(tmp_path: Path) -> None:
    home = unpacked(zipped(FILES), tmp_path)
    (home / "__pycache__").mkdir()
    assert (unpacked(zipped(FILES), tmp_path) / "__pycache__").is_dir()


def test_code_that_was_removed_and_comes_back_is_unpacked_as_it_is_then(tmp_path: Path) -> None:
    code = zipped(FILES)
    home = unpacked(code, tmp_path)
    collect(tmp_path, set())
    assert not home.exists()
    assert (unpacked(code, tmp_path) / "index.py").read_text() == "whole"
    assert home.name == code_hash(code)
    clear(tmp_path)
    assert (unpacked(code, tmp_path) / "pkg/mod.py").read_text() == "whole"


def test_code_that_two_unpack_at_once_is_not_replaced_afterwards(tmp_path: Path) -> None:
    """The second one finds the folder of the first one, and must not take it for a damaged one later."""
    layers = [zipped(FILES)]

    class Slow(list[bytes]):
        """Layers of which another caller has unpacked all before the first is extracted here."""

        reads = 0

        def __iter__(self) -> Iterator[bytes]:
            self.reads += 1
            if self.reads == 2:  # the first time is for the hash
                (unpacked_layers(layers, tmp_path) / "added").touch()
            return super().__iter__()

    home = unpacked_layers(Slow(layers), tmp_path)
    assert (unpacked_layers(layers, tmp_path) / "added").exists()
    assert home.is_dir()
