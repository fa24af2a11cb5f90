"""What the providers share to read a resource back: from an API's response to the properties of a template.

The opposite of `calls.parameters`: the names are the same but for the case of the first letter, and the API's model
says which type every member has.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable
from urllib.parse import unquote

from botocore.model import ListShape, MapShape, Shape, StructureShape

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties, ProviderError
from accountsctl.localcloud.cloudformation.providers.calls import tag_map

if TYPE_CHECKING:
    from botocore.client import BaseClient

Names = Mapping[str, str]
"""Property -> the API's name for it, at every level; a dotted name leads into nested structures."""


@runtime_checkable
class Readable(Protocol):
    """A provider that can read its resources back, for drift detection."""

    def read(self, context: Context, physical_id: str, properties: Properties) -> Properties:
        """The actual values of those of `properties` that can be read; None for one that is not set.

        Raises a ClientError of the service, or ProviderError NotFound, if the resource is gone.
        """


@dataclass(frozen=True)
class Found:
    """A structure that an API returned, with its shape in the API's model."""

    shape: StructureShape
    value: Mapping[str, Any]

    def at(self, name: str) -> Found:
        """A structure within this one."""
        shape = self.shape.members[name]
        assert isinstance(shape, StructureShape)
        return Found(shape, self.value.get(name) or {})

    def first(self, name: str) -> Found:
        """The first of a list of structures; ProviderError NotFound if it is empty."""
        shape = self.shape.members[name]
        assert isinstance(shape, ListShape)
        assert isinstance(shape.member, StructureShape)
        items = self.value.get(name) or []
        if not items:
            raise ProviderError("It does not exist", "NotFound")
        return Found(shape.member, items[0])

    def values(self, name: str) -> list[Found]:
        """The structures of a list, or of a map without its keys."""
        return list(self.entries(name).values())

    def entries(self, name: str) -> dict[str, Found]:
        """The structures of a map by key, of a list by their positions."""
        shape, value = self.shape.members[name], self.value.get(name) or {}
        item = shape.value if isinstance(shape, MapShape) else getattr(shape, "member", None)
        assert isinstance(item, StructureShape)
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        return {str(key): Found(item, structure) for key, structure in pairs}

    def properties(
        self, context: Context, expected: Properties, names: Names | None = None
    ) -> dict[str, Any]:
        """Those of `expected` that this structure has a member for; the stack's own tags are left out."""
        actual = _structure(self.shape, self.value, expected, names or {})
        return {
            name: own_tags(context, expected[name], value) if name == "Tags" else value
            for name, value in actual.items()
        }


def found(client: BaseClient, operation: str, **arguments: Any) -> Found:
    """Call `operation` (``get_function``), which returns a structure."""
    name = client.meta.method_to_api_mapping[operation]
    shape = client.meta.service_model.operation_model(name).output_shape
    assert shape is not None
    return Found(shape, getattr(client, operation)(**arguments))


def without(properties: Properties, names: str) -> Properties:
    """The properties but the named ones."""
    return {name: value for name, value in properties.items() if name not in names.split()}


def own_tags(context: Context, expected: object, actual: object) -> object:
    """A resource's tags, in the form that the template uses, without those of its stack and of AWS."""
    known = tag_map(expected)
    tags = {
        key: value
        for key, value in tag_map(actual).items()
        if not key.startswith("aws:") and (key in known or context.tags.get(key) != value)
    }
    return tags if isinstance(expected, Mapping) else [{"Key": k, "Value": v} for k, v in tags.items()]


def _structure(
    shape: StructureShape, value: Mapping[str, Any], expected: Properties, names: Names
) -> dict[str, Any]:
    actual = {}
    for name, wanted in expected.items():
        member = _member(shape, value, names.get(name, name))
        if member is not None:
            actual[name] = _value(*member, wanted, names)
    return actual


def _member(shape: Shape, value: object, name: str) -> tuple[Shape, Any] | None:
    """The shape and the value at a dotted name; None if there is no such member."""
    head, _, rest = name.partition(".")
    if not isinstance(shape, StructureShape):
        return None
    known = {member.lower(): member for member in shape.members}.get(head.lower())
    if known is None:
        return None
    inner = value.get(known) if isinstance(value, Mapping) else None
    return _member(shape.members[known], inner, rest) if rest else (shape.members[known], inner)


def _value(shape: Shape, value: Any, expected: Any, names: Names) -> Any:
    match shape, value:
        case _, None:
            return None
        case StructureShape(), _ if isinstance(expected, Mapping):
            return _structure(shape, value, expected, names)
        case ListShape(member=StructureShape() as item), _ if isinstance(expected, list):
            # An item has no counterpart yet, so it is read for whatever one of them sets.
            wanted = {key: example[key] for example in expected for key in example}
            items = [_structure(item, part, wanted, names) for part in value]
            return [{k: v for k, v in structure.items() if v is not None} for structure in items]
        case MapShape(), _ if isinstance(expected, Mapping):
            return {k: _value(shape.value, v, expected.get(k), names) for k, v in value.items()}
        case _, str() if isinstance(expected, Mapping | list):
            return json.loads(unquote(value) if value.startswith("%7B") else value)
        case _:
            return value
