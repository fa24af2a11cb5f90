"""The names of the open shapes that AWS and Amplify define: a CloudFormation template and its parts.

Their keys depend on the resource type, so they are plain mappings; whoever reads one checks what it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

TemplateBody = Mapping[str, Any]
"""A template as values in long form: ``Resources``, ``Parameters``, ``Outputs`` and the other sections.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""
TemplateResource = Mapping[str, Any]
"""One entry of ``Resources``: its ``Type``, ``Properties``, ``DependsOn``, policies and metadata."""
STACK = "AWS::CloudFormation::Stack"
IN_SUB = re.compile(r"\$\{([^!:}.]+)(?:\.[^}]*)?\}")
"""What the text of an Fn::Sub names; pseudo parameters and literals (``${!Name}``) are not among it."""


class UnsupportedPart(NamedTuple):
    """What a cloud lacks of one resource of a template: its type, or a property or value of it (`what`)."""

    logical_id: str
    type_name: str
    what: str


def nested_stacks(root: TemplateBody) -> dict[str, TemplateResource]:
    """The nested stacks of a root template, by logical id."""
    resources = root.get("Resources", {})
    return {name: resource for name, resource in resources.items() if resource.get("Type") == STACK}


def references(value: object) -> Iterator[str]:
    """The logical ids to which the intrinsics of a value refer; pseudo parameters are not among them."""
    match value:
        case {"Ref": str() as name}:
            yield from () if name.startswith("AWS::") else (name,)
        case {"Fn::GetAtt": [str() as name, *_]}:
            yield name
        case {"Fn::GetAtt": str() as name}:
            yield name.partition(".")[0]
        case {"Fn::Sub": str() as text}:
            yield from IN_SUB.findall(text)
        case {"Fn::Sub": [str() as text, Mapping() as own]}:
            yield from (name for name in IN_SUB.findall(text) if name not in own)
            yield from references(list(own.values()))
        case Mapping():
            yield from (name for part in value.values() for name in references(part))
        case list():
            yield from (name for part in value for name in references(part))
