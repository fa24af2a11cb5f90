"""One change of a template: set the value at a JSON pointer, or remove it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.formats.json_pointer import path_of

REMOVE = object()
"""The value of an operation that removes a key."""
TemplateBody = Mapping[str, Any]
"""A CloudFormation template as AWS defines it: open JSON."""
EditableTemplate = dict[str, Any]
"""A template that may be changed in place."""
JsonValue = Any
"""Any value within a template: open JSON."""


@dataclass(frozen=True)
class FixOperation:
    """Set the value at a JSON pointer, making what is missing on the way; or remove it."""

    pointer: str
    value: Any

    def apply(self, body: EditableTemplate) -> None:
        """Change a template in place."""
        *path, last = path_of(self.pointer)
        here: Any = body
        for key in path:
            if isinstance(here, list):
                here = here[int(key)]
                continue
            if not isinstance(here.get(key), dict | list):
                if self.value is REMOVE:
                    return
                here[key] = {}
            here = here[key]
        if self.value is REMOVE:
            here.pop(last, None)
        elif isinstance(here, list):
            here[int(last)] = copy.deepcopy(self.value)
        else:
            here[last] = copy.deepcopy(self.value)


Fix = Callable[[Scene, TemplateBody], Iterator[FixOperation]]
"""The changes of a template against a cause; none if no mechanical change fixes it there."""


def value_at(template: TemplateBody, pointer: str) -> JsonValue:
    """Return the value at a JSON pointer, which must exist."""
    here: Any = template
    for key in path_of(pointer):
        here = here[int(key)] if isinstance(here, list) else here[key]
    return here


def following(template: TemplateBody) -> tuple[FixOperation, ...]:
    """Let every Deployment follow what it freezes: the mark at which a push gives it a new name (`synth.snapshots`).

    A change of anything else is not live before there is a new Deployment.
    """
    return tuple(
        FixOperation(f"/Resources/{name}/Metadata/accountsctl", {"snapshot": True})
        for name, resource in template["Resources"].items()
        if resource.get("Type") == "AWS::ApiGateway::Deployment"
        and "accountsctl" not in (resource.get("Metadata") or {})
    )


def follow_deployments(_: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """Let the next push deploy: the fix of a stale deployment."""
    yield from following(template)
