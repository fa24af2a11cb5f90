"""The folders of this user's embedded clouds, so that those that run are found from anywhere.

Each cloud that was ever started has a file next to the user's key. An entry whose folder is gone is removed when the
list is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from accountsctl.localcloud.private_files import write_private
from accountsctl.localcloud.state.trust import key_path


def remember(data: Path) -> None:
    """Add a folder, unless it is there."""
    folder = _folder()
    entry = folder / hashlib.sha256(str(data).encode()).hexdigest()[:32]
    if not entry.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(entry, str(data))


def known() -> Iterator[Path]:
    """The folders that still exist, in the order of their paths."""
    found = set()
    for entry in _folder().glob("[!.]*"):  # the name of one that is being written begins with a dot
        try:
            data = Path(entry.read_text())
        except FileNotFoundError:
            continue  # another command has removed it in the meantime
        if data.is_dir():
            found.add(data)
        else:
            entry.unlink(missing_ok=True)
    yield from sorted(found)


def _folder() -> Path:
    return key_path().parent / "clouds"
