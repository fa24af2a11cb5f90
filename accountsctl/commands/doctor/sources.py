"""Where `doctor cors` reads its facts: templates that were named, or a project in up to three layers."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accountsctl.commands.doctor.cors import DiagnosisSources, page_origins
from accountsctl.commands.stacks.endpoints import one_of_each
from accountsctl.commands.stacks.outputs import Outputs, root_urls
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.facts.templates.project import read_project
from accountsctl.doctor.observed.probe_plan import ProbePlan
from accountsctl.model.assembly import Assembly
from accountsctl.model.endpoints import HttpEndpoint
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import CloudError, Fault, ProjectError
from accountsctl.model.project import Project

CODE = (".py", ".js", ".mjs", ".cjs", ".ts")
NOT_CODE = {
    "node_modules",
    ".git",
    ".venv",
    "venv",
    "__pycache__",
    ".aws-sam",
    "cdk.out",
    "tests",
    "test",
    "__tests__",
}
"""Folders without a function's own code."""
MOST_FILES, MOST_FOLDERS, LONGEST_CODE = 300, 300, 500_000
Send = Callable[[ProbePlan, str], tuple[Exchange, ...]]


@dataclass(frozen=True)
class ProjectFacts:
    """What a project and its environment can report. `asleep`: the embedded cloud does not run, and is not started."""

    project: Project
    assembly: Callable[[], Assembly]
    deployed: Callable[[], Sequence[Api]]
    outputs: Callable[[], Outputs]
    endpoints: Callable[[], Sequence[HttpEndpoint]]
    token: Callable[[], str]
    asleep: bool

    def sources(self, layers: frozenset[Layer], send: Send | None) -> DiagnosisSources:
        """The project in the requested layers."""
        local = self.project.environment.cloud is Cloud.LOCAL
        reachable = layers & {Layer.DEPLOYED, Layer.LIVE} and not self.asleep
        return DiagnosisSources(
            static=lambda: read_project(self.assembly(), self.project),
            deployed=self._deployed if Layer.DEPLOYED in layers else None,
            roots=self._roots if reachable else None,
            send=send,
            origins=page_origins(self.project),
            token=self.token if local and not self.asleep else None,
            trusted=layers,
        )

    def _roots(self) -> dict[str, str]:
        """The URLs of the APIs and functions: by their outputs, or else by what the stacks hold."""
        stage = self.project.environment.name
        chosen = one_of_each(self.endpoints(), stage)
        held = {label: endpoint.url for label, endpoint in chosen.items()}
        return {**held, **root_urls(self.outputs())}

    def _deployed(self) -> Sequence[Api]:
        if self.asleep:
            raise CloudError("The embedded cloud does not run.", why="accountsctl push starts it.")
        return self.deployed()


def read_files(templates: Sequence[Path]) -> Sequence[Api]:
    """The APIs of templates that were named, with the files that these include."""
    try:
        return read_templates(
            {str(path): _text(path) for path in templates}, included=_included, sources=_sources
        )
    except ProjectError as error:
        raise ProjectError(error.faults, "The template cannot be checked.") from error


def _included(template: str, location: str) -> str | None:
    """The text of a file that a template names; None if there is none at that place."""
    path = Path(template).parent / location
    return _text(path) if path.is_file() else None


def _sources(template: str, location: str) -> Mapping[str, str]:
    """The code in a folder that a template names, by the paths in it; nothing if it is too much for a function."""
    root = Path(template).parent / location
    found: dict[str, str] = {}
    for seen, (folder, folders, names) in enumerate(os.walk(root)):
        folders[:] = sorted(set(folders) - NOT_CODE)
        paths = [Path(folder) / name for name in sorted(names) if name.endswith(CODE)]
        if seen >= MOST_FOLDERS or len(found) + len(paths) > MOST_FILES:
            return {}
        for path in paths:
            if path.is_file() and path.stat().st_size <= LONGEST_CODE:
                found[path.relative_to(root).as_posix()] = path.read_text("utf-8", "replace")
    return found


def _text(path: Path) -> str:
    content = path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ProjectError([Fault(str(path), line, "It is not UTF-8.", "Save it as UTF-8.")]) from error


def template_sources(
    templates: Sequence[Path], layers: frozenset[Layer], send: Send | None
) -> DiagnosisSources:
    """The templates that were named; of other layers than the requested ones only the routes are used."""
    files = tuple(map(str, templates))
    return DiagnosisSources(static=lambda: read_files(templates), send=send, trusted=layers, files=files)
