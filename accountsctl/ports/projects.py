"""The project on disk: read, and edited as a whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accountsctl.model.assembly import Assembly
from accountsctl.model.edit import Edit
from accountsctl.model.environment import Environment
from accountsctl.model.errors import Fault
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project
from accountsctl.model.team_environment import TeamEnvironment


@dataclass(frozen=True)
class Reading:
    """A project as far as it could be read, and what was wrong on the way.

    `unsound` are resources whose own files could not be read: they are in the backend, not in the sources,
    and nothing is concluded from what they lack.
    """

    project: Project
    faults: tuple[Fault, ...]
    unsound: frozenset[ResourceId]


class Projects(Protocol):
    """The project on disk (adapter: `adapters.project_files.store`)."""

    def environments(self) -> tuple[str, ...]:
        """The names of all environments, sorted."""

    def environment(self, name: str) -> Environment:
        """One environment's file; ProjectError where it is missing or unsound."""

    def checked_out(self) -> str | None:
        """The environment that is checked out here, or None."""

    def check_out(self, name: str) -> None:
        """Make `name` the checked-out environment, in one atomic write."""

    def read(self, environment: str | None = None) -> Reading:
        """The whole project for `environment` (default: the checked-out one), as far as it can be read.

        ProjectError only where nothing can be: no project, no such environment, an unsound environment.
        """

    def write_build(self, assembly: Assembly) -> Sequence[str]:
        """Write the rendered templates under ``amplify/build/<env>/``; returns their paths, root first."""


class Workspace(Projects, Protocol):
    """The project on disk for those who change it (adapter: `adapters.project_files.workspace`)."""

    def apply(self, edit: Edit) -> None:
        """Make all changes of an edit, or none; ProjectError where one cannot be made."""

    def rehearse(self, edit: Edit, environment: str) -> Reading:
        """What `read` would give after `apply`; touches nothing."""

    def team_environments(self) -> Mapping[str, TeamEnvironment]:
        """Amplify's environments by name, none if it made none here; ProjectError if their file has faults."""

    def text(self, path: str) -> str | None:
        """A file's text, by its path below the root, its line ends as they are; None if there is none."""

    def exists(self, path: str) -> bool:
        """True if there is a file or folder at a path below the root."""
