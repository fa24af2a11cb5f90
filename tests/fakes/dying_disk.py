"""A disk whose process is killed in the middle of its work."""

from __future__ import annotations

from pathlib import Path

from accountsctl.adapters.project_files.disk import Disk


class Killed(BaseException):
    """The end of a process, as far as a test may have it."""


class DyingDisk(Disk):
    """A disk that stops at the `step`-th change, half a write included; nothing happens after that."""

    def __init__(self, step: int) -> None:
        self.left = step

    def _step(self) -> None:
        self.left -= 1
        if self.left <= 0:
            raise Killed

    def write(self, path: Path, content: bytes) -> None:
        if self.left == 1:
            super().write(path, content[: len(content) // 2])
        self._step()
        super().write(path, content)

    def move(self, source: Path, target: Path) -> None:
        self._step()
        super().move(source, target)

    def set_mode(self, path: Path, mode: int) -> None:
        self._step()
        super().set_mode(path, mode)

    def make_folder(self, path: Path) -> None:
        self._step()
        super().make_folder(path)

    def remove(self, path: Path) -> None:
        self._step()
        super().remove(path)
