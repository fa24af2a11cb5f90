"""An environment as Amplify keeps it: read from team-provider-info.json, never written."""

from __future__ import annotations

from dataclasses import dataclass, field

from accountsctl.model.environment import ParameterTable


@dataclass(frozen=True)
class TeamEnvironment:
    """One environment of Amplify's. A text is empty if the file does not state it."""

    name: str
    region: str
    stack_name: str
    stack_id: str = ""
    bucket: str = ""
    parameters: ParameterTable = field(default_factory=dict)
    imported: ParameterTable = field(default_factory=dict)

    @property
    def account_id(self) -> str:
        """The account's twelve digits, from the stack's ARN."""
        parts = self.stack_id.split(":")
        return parts[4] if len(parts) > 5 else ""
