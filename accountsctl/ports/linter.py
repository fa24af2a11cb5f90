"""The linter of CloudFormation templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

TemplatePath = tuple[str | int, ...]
"""Keys and indices from the top of a template."""


@dataclass(frozen=True)
class LintFinding:
    """What a rule of the linter found. `error` is False for a warning, which stops nothing."""

    rule: str
    error: bool
    path: TemplatePath
    message: str
    hint: str = ""


class Linter(Protocol):
    """Checks a template by AWS's resource schemas (adapter: `adapters.cfn_lint`)."""

    def lint(self, text: str, region: str) -> tuple[LintFinding, ...]:
        """The findings of a rendered template, as it would be deployed in `region`."""
