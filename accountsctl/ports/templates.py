"""Templates as text."""

from __future__ import annotations

from typing import Protocol

from accountsctl.model.edit import Change


class Templates(Protocol):
    """The package's own templates, and YAML changed in place (adapter: `adapters.project_files.templates`)."""

    def original(self, path: str) -> str | None:
        """Return the package's template at a path below ``templates/``; None if it has none."""

    def rewritten(self, text: str, change: Change) -> str:
        """Return a YAML text after a change, its comments kept."""
