"""What the embedded cloud lacks of a whole template, known without starting it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.localcloud.supported_types import CUSTOM_TYPES, SUPPORTED_TYPES
from accountsctl.localcloud.unsupported_properties import unsupported

ANY_REGION = "eu-west-1"
"""The transform needs a region, and makes the same types in each."""
SERVERLESS_TYPES = "AWS::Serverless::"


def unsupported_in(template: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The logical id, the type and what is lacking, of each resource; a transform is played first.

    A type that AWS does not have either is a fault of the template, which its checks name.
    """
    for name, body in _resources(template).items():
        if not _exists(str(body["Type"])):
            continue
        # Of one that a condition may leave out, only its type counts.
        properties = {} if "Condition" in body else body.get("Properties")
        found = unsupported(str(body["Type"]), properties if isinstance(properties, Mapping) else {})
        for lacking in found:
            yield name, str(body["Type"]), lacking


def _exists(type_name: str) -> bool:
    if type_name in SUPPORTED_TYPES or type_name.startswith(CUSTOM_TYPES):
        return True
    from accountsctl.localcloud.cloudformation.resource_schemas.schemas import is_resource_type

    return is_resource_type(type_name)


def _resources(template: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    resources: Mapping[str, Mapping[str, Any]] = template.get("Resources") or {}
    if "Transform" not in template:
        return resources
    from accountsctl.localcloud.cloudformation.errors import CloudFormationError
    from accountsctl.localcloud.cloudformation.template.parsing import SERVERLESS, ParsedTemplate
    from accountsctl.localcloud.cloudformation.template.serverless import expand

    written = ParsedTemplate("", template)
    if SERVERLESS not in written.transforms:
        return resources
    try:
        return expand(written, {}, ANY_REGION, dict).resources
    except CloudFormationError:
        # The cloud says why, with the parameters' values: here some are not known, and the transform may need them.
        return {
            name: body
            for name, body in resources.items()
            if not str(body["Type"]).startswith(SERVERLESS_TYPES)
        }
