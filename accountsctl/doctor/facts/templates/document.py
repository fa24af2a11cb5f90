"""A CloudFormation or SAM template as plain values, with the line of every key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accountsctl.formats.cloudformation import read_template
from accountsctl.model.errors import Fault, ProjectError

TRANSFORM = "Fn::Transform"
"""The key of what a macro, or the inclusion of a file, gives."""
_EXPORTED_BY_SERVERLESS = "sls-"


@dataclass(frozen=True)
class Document:
    """A template: its file's name, its value, and the line of each JSON pointer in it (from 1)."""

    source: str
    body: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def lines_of_source(self) -> Mapping[tuple[str, str], int]:
        """The lines by source and pointer, as `Api.lines` has them."""
        return {(self.source, pointer): line for pointer, line in self.lines.items()}

    @cached_property
    def by_type(self) -> Mapping[str, list[tuple[int, str]]]:
        """The place and the logical id of each resource by its type."""
        found: dict[str, list[tuple[int, str]]] = {}
        for place, (name, resource) in enumerate(self.resources.items()):
            if isinstance(resource, Mapping):
                found.setdefault(str(resource.get("Type")), []).append((place, name))
        return found

    @property
    def resources(self) -> Mapping[str, Any]:
        """The resources by their logical ids."""
        found: Mapping[str, Any] = self.body["Resources"]
        return found


def read_document(source: str, text: str) -> Document:
    """Read a template in JSON or YAML; ProjectError with the line if it is neither.

    It may be one that `sam` packages before it is deployed, so what `sam` accepts is diagnosed.
    """
    read = read_template(text, source, packaged=True)
    if not read.complete:
        raise ProjectError(read.faults)
    if not isinstance(read.value, dict) or not isinstance(read.value.get("Resources"), dict):
        raise ProjectError(
            (Fault(source, 0, "It has no Resources.", "Name a CloudFormation or SAM template."),)
        )
    return Document(source, read.value, read.lines)


def is_exported(output: Any) -> bool:
    """Whether an output of a template is exported on purpose: the Serverless Framework exports all of its own.

    https://github.com/serverless/serverless/blob/v3/lib/plugins/aws/lib/naming.js
    """
    export = output.get("Export") if isinstance(output, Mapping) else None
    name = export.get("Name") if isinstance(export, Mapping) else None
    return export is not None and not str(name).startswith(_EXPORTED_BY_SERVERLESS)
