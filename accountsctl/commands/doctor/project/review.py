"""The project's part of `doctor`: everything that would stop a push, and what is worth changing in it.

    stops      what `validate` and a push refuse, all of it, and what the embedded cloud does not support
    advice     runtimes and databases that end, old SDKs, open APIs, missing rights, secrets in plain text

Nothing is written, and no cloud is called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from accountsctl.commands.doctor.project.engines import ended_databases
from accountsctl.commands.doctor.project.open_apis import open_apis
from accountsctl.commands.doctor.project.plain_secrets import plain_secrets
from accountsctl.commands.doctor.project.resources import EvaluatedProject, evaluated_project
from accountsctl.commands.doctor.project.rights import missing_rights
from accountsctl.commands.doctor.project.runtimes import retired_runtimes
from accountsctl.commands.doctor.project.sdk_v2 import sdk_v2_uses
from accountsctl.commands.stacks.rendered_project import RenderedProject
from accountsctl.commands.stacks.supported import Unsupported
from accountsctl.formats.layout import TEAM_PROVIDER_FILE, environment_file, parameter_files
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import AccountsctlError, Fault, ProjectError
from accountsctl.model.health import Check, Outcome
from accountsctl.model.project import Project
from accountsctl.ports.projects import Workspace
from accountsctl.synth.assembling import Rendering


@dataclass(frozen=True)
class ProjectReview:
    """What the files make, None if they have faults, and the checks of them."""

    assembly: Assembly | None
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class ReviewSources:
    """What a review reads; each raises our own errors if it cannot be read.

    `stops` gives the rendering and every fault that stops a push; `texts` are the JSON files that may hold secrets,
    `unread` sentences about files that Amplify would act on and a push does not.
    """

    project: Callable[[], Project]
    stops: Callable[[], tuple[Rendering, tuple[Fault, ...]]]
    texts: Callable[[Project], Mapping[str, str]]
    unread: Callable[[], Iterable[str]] = tuple

    def run(self, today: date) -> ProjectReview:
        """Review the project; what cannot be read is a finding."""
        try:
            project = self.project()
            rendering, faults = self.stops()
        except ProjectError as error:
            return ProjectReview(None, tuple(_stop(fault) for fault in error.faults))
        except AccountsctlError as error:
            message = f"{error.what} {error.why}".strip()
            return ProjectReview(None, (Check("project", Outcome.FINDING, message, error.hint),))
        places = {(fault.file, fault.line) for fault in faults}
        secrets = plain_secrets(self.texts(project), places)
        notes = (Check("project", Outcome.NOTE, sentence) for sentence in self.unread())
        advice = (*notes, *_advice(evaluated_project(project, rendering), today), *secrets)
        return ProjectReview(rendering.assembly, (*_stops(rendering, faults), *advice))


def project_review(
    rendered: RenderedProject, workspace: Workspace, unsupported: Unsupported
) -> ReviewSources:
    """The review of the project that a command is about."""
    return ReviewSources(
        project=lambda: rendered.reading.project,
        stops=lambda: rendered.stops(unsupported),
        texts=lambda project: dict(_texts(workspace, project)),
        unread=lambda: rendered.unread,
    )


def _texts(workspace: Workspace, project: Project) -> Iterator[tuple[str, str]]:
    """The files of parameters: those of the resources, of the environments, and of Amplify's environments."""
    files = [TEAM_PROVIDER_FILE, *map(environment_file, workspace.environments())]
    of_resources = (file for resource in project.backend for file in parameter_files(resource.id))
    for file in (*files, *of_resources):
        try:
            # What the project was read from is not read again.
            text = project.texts[file] if file in project.texts else workspace.text(file)
        except ValueError:  # not UTF-8, which is a fault where the file is used
            continue
        if text is not None:
            yield file, text


def _stops(rendering: Rendering, faults: tuple[Fault, ...]) -> Iterator[Check]:
    if not faults:
        count = len(rendering.children)
        yield Check("project", Outcome.OK, f"{count} resource{'s' if count != 1 else ''}, all sound.")
    yield from map(_stop, faults)


def _stop(fault: Fault) -> Check:
    return Check("project", Outcome.FINDING, str(fault), fault.hint)


def _advice(rendered: EvaluatedProject, today: date) -> Iterator[Check]:
    yield from retired_runtimes(rendered, today)
    yield from ended_databases(rendered, today)
    yield from sdk_v2_uses(rendered)
    yield from missing_rights(rendered)
    yield from open_apis(rendered)
