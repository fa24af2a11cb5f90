"""Templates as text: the adapter of `ports.templates.Templates`."""

from __future__ import annotations

from accountsctl.adapters.project_files.resources import package_template
from accountsctl.adapters.project_files.yaml_text import rewritten
from accountsctl.model.edit import Change


class FileTemplates:
    """The templates that the package carries, and YAML that keeps its comments when it is changed."""

    def original(self, path: str) -> str | None:
        """Return the package's own template at a path below ``templates/``; None if it has none."""
        return package_template(path)

    def rewritten(self, text: str, change: Change) -> str:
        """Return a YAML text after a change, its comments kept."""
        return rewritten(text, change)
