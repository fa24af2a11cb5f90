"""What is installed for a function or a layer: from which files, by which tool, for which machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from accountsctl.model.names import ResourceId

FORMAT = 1
"""Changes when the same files are packed otherwise, so that they are deployed again."""


class Manager(StrEnum):
    """The file that packages are installed from, by its name; it decides what installs them.

    `ESBUILD` is none: it builds a function of TypeScript, with what its lock file names.
    """

    UV = "uv.lock"
    POETRY = "poetry.lock"
    PIPENV = "Pipfile.lock"
    REQUIREMENTS = "requirements.txt"
    PIPFILE = "Pipfile"
    NPM = "package-lock.json"
    YARN = "yarn.lock"
    PNPM = "pnpm-lock.yaml"
    ESBUILD = "esbuild"

    @property
    def language(self) -> str:
        """``python`` or ``nodejs``."""
        return "nodejs" if self in NODE_MANAGERS else "python"


NODE_MANAGERS = frozenset({Manager.NPM, Manager.YARN, Manager.PNPM, Manager.ESBUILD})


@dataclass(frozen=True)
class PackageTarget:
    """What packages are installed for: `runtime` (python3.13), `architecture` (arm64, x86_64).

    `local`: this machine, on which the embedded cloud runs the function.
    """

    runtime: str
    architecture: str
    local: bool = False

    @property
    def version(self) -> str:
        """The version of the language, such as 3.13 or 22."""
        return self.runtime.removeprefix("python").removeprefix("nodejs").removesuffix(".x")


@dataclass(frozen=True)
class HostTarget:
    """This machine: its architecture in Lambda's words, and by runtime the Python that stands in for it here."""

    architecture: str
    stand_ins: Mapping[str, str] = field(default_factory=dict)

    def target(self, runtime: str) -> PackageTarget:
        """What is installed for a function that the embedded cloud runs."""
        return PackageTarget(self.stand_ins.get(runtime, runtime), self.architecture, local=True)


@dataclass(frozen=True)
class PackageRequest:
    """The packages of one resource. `files` decide them, by their names; they are in `folder` of the project.

    `prefix` is where the packages belong in the resource's zip: empty, or ``python/`` in a layer. `entry` is the file
    of TypeScript that is built, with all that it imports.
    """

    resource: ResourceId
    folder: str
    manager: Manager
    files: Mapping[str, bytes]
    target: PackageTarget
    prefix: str = ""
    entry: str = ""

    @cached_property
    def digest(self) -> str:
        """The identity of what is installed: equal for equal files and targets, whatever function needs them."""
        files = {name: hashlib.sha256(content).hexdigest() for name, content in sorted(self.files.items())}
        target = [self.target.runtime, self.target.architecture, self.target.local]
        text = json.dumps([FORMAT, self.manager, target, self.prefix, self.entry, files])
        return hashlib.sha256(text.encode()).hexdigest()
