"""The results of `function env list` and `function secret list`."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.model.reports import FunctionSecret, FunctionVariable
from accountsctl.ui.rendering import JsonObject, to_json, to_text
from accountsctl.ui.screen import Screen


@dataclass(frozen=True)
class FunctionVariables:
    """The environment variables of functions in one environment."""

    environment: str
    rows: tuple[FunctionVariable, ...]

    @property
    def messages(self) -> tuple[str, ...]:
        """What to do if there are none."""
        return () if self.rows else ("There are none. Set one: accountsctl function env set KEY=VALUE",)


@to_text.register
def variables_text(result: FunctionVariables, screen: Screen) -> None:
    """A table."""
    if result.rows:
        cells = [
            (row.function, row.name, row.value, row.file + (" (overrides)" if row.overrides else ""))
            for row in result.rows
        ]
        screen.table(("function", "variable", "value", "stated in"), cells)


@to_json.register
def variables_json(result: FunctionVariables) -> JsonObject:
    """The environment and its variables."""
    variables = [
        {
            "function": row.function,
            "name": row.name,
            "value": row.value,
            "file": row.file,
            "overrides": row.overrides,
        }
        for row in result.rows
    ]
    return {"environment": result.environment, "variables": variables}


@dataclass(frozen=True)
class FunctionSecrets:
    """The secrets of functions in one environment."""

    environment: str
    rows: tuple[FunctionSecret, ...]

    @property
    def missing(self) -> tuple[FunctionSecret, ...]:
        """Those that have no value here."""
        return tuple(row for row in self.rows if not row.stored)

    @property
    def exit_code(self) -> int:
        """1 if a value is missing."""
        return 1 if self.missing else 0

    @property
    def messages(self) -> tuple[str, ...]:
        """What to type for each value that is missing."""
        if not self.rows:
            return ("There are none. Set one: accountsctl function secret set NAME",)
        environment = self.environment
        return tuple(
            f"{row.name} has no value: accountsctl function secret set {row.function} {row.name} -e {environment}"
            for row in self.missing
        )


@to_text.register
def secrets_text(result: FunctionSecrets, screen: Screen) -> None:
    """A table without values."""
    if result.rows:
        cells = [
            (row.function, row.name, "stored" if row.stored else "missing", row.place) for row in result.rows
        ]
        screen.table(("function", "secret", "value", "name in SSM"), cells)


@to_json.register
def secrets_json(result: FunctionSecrets) -> JsonObject:
    """The environment and its secrets."""
    secrets = [
        {"function": row.function, "name": row.name, "parameter": row.place, "stored": row.stored}
        for row in result.rows
    ]
    return {"environment": result.environment, "secrets": secrets}
