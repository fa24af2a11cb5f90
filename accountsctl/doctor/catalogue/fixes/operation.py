"""One change of a template: set the value at a JSON pointer, or remove it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator, Mapping
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
        elif not isinstance(here, list) and _only_adds(here.get(last), self.value):
            # In place: comments of the items, and how the list is written, stay.
            here[last].extend(copy.deepcopy(self.value[len(here[last]) :]))
        elif isinstance(here, list):
            here[int(last)] = copy.deepcopy(self.value)
        else:
            here[last] = copy.deepcopy(self.value)


def _only_adds(before: JsonValue, after: JsonValue) -> bool:
    """Whether a list begins with all items of another one."""
    return isinstance(before, list) and isinstance(after, list) and after[: len(before)] == list(before)


Fix = Callable[[Scene, TemplateBody], Iterator[FixOperation]]
"""The changes of a template against a cause; none if no mechanical change fixes it there."""


def value_at(template: TemplateBody, pointer: str) -> JsonValue:
    """Return the value at a JSON pointer, which must exist."""
    here: Any = template
    for key in path_of(pointer):
        here = here[int(key)] if isinstance(here, list) else here[key]
    return here


def deployments_of(scene: Scene, template: TemplateBody) -> Iterator[tuple[str, Mapping[str, JsonValue]]]:
    """The Deployments of the scene's API, by name; all where one does not name its API."""
    api = scene.api.place.pointer.rpartition("/")[2]
    for name, resource in template["Resources"].items():
        if _object(resource).get("Type") == "AWS::ApiGateway::Deployment":
            stated = _object(resource.get("Properties")).get("RestApiId")
            # !Ref of YAML is a tagged scalar, and has its name as its value.
            named = stated.get("Ref") if isinstance(stated, Mapping) else getattr(stated, "value", stated)
            if named == api or not isinstance(named, str) or named not in template["Resources"]:
                yield name, resource


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    """A value of a template that should be an object; empty if it is none."""
    return value if isinstance(value, Mapping) else {}


def following(
    scene: Scene, template: TemplateBody, changes: Iterable[FixOperation] = ()
) -> tuple[FixOperation, ...]:
    """Let the API's Deployments follow what they freeze: the mark at which a push gives them a new name
    (`synth.snapshots`).

    A change of what they freeze is not live before there is a new Deployment. They freeze nothing of functions and
    their permissions: none is needed if all `changes` are of those.
    """
    types = {_type_at(template, change) for change in changes}
    if types and all(kind.startswith("AWS::Lambda::") for kind in types):
        return ()
    return tuple(
        FixOperation(f"/Resources/{name}/Metadata/accountsctl", {"snapshot": True})
        for name, resource in deployments_of(scene, template)
        if "accountsctl" not in _object(resource.get("Metadata"))
    )


def _type_at(template: TemplateBody, change: FixOperation) -> str:
    """The type of the resource that a change is of, or makes; empty if it is of none."""
    section, name, *rest = (*path_of(change.pointer), "")
    if section != "Resources":
        return ""
    resource = change.value if rest == [""] else template["Resources"].get(name)
    return str(resource.get("Type", "")) if isinstance(resource, Mapping) else ""


def follow_deployments(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """Let the next push deploy: the fix of a stale deployment."""
    yield from following(scene, template)
