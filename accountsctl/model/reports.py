"""What commands return: one frozen value each, of which text and JSON are two renderings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from accountsctl.model.drift import EnvironmentDrift
from accountsctl.model.errors import Fault
from accountsctl.model.plan import Action


@dataclass(frozen=True)
class ResourceStatus:
    """One line of `status`. `action` is None if the cloud was not queried, or did not respond."""

    resource: str
    service: str
    action: Action | None
    logical_id: str
    depends_on: tuple[str, ...]
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Status:
    """An environment and its resources. `stack_status` is None if the cloud could not be queried; `note` says why.

    `drift` is None if it was not detected. `unread` are sentences: what Amplify would act on and a push does not.
    """

    environment: str
    cloud: str
    stack_name: str
    stack_status: str | None
    resources: tuple[ResourceStatus, ...]
    note: str = ""
    drift: EnvironmentDrift | None = None
    unread: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """That of the drift; 0 if it was not detected."""
        return self.drift.exit_code if self.drift else 0


@dataclass(frozen=True)
class EnvironmentRow:
    """One line of `env list`."""

    name: str
    cloud: str
    region: str
    stack_name: str
    checked_out: bool


@dataclass(frozen=True)
class EditResult:
    """What a command changed in the project's files, in one sentence, and what to know or do next."""

    summary: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FunctionVariable:
    """A variable of a function in one environment. `file` states the value.

    `overrides`: another value is stated for all environments.
    """

    function: str
    name: str
    value: str
    file: str
    overrides: bool


@dataclass(frozen=True)
class FunctionSecret:
    """A secret that a function reads. `place` is its name in SSM; `stored`: whether there is a value."""

    function: str
    name: str
    place: str
    stored: bool


@dataclass(frozen=True)
class RenderResult:
    """What `render` wrote: paths relative to the project, root first, and the templates by resource."""

    environment: str
    files: tuple[str, ...]
    digests: Mapping[str, str]


@dataclass(frozen=True)
class ValidationResult:
    """What `validate` found: `faults` are refused by AWS, `warnings` are not."""

    environment: str
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...] = ()

    @property
    def exit_code(self) -> int:
        """2 if there is a fault."""
        return 2 if self.faults else 0
