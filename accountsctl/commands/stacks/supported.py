"""What an environment's cloud does not support, found before anything is sent to it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from accountsctl.model.assembly import Child
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.model.template_body import TemplateBody, UnsupportedPart
from accountsctl.synth.parsing import line_of_key
from accountsctl.synth.validation.engines import SERVERLESS_V2

Unsupported = Callable[[TemplateBody], Sequence[UnsupportedPart]]
"""Gives what of a template the embedded cloud does not support."""
CURES = {("AWS::RDS::DBCluster", "ScalingConfiguration"): SERVERLESS_V2}
"""What to do about a property that AWS does not take either."""


def unsupported_faults(children: Iterable[Child], project: Project, unsupported: Unsupported) -> list[Fault]:
    """A fault for each resource that the environment's cloud does not support, or not with its properties."""
    if project.environment.cloud is not Cloud.LOCAL:
        return []
    found = [lack for child in children for lack in _of_child(child, unsupported)]
    ids = list(dict.fromkeys(str(lack.child.id) for lack in found if not lack.cure))
    hint = _omit_hint(ids, project.environment)
    return [
        Fault(
            lack.child.template.source,
            line_of_key(_source_text(lack.child, project), lack.logical_id),
            f"{lack.child.id}: the embedded cloud does not support {lack.what} ({lack.logical_id}).",
            lack.cure or hint,
        )
        for lack in found
    ]


@dataclass(frozen=True)
class _Lack:
    """What the embedded cloud does not support of a resource in a child's template; `cure` is "" if only leaving
    the child out helps.
    """

    child: Child
    logical_id: str
    what: str
    cure: str


def _of_child(child: Child, unsupported: Unsupported) -> list[_Lack]:
    return [
        _Lack(child, part.logical_id, part.what, CURES.get((part.type_name, part.what.partition(" ")[0]), ""))
        for part in unsupported(child.template.body)
    ]


def _omit_hint(ids: Sequence[str], environment: Environment) -> str:
    """One sentence for all resources, whose JSON and flags can be typed as they are."""
    omitted = [*sorted(map(str, environment.omit)), *ids]
    listed = json.dumps({"local": {"omit": omitted}})
    flags = " ".join(f"--omit {name}" for name in ids)
    what = "it" if len(ids) == 1 else "them"
    return (
        f"Push {what} to an environment of AWS, or leave {what} out of this one:"
        f" {listed} in {environment.name}'s file, or add {flags}"
    )


def _source_text(child: Child, project: Project) -> str:
    source = project.sources.get(child.id)
    return source.template.text if source and source.template else ""
