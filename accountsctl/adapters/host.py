"""`ports.Host`: the versions of the tools on this machine."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from importlib import metadata

PATIENCE = 10
"""Seconds for a program to report its version."""


class ThisHost:
    """The machine that this runs on."""

    def python(self) -> str:
        """This Python's version."""
        return platform.python_version()

    def package(self, name: str, /) -> str | None:
        """The version of an installed Python package; None if it is missing. Imports nothing."""
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return None

    def runs_on(self, runtime: str, /) -> str | None:
        """What runs a Lambda runtime here (`Python 3.11`); None if it is the runtime's own version, or nothing."""
        from accountsctl.adapters.local_cloud import runs_on

        return runs_on(runtime)

    def postgresql(self) -> str | None:
        """The version of the PostgreSQL that local databases run on (`16.14`); None if there is none."""
        from accountsctl.adapters.local_cloud import postgresql_program

        program = postgresql_program()
        version = re.search(r"\d+(\.\d+)*", self.program(program) or "") if program else None
        return version[0] if version else None

    def program(self, name: str, /) -> str | None:
        """The version that a program reports; None if it is not on the path, empty if it reports none."""
        found = shutil.which(name)
        if found is None:
            return None
        try:
            completed = subprocess.run(
                (found, "--version"), capture_output=True, text=True, check=False, timeout=PATIENCE
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        output = completed.stdout.strip() or completed.stderr.strip()
        return output.partition("\n")[0].removeprefix("v")
