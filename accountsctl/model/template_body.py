"""The names of the open shapes that AWS and Amplify define: a CloudFormation template and its parts.

Their keys depend on the resource type, so they are plain mappings; whoever reads one checks what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

TemplateBody = Mapping[str, Any]
"""A template as values in long form: ``Resources``, ``Parameters``, ``Outputs`` and the other sections.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""
TemplateResource = Mapping[str, Any]
"""One entry of ``Resources``: its ``Type``, ``Properties``, ``DependsOn``, policies and metadata."""
STACK = "AWS::CloudFormation::Stack"


class UnsupportedPart(NamedTuple):
    """What a cloud lacks of one resource of a template: its type, or a property or value of it (`what`)."""

    logical_id: str
    type_name: str
    what: str


def nested_stacks(root: TemplateBody) -> dict[str, TemplateResource]:
    """The nested stacks of a root template, by logical id."""
    resources = root.get("Resources", {})
    return {name: resource for name, resource in resources.items() if resource.get("Type") == STACK}
