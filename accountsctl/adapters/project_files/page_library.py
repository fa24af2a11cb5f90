"""The page's package.json beside a backend: what the page calls its API with."""

from __future__ import annotations

from pathlib import Path

from accountsctl.doctor.browser.client_library import ClientLibrary, library_of_package

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
