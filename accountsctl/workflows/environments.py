"""Which environments there are, and which one is checked out."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.model.environment import Environment
from accountsctl.model.reports import EnvironmentRow
from accountsctl.ports import Projects


@dataclass(frozen=True)
class Environments:
    """`env list` and `env checkout`."""

    projects: Projects

    def rows(self) -> tuple[EnvironmentRow, ...]:
        """All environments, the checked-out one marked."""
        current = self.projects.checked_out()
        return tuple(
            _row(self.projects.environment(name), checked_out=name == current)
            for name in self.projects.environments()
        )

    def check_out(self, name: str) -> EnvironmentRow:
        """Check `name` out; its file is found sound before a byte is written."""
        environment = self.projects.environment(name)
        self.projects.check_out(name)
        return _row(environment, checked_out=True)


def _row(environment: Environment, *, checked_out: bool) -> EnvironmentRow:
    return EnvironmentRow(
        environment.name, environment.cloud.value, environment.region, environment.stack_name, checked_out
    )
