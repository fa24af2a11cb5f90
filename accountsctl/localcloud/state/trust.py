"""What lies in a project's folder may come from anyone: a clone, a pull, an archive. What is ours bears a mark.

The mark is an HMAC under a key of this user that never lies in a project: ``accountsctl/key`` in the user's data
folder (XDG_DATA_HOME, by default ``~/.local/share``), mode 0600. A folder of the embedded cloud is marked when it is
created, and the state at every write. Without a valid mark nothing in the folder is opened: its state is a pickle,
its databases are PostgreSQL's files, its functions are code, and each of them can run code.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

MARK = "mark"
_FOLDER = b"a folder of the embedded cloud"


class TrustError(Exception):
    """Nothing vouches for what would be opened. `hint` says what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.hint = hint


def key_path() -> Path:
    """Where this user's key is."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "accountsctl" / "key"


def read_key(path: Path) -> bytes:
    """The key, created on first use; raises TrustError if it is not this user's alone."""
    try:
        if not path.exists():
            _create_key(path)
        about = path.stat()
        key = path.read_bytes()
    except OSError as fault:
        raise TrustError(
            f"The key that marks the embedded cloud's files cannot be used: {fault}.",
            "Make the folder writable, or set XDG_DATA_HOME to one that is.",
        ) from fault
    if about.st_uid != os.geteuid() or about.st_mode & 0o077 or len(key) < 32:
        raise TrustError(
            f"{path} is not a key that this user alone can read.",
            "Remove it; `accountsctl local trust` then marks the projects that are yours again.",
        )
    return key


def sign(data: bytes) -> str:
    """The mark of some bytes, in hexadecimal."""
    return hmac.new(read_key(key_path()), data, hashlib.sha256).hexdigest()


def is_valid(mark: str, data: bytes) -> bool:
    """Whether `mark` is this user's mark of `data`."""
    return hmac.compare_digest(mark.encode(), sign(data).encode())


def claim(folder: Path) -> None:
    """Mark a folder that is new or empty; raises TrustError for one that holds files and is not marked."""
    if folder.is_symlink():
        raise TrustError(
            f"{folder} is a link.", "Remove it: the embedded cloud keeps a folder of its own there."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = folder / MARK
    # A draft of the mark is one of another command that starts at the same time.
    if not mark.exists() and all(entry.name.startswith(f".{MARK}.") for entry in folder.iterdir()):
        vouch(folder)
    if not is_marked(folder):
        raise TrustError(
            f"{folder} was not created here by this user, so nothing in it is opened: it may run code.",
            "If it came with a repository, remove it. If it is yours (from an earlier version, another machine or "
            "another user): accountsctl local trust",
        )


def is_marked(folder: Path) -> bool:
    """Whether this user's accountsctl made the folder, or `local trust` marked it."""
    try:
        mark = (folder / MARK).read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return is_valid(mark, _FOLDER)


def vouch(folder: Path) -> None:
    """Mark the folder as this user's."""
    draft = folder / f".{MARK}.{os.getpid()}.{secrets.token_hex(4)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(sign(_FOLDER))
    draft.replace(folder / MARK)


def _create_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".key.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(32))
        try:
            os.link(draft, path)  # fails if another command has just created it
        except FileExistsError:
            return
    finally:
        draft.unlink()
