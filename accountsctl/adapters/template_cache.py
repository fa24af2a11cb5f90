"""What was made of templates, kept in the user's own cache folder: compiled, rendered, and looked through.

Never in the project: compiled code is run as it is, past Jinja's sandbox, and a project comes from others.
"""

from __future__ import annotations

import os
from pathlib import Path

from accountsctl.adapters.project_files.disk import Disk, write_file


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/accountsctl``, by default below ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "accountsctl"


class CompiledFolder:
    """`ports.TemplateCache` in a folder that belongs to this user alone, of at most `limit` files."""

    def __init__(self, folder: Path, limit: int = 2_000) -> None:
        self._folder = folder
        self._limit = limit

    def get(self, key: str) -> bytes | None:
        """What was kept; None if nothing is, or the file is not this user's own."""
        path = self._folder / key
        try:
            return path.read_bytes() if path.stat().st_uid == os.getuid() else None
        except OSError:
            return None

    def put(self, key: str, content: bytes) -> None:
        """Keep `content`; a folder that cannot be written costs the time to compile again, and no more."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_file(Disk(), self._folder / key, content)
            self._make_room()
        except OSError:
            return

    def _make_room(self) -> None:
        """Delete the older half of the files where there are too many: each template that ever was leaves some."""
        files = [path for path in self._folder.iterdir() if path.is_file()]
        if len(files) > self._limit:
            files.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in files[: len(files) // 2]:
                path.unlink(missing_ok=True)
