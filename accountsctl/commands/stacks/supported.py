"""What an environment's cloud does not support, found before anything is sent to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from accountsctl.model.assembly import Child
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import Fault
from accountsctl.model.project import Project
from accountsctl.synth.parsing import line_of_key
from accountsctl.synth.validation.engines import SERVERLESS_V2

Unsupported = Callable[[str, Mapping[str, Any]], Sequence[str]]
"""Takes a resource's type and its properties; gives what of them the embedded cloud does not support."""
CURES = {("AWS::RDS::DBCluster", "ScalingConfiguration"): SERVERLESS_V2}
"""What to do about a property that AWS does not take either."""


def unsupported_faults(children: Iterable[Child], project: Project, unsupported: Unsupported) -> list[Fault]:
    """A fault for each resource that the environment's cloud does not support, or not with its properties."""
    if project.environment.cloud is not Cloud.LOCAL:
        return []
    return [fault for child in children for fault in _of_child(child, project, unsupported)]


def _of_child(child: Child, project: Project, unsupported: Unsupported) -> list[Fault]:
    source = project.sources.get(child.id)
    text = source.template.text if source and source.template else ""
    hint = (
        "Push it to an environment of AWS, or leave it out of this one:"
        f' {{"local": {{"omit": ["{child.id}"]}}}} in {project.environment.name}\'s file, or --omit {child.id}'
    )
    return [
        Fault(
            child.template.source,
            line_of_key(text, name),
            f"{child.id}: the embedded cloud does not support {lacking} ({name}).",
            CURES.get((str(body["Type"]), lacking.partition(" ")[0]), hint),
        )
        for name, body in child.template.body.get("Resources", {}).items()
        for lacking in _lacking(body, unsupported)
    ]


def _lacking(body: Mapping[str, Any], unsupported: Unsupported) -> Sequence[str]:
    """What of a resource is not supported. Of one that a condition may leave out, only its type counts."""
    properties = {} if "Condition" in body else body.get("Properties")
    return unsupported(str(body["Type"]), properties if isinstance(properties, Mapping) else {})
