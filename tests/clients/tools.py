"""The clients that people bring: installed once in fixed versions, and run against the embedded cloud."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from accountsctl.localcloud.private_files import locked

INSTALLED = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "accountsctl-tests/clients"
SECONDS = 300
PROGRAMS = Path(__file__).parent / "programs"
"""What runs libraries, as their users' programs do."""
REGION = "eu-west-1"


@dataclass(frozen=True)
class Client:
    """A tool or library of one of the registries. `packages` are requirements of pip, or package@version of npm.

    `within`: the client whose installation has these packages too, so that there is one for several libraries.
    """

    name: str
    packages: tuple[str, ...]
    within: Client | None = None

    @property
    def version(self) -> str:
        """The version of the first package, which is the client itself."""
        return self.packages[0].replace("==", "@").rpartition("@")[2]

    @property
    def folder(self) -> Path:
        """Where it is installed, once for each set of versions."""
        if self.within:
            return self.within.folder
        digest = hashlib.sha256(" ".join(self.packages).encode()).hexdigest()[:12]
        return INSTALLED / f"{self.name.lower().replace(' ', '-')}-{digest}"

    def installed(self) -> Path:
        """The folder, after the installation that was missing."""
        if self.within:
            return self.within.installed()
        self.folder.mkdir(parents=True, exist_ok=True)
        with locked(self.folder / "lock"):  # two workers may need the same client at the same time
            if not (self.folder / "complete").exists():
                (self._pip if "==" in self.packages[0] else self._npm)()
                (self.folder / "complete").touch()
        return self.folder

    def _pip(self) -> None:
        # By uv: pip needs a minute for the SAM CLI, most of it to compile what the tests never import.
        uv = (sys.executable, "-m", "uv", "--quiet")
        venv = (*uv, "venv", "--seed", "--allow-existing", "--python", sys.executable, str(self.folder))
        subprocess.run(venv, check=True, timeout=SECONDS)
        options = ("--python", str(self.folder / "bin/python"), "--only-binary", ":all:")
        subprocess.run((*uv, "pip", "install", *options, *self.packages), check=True, timeout=SECONDS)

    def _npm(self) -> None:
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", *self.packages]
        (self.folder / "package.json").write_text('{"private": true}')
        subprocess.run(npm, cwd=self.folder, check=True, timeout=SECONDS)

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        folder = self.installed()
        is_npm = (folder / "node_modules").is_dir()
        return str(folder / ("node_modules/.bin" if is_npm else "bin") / name)


AWS_CLI = Client("AWS CLI", ("awscli==1.42.76",))
SAM_CLI = Client("SAM CLI", ("aws-sam-cli==1.170.0",))


class Exercise(Protocol):
    """A test that says which clients it runs, and what of each."""

    exercises: list[tuple[Client, str]]


def exercises(client: Client, what: str) -> Callable[[Any], Any]:
    """Mark a test as one that runs `what` of a client: a row of the table in docs/embedded-cloud.md."""

    def mark(test: Any) -> Any:
        test.exercises = [*getattr(test, "exercises", []), (client, what)]
        return test

    return mark


@dataclass(frozen=True)
class Ended:
    """A program that has ended; `out` holds both of its streams."""

    code: int
    out: str


@dataclass(frozen=True)
class Shell:
    """Runs programs in a folder, with AWS being the embedded cloud."""

    folder: Path
    variables: Mapping[str, str]

    def run(self, *words: str, expect: int | None = 0, **more: str) -> Ended:
        """Run a program without a terminal."""
        ended = subprocess.run(
            words,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env={**_inherited(), **self.variables, **more},
            timeout=SECONDS,
            check=False,
        )
        if expect is not None:
            assert ended.returncode == expect, f"{words}: {ended.returncode}\n{ended.stdout}"
        return Ended(ended.returncode, ended.stdout)


def _inherited() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    return {
        **ours,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        "SAM_CLI_TELEMETRY": "0",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "SLS_TELEMETRY_DISABLED": "1",
        "SLS_INTERACTIVE_SETUP_ENABLE": "0",
    }
