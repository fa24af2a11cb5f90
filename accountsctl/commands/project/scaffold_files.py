"""The files with which `add` starts a resource: they are data of the package, below ``scaffold/``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources as package
from importlib.resources.abc import Traversable

from accountsctl.model.examples import Example


def function_files(runtime: str, example: Example | None) -> Mapping[str, bytes]:
    """The files of a new function, by their path below its folder: those of `example`, if there is one."""
    language = "nodejs" if runtime.startswith("nodejs") else "python"
    return scaffold(f"{example.name}-{language}" if example else language)


def database_files(example: Example | None) -> Mapping[str, bytes]:
    """The files of a new database, by their path below its folder; none without an example."""
    return scaffold(f"{example.name}-rds") if example else {}


def scaffold(name: str) -> Mapping[str, bytes]:
    """All files of one scaffold."""
    return dict(_files(package.files("accountsctl.commands.project").joinpath("scaffold", name), ""))


def _files(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        # Python may have compiled the scaffold's own tests.
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _files(entry, f"{prefix}{entry.name}/")
        elif entry.is_file():
            yield f"{prefix}{entry.name}", entry.read_bytes()
