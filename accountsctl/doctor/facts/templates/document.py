"""A CloudFormation template as plain values, with the line of every key.

JSON is read as the YAML that it nearly is, so that both have lines. Short intrinsics become long ones. Dates stay
text: CloudFormation knows none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from accountsctl.model.errors import Fault, ProjectError

_PLAIN = {
    "tag:yaml.org,2002:int",
    "tag:yaml.org,2002:float",
    "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null",
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Document:
    """A template: its file's name, its value, and the line of each JSON pointer in it (from 1)."""

    source: str
    body: Mapping[str, Any]
    lines: Mapping[str, int] = field(default_factory=dict)


def read_document(source: str, text: str) -> Document:
    """Read a template in JSON or YAML; ProjectError with the line where it is neither."""
    try:
        loader = _LOADER(text.replace("\t", "  ") if text.lstrip().startswith("{") else text)
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        fault = Fault(source, line, error.problem or "It cannot be read.", "A template is JSON or YAML.")
        raise ProjectError((fault,)) from error
    lines: dict[str, int] = {}
    body = _value(node, loader, "", lines) if node is not None else None
    if not isinstance(body, dict) or not isinstance(body.get("Resources"), dict):
        raise ProjectError(
            (Fault(source, 0, "It has no Resources.", "Name a CloudFormation or SAM template."),)
        )
    return Document(source, body, lines)


def _value(node: yaml.Node, loader: Any, pointer: str, lines: dict[str, int]) -> Any:
    value = _bare(node, loader, pointer, lines)
    if not node.tag.startswith("!") or node.tag == "!":
        return value
    name = node.tag[1:]
    if name == "GetAtt" and isinstance(value, str):
        value = list(value.partition(".")[::2])
    return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}


def _bare(node: yaml.Node, loader: Any, pointer: str, lines: dict[str, int]) -> Any:
    lines.setdefault(pointer, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, each in node.value:
            name = str(key.value)
            inner = f"{pointer}/{escaped(name)}"
            lines[inner] = key.start_mark.line + 1
            if name == "<<" and isinstance(each, yaml.MappingNode):
                found = {**_bare(each, loader, pointer, lines), **found}
                continue
            found[name] = _value(each, loader, inner, lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(each, loader, f"{pointer}/{number}", lines) for number, each in enumerate(node.value)]
    return _scalar(node, loader)


def _scalar(node: yaml.Node, loader: Any) -> Any:
    if node.tag in _PLAIN:
        return loader.construct_object(node)
    return node.value


def escaped(name: str) -> str:
    """A key as a part of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")
