"""Where a fault of a rendered template is to be fixed.

A custom resource's own template is uploaded as it was written: its faults stand in that file. Everything else
went through Jinja, which keeps no lines: its faults stand in the rendered file, which `render` and `validate` write.
"""

from __future__ import annotations

from accountsctl.formats.layout import build_file
from accountsctl.formats.template_lines import TemplatePath, line_of
from accountsctl.model.assembly import Child
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project

PACKAGED = "package:"


def template_fault(project: Project, child: Child, path: TemplatePath, what: str, hint: str = "") -> Fault:
    """A fault at `path` of a child's template."""
    source = project.sources.get(child.id)
    written = source.template if source else None
    if written and not written.file.endswith(".j2"):
        file, text = written.file, written.text
    else:
        file, text = build_file(project.environment.name, child.id), child.template.text
        hint = f"{hint} {_origin(child)}".strip()
    where = ".".join(str(part) for part in path)
    return Fault(file, line_of(text, path), what, hint, str(child.id), where)


def _origin(child: Child) -> str:
    """Which file to change where the rendered one shows the fault."""
    if child.template.source.startswith(PACKAGED):
        return f"It follows from the parameters of {child.id}."
    return f"It is rendered from {child.template.source}."
