"""cfn-lint's findings as faults of the project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accountsctl.model.assembly import Child
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.ports.linter import Linter, LintFinding
from accountsctl.synth.validation.places import template_fault

UNKNOWN_TYPE = "E3006"
SHADOWED = {"E3031": "E1161"}
"""A rule whose finding says the same as another rule's, only with less detail."""
HINTS = {
    "AWS::S3::Bucket.Name": "A bucket's name has 3 to 63 lowercase letters, digits, dots and hyphens, "
    "and starts and ends with a letter or digit.",
}


@dataclass(frozen=True)
class Linted:
    """What the linter found: `faults` are refused by AWS, `warnings` are not."""

    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def lint_children(project: Project, children: Iterable[Child], linter: Linter) -> Linted:
    """Check each child's template for the environment's region."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    for child in children:
        for finding in _distinct(linter.lint(child.template.text, project.environment.region)):
            refused = finding.error and not _has_private_type(finding, child)
            what = f"{finding.message.rstrip('.')} ({finding.rule})."
            fault = template_fault(project, child, finding.path, what, finding.hint or _hint(finding))
            (faults if refused else warnings).append(fault)
    return Linted(tuple(faults), tuple(warnings))


def _hint(finding: LintFinding) -> str:
    return next((hint for words, hint in HINTS.items() if words in finding.message), "")


def _distinct(findings: tuple[LintFinding, ...]) -> Iterator[LintFinding]:
    found = {(finding.rule, finding.path) for finding in findings}
    return (finding for finding in findings if (SHADOWED.get(finding.rule), finding.path) not in found)


def _has_private_type(finding: LintFinding, child: Child) -> bool:
    """Whether the resource is of a type of the account's own registry: only AWS knows whether it exists."""
    if finding.rule != UNKNOWN_TYPE or len(finding.path) < 2:
        return False
    resource = child.template.body.get("Resources", {}).get(str(finding.path[1]), {})
    return not str(resource.get("Type", "")).startswith("AWS::")
