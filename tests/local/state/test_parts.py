"""A state is written by what has changed, and each generation of it is whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from accountsctl.localcloud.state import parts, snapshot
from accountsctl.localcloud.state.blobs import SMALL
from accountsctl.localcloud.state.parts import Places, StatePart

MOTO = "1"
FEW, MANY = b"a" * 40, b"b" * (SMALL + 1)


class Disk:
    """A state on disk; `written` are the sizes of all files that were written, in order."""

    def __init__(self, folder: Path, hot: int = 100) -> None:
        self.path = folder / "state"
        self.written: list[int] = []
        self.blobs = snapshot.blobs_of(self.path)
        self.blobs._write = self._write
        self._places = Places(self.blobs, hot)

    def _write(self, path: Path, data: bytes) -> None:
        snapshot.write_private(path, data)
        self.written.append(len(data))

    def save(self, control: Mapping[str, bytes | StatePart]) -> int:
        """Write a state of these parts of moto; return how many files were written besides the state's own."""
        self.written.clear()
        made = {
            f"moto/{name}": part if isinstance(part, StatePart) else StatePart(part)
            for name, part in control.items()
        }
        places, named = self._places.place(made)
        snapshot.write(self.path, places, MOTO)
        self.blobs.sweep(named)
        return len(self.written)

    def read(self) -> dict[str, bytes]:
        """The parts that a start finds."""
        state = snapshot.read(self.path, MOTO)
        assert state is not None
        return {name.removeprefix("moto/"): content for name, content in state.control.items()}


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def test_what_changed_last_is_in_the_file_and_the_rest_is_stored_once(disk: Disk) -> None:
    first = {"a": FEW, "b": b"b" * 40, "c": b"c" * 40}
    assert disk.save(first) == 1  # there is room for two
    second = {**first, "a": b"A" * 40}
    assert disk.save(second) == 1  # the one that changed took the place of the oldest
    assert disk.save({**second, "a": b"B" * 40}) == 0
    assert disk.read() == {**second, "a": b"B" * 40}


def test_a_large_part_does_not_stand_in_the_file_and_drives_no_other_one_out(tmp_path: Path) -> None:
    disk = Disk(tmp_path, hot=10 * SMALL)
    assert disk.save({"few": FEW, "many": MANY}) == 1
    assert disk.path.stat().st_size < 1000
    assert disk.save({"few": b"other", "many": MANY}) == 0
    assert disk.read() == {"few": b"other", "many": MANY}


def test_a_part_that_is_gone_does_not_come_back(disk: Disk) -> None:
    disk.save({"few": FEW, "many": MANY})
    disk.save({"few": FEW})
    assert disk.read() == {"few": FEW}


def test_the_state_before_the_last_is_whole_too(disk: Disk) -> None:
    """Also after a kill between the contents and the state that names them: what is newer is not looked at."""
    generations = [{"x": b"x" * (SMALL + number), "y": str(number).encode()} for number in range(1, 6)]
    for generation in generations:
        disk.save(generation)
    places, _ = disk._places.place({"moto/x": StatePart(MANY + b"newer"), "moto/y": StatePart(b"newer")})
    assert places  # killed here
    assert disk.read() == generations[-1]
    disk.path.unlink()
    assert disk.read() == generations[-2]
    assert len(list((disk.path.parent / "blobs").iterdir())) == 3  # two generations, and what the kill left


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_state_whose_content_is_damaged_gives_way_to_the_one_before(disk: Disk, damage: str) -> None:
    disk.save({"x": MANY})
    disk.save({"x": MANY + b"last"})
    (last,) = (path for path in (disk.path.parent / "blobs").iterdir() if path.read_bytes().endswith(b"last"))
    if damage == "gone":
        last.unlink()
    else:
        last.write_bytes(last.read_bytes()[:-1])
    assert disk.read() == {"x": MANY}
    assert disk.path.with_name("state.damaged").exists()


def test_a_content_that_a_part_names_is_kept_as_long_as_the_part(disk: Disk) -> None:
    name = disk.blobs.put(MANY)
    for number in range(3):
        disk.save({"s3": StatePart(FEW, frozenset([name])), "other": str(number).encode()})
    assert disk.blobs.get(name) == MANY
    for _ in range(3):
        disk.save({"s3": FEW})
    with pytest.raises(FileNotFoundError):
        disk.blobs.get(name)


def test_services_get_back_the_lists_that_were_written_element_by_element() -> None:
    written = {
        "gateway": {"snapshots": {}},
        "cloudformation": {"format": 2},
        "cloudformation/stacks/arn:aws:a/1": {"name": "a"},
        "cloudformation/stacks/arn:aws:b/2": {"name": "b"},
    }
    assert parts.services((name, json.dumps(value).encode()) for name, value in written.items()) == {
        "gateway": {"snapshots": {}},
        "cloudformation": {"format": 2, "stacks": [{"name": "a"}, {"name": "b"}]},
    }
