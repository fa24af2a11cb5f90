"""What a page calls its API with, and what defines and runs the API, by files of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from accountsctl.doctor.browser.client_library import ClientLibrary, library_of_package
from accountsctl.model.backend_tool import (
    NOTHING_SEEN,
    BackendTool,
    Framework,
    framework_of_package,
    framework_of_requirements,
    tool_of_folder,
    tool_of_template,
)

PACKAGE = "package.json"
_READERS = {
    PACKAGE: framework_of_package,
    "requirements.txt": framework_of_requirements,
    "pyproject.toml": framework_of_requirements,
}
"""What names the packages of a backend."""


def page_library(folder: Path) -> ClientLibrary | None:
    """The library of the page in a folder or in a folder of it; None if no package.json names one."""
    for path in (folder / PACKAGE, *sorted(folder.glob(f"*/{PACKAGE}"))):
        try:
            found = library_of_package(path.read_text("utf-8", "replace"))
        except OSError:
            continue
        if found is not None:
            return found
    return None


def backend_tool(templates: Sequence[Path], folder: Path) -> BackendTool:
    """What the templates that are named, and the files of a folder, show of a backend."""
    of_folder = _of_folder(folder)
    found = next((tool_of_template(path.read_text("utf-8", "replace")) for path in templates), None)
    if found is None:
        return of_folder
    return replace(found, language=found.language or of_folder.language, framework=of_folder.framework)


def _of_folder(folder: Path) -> BackendTool:
    try:
        found = tool_of_folder(path.name for path in folder.iterdir())
    except OSError:
        return NOTHING_SEEN
    if found.tool is None:
        found = next(_of_templates(folder), found)
    return replace(found, framework=_framework(folder))


def _of_templates(folder: Path) -> Iterator[BackendTool]:
    """What the templates show that have the name that SAM gives them."""
    for name in ("template.yaml", "template.yml", "template.json"):
        with suppress(OSError):
            yield tool_of_template((folder / name).read_text("utf-8", "replace"))


def _framework(folder: Path) -> Framework | None:
    """The framework of a folder's application, or of a folder of it; None if nothing names one."""
    for name, read in _READERS.items():
        for path in (folder / name, *sorted(folder.glob(f"*/{name}"))):
            try:
                found = read(path.read_text("utf-8", "replace"))
            except OSError:
                continue
            if found is not None:
                return found
    return None
