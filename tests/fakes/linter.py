"""The fake of `ports.Linter`."""

from __future__ import annotations

from collections.abc import Mapping

from accountsctl.ports.linter import LintFinding


class FakeLinter:
    """Finds in a template what stands in `findings` under a word of its text; `checked` remembers (text, region)."""

    def __init__(self, findings: Mapping[str, LintFinding] | None = None) -> None:
        self.findings = dict(findings or {})
        self.checked: list[tuple[str, str]] = []

    def lint(self, text: str, region: str) -> tuple[LintFinding, ...]:
        self.checked.append((text, region))
        return tuple(finding for word, finding in self.findings.items() if word in text)
