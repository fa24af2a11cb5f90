"""What a page calls its API with, and what defines the API, by files of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from accountsctl.doctor.browser.client_library import ClientLibrary, library_of_package
from accountsctl.model.backend_tool import (
    NOTHING_SEEN,
    BackendTool,
    tool_of_folder,
    tool_of_template,
)

PACKAGE = "package.json"


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
    return BackendTool(found.tool, found.language or of_folder.language)


def _of_folder(folder: Path) -> BackendTool:
    try:
        return tool_of_folder(path.name for path in folder.iterdir())
    except OSError:
        return NOTHING_SEEN
