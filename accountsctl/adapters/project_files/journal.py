"""Several changes of files as one: all of them happen, or none.

    stage     what is new is written beside its place, under a name that no one reads
    journal   one file that lists the moves still to do appears in one step: from here on they happen
    apply     the moves
    forget    the journal goes

Whoever is killed before the journal leaves the old files (and strays ending in ``.tmp``); whoever is killed
after it leaves a journal, and the next command that opens the project finishes the moves before it reads.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from accountsctl.adapters.project_files.disk import Disk, write_file
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_writer import report_text
from accountsctl.formats.layout import JOURNAL_FILE
from accountsctl.model.errors import Fault, ProjectError


@dataclass(frozen=True)
class Move:
    """One step to do; paths relative to the project's root. A `target` of "" deletes the source."""

    source: str
    target: str


def change_together(
    disk: Disk,
    root: Path,
    files: Mapping[str, bytes],
    folders: Mapping[str, Mapping[str, bytes]],
    moves: Iterable[Move] = (),
) -> None:
    """Write `files`, make `folders`, do `moves`: as one change."""
    token = secrets.token_hex(6)
    staged: list[Move] = []
    try:
        for folder, contents in folders.items():
            staged.append(Move(_staged(folder, token), folder))
            for name, content in contents.items():
                _write(disk, root / staged[-1].source / name, content)
        for file, content in files.items():
            staged.append(Move(_staged(file, token), file))
            _write(disk, root / staged[-1].source, content)
            if (root / file).exists():
                disk.set_mode(root / staged[-1].source, (root / file).stat().st_mode & 0o7777)
        steps = [*moves, *staged]
        text = report_text([[step.source, step.target] for step in steps])
        write_file(disk, root / JOURNAL_FILE, text.encode())
    except BaseException:
        for move in staged:
            disk.remove(root / move.source)
        raise
    _apply(disk, root, steps)


def finish_pending(disk: Disk, root: Path) -> None:
    """Do what a killed command had begun. Costs one look at the disk where nothing is pending."""
    journal = root / JOURNAL_FILE
    if journal.exists():
        _apply(disk, root, _read(journal))


def _read(journal: Path) -> list[Move]:
    """The moves that a journal lists; ProjectError where it lists none: only another's hand writes such a one."""
    try:
        source = read(journal.read_text(encoding="utf-8"), JOURNAL_FILE)
        if source.faults:
            raise ValueError(source.faults[0].what)
        return [Move(origin, target) for origin, target in source.value]
    except (ValueError, TypeError) as error:
        fault = Fault(
            JOURNAL_FILE, 0, "It is not a list of moves.", "Remove it; `git status` shows what was changed."
        )
        raise ProjectError([fault]) from error


def _apply(disk: Disk, root: Path, steps: Iterable[Move]) -> None:
    """Do the moves that are not done yet: a source that is gone was moved before."""
    for step in steps:
        source = root / step.source
        if not source.exists():
            continue
        if step.target:
            disk.make_folder((root / step.target).parent)
            disk.move(source, root / step.target)
        else:
            disk.remove(source)
    disk.remove(root / JOURNAL_FILE)


def _staged(path: str, token: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}.{name}.{token}.tmp"


def _write(disk: Disk, path: Path, content: bytes) -> None:
    disk.make_folder(path.parent)
    disk.write(path, content)
