"""Code that its runtime cannot load, found before it is uploaded: every call of the function would fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from accountsctl.formats.layout import code_folder
from accountsctl.model.assembly import Child
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.ports.syntax import Syntax
from accountsctl.synth.packaging import runs_on


def syntax_faults(project: Project, children: Iterable[Child], syntax: Syntax) -> Iterator[Fault]:
    """A fault for each file of these resources that their runtime cannot read, with its line."""
    local = project.environment.cloud is Cloud.LOCAL
    for child in children:
        source, (runtime, _) = project.sources.get(child.id), runs_on(child.template.body)
        if source is None or child.package is None or not runtime:
            continue
        for path, line, what in syntax.errors(source.code, runtime, local=local):
            message = f"{child.id}: {runtime} cannot read this file: {what}."
            hint = "Every call would fail. Fix it, then push again."
            yield Fault(f"{code_folder(child.id)}/{path}", line, message, hint, str(child.id))
