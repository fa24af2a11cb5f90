"""CloudFormation's limits on a template, and how it says that one is passed.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.members import ALPHANUMERIC
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue
from accountsctl.localcloud.contracts.tag_keys import is_reserved

MEMBERS = {"Resources": 500, "Parameters": 200, "Outputs": 200, "Mappings": 200}
ATTRIBUTES = 200
NAME_OF_KEY = re.compile(r"[A-Za-z0-9.-]+")
"""Keys of the first level may be a region or the name of an instance type."""
NAME = 255
"""Characters of a logical id, and of the name of a parameter, an output or a mapping."""
DESCRIPTION = 1024
PARAMETER_DESCRIPTION = 4000
PARAMETER_VALUE = 4096


def check_limits(body: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for the first limit that a template passes. Lengths are in bytes of UTF-8."""
    for section, most in MEMBERS.items():
        members = body.get(section) or {}
        if len(members) > most:
            raise CloudFormationError(
                f"Template format error: Number of {section.lower()}, {len(members)}, is greater than maximum "
                f"allowed, {most}"
            )
        for name, member in members.items():
            if len(str(name)) > NAME:
                raise CloudFormationError(
                    f"Template format error: {section.removesuffix('s')} name {name} is longer than {NAME} characters."
                )
            if isinstance(member, Mapping):
                _check_description(member, PARAMETER_DESCRIPTION if section == "Parameters" else DESCRIPTION)
    for name, mapping in (body.get("Mappings") or {}).items():
        _check_mapping(str(name), mapping)
    _check_description(body)


def check_parameter_value(name: str, text: str) -> None:
    """Raise CloudFormationError if a value that was given for a parameter is too long."""
    if len(text.encode()) > PARAMETER_VALUE:
        raise CloudFormationError(
            f"Template format error: Parameter {name} value is longer than {PARAMETER_VALUE} bytes."
        )


def check_tag_keys(keys: Iterable[str]) -> None:
    """Raise CloudFormationError if a tag has a key that only AWS itself may set."""
    if any(map(is_reserved, keys)):
        raise CloudFormationError("aws: prefixed tag key names are not allowed for external use.")


def _check_description(described: Mapping[str, TemplateValue], most: int = DESCRIPTION) -> None:
    text = described.get("Description")
    if isinstance(text, str) and len(text.encode()) > most:
        raise CloudFormationError(f"Template format error: 'Description' length is greater than {most}.")


def _check_mapping(name: str, mapping: TemplateValue) -> None:
    """A mapping has two levels of names, and texts or lists of texts below them."""
    if not ALPHANUMERIC.fullmatch(name):
        raise CloudFormationError(f"Template format error: Mappings name '{name}' is non alphanumeric.")
    if not isinstance(mapping, Mapping) or not mapping:
        raise CloudFormationError(f"Template format error: Every Mappings member {name} must be a map")
    _check_attributes(name, mapping, NAME_OF_KEY)
    for key, attributes in mapping.items():
        if not isinstance(attributes, Mapping):
            raise CloudFormationError(f"Template format error: Every Mappings member {key} must be a map")
        _check_attributes(name, attributes, ALPHANUMERIC)
        if any(isinstance(value, Mapping) for value in attributes.values()):
            raise CloudFormationError(
                "Template format error: Every Mappings attribute must be a String or a List."
            )


def _check_attributes(mapping: str, attributes: Mapping[str, TemplateValue], names: re.Pattern[str]) -> None:
    if len(attributes) > ATTRIBUTES:
        raise CloudFormationError(
            f"Template format error: Number of attributes of mapping {mapping}, {len(attributes)}, is greater "
            f"than maximum allowed, {ATTRIBUTES}"
        )
    for name in map(str, attributes):
        if len(name) > NAME:
            raise CloudFormationError(
                f"Template format error: Mappings attribute name {name} is longer than {NAME} characters."
            )
        if not names.fullmatch(name):
            raise CloudFormationError(
                f"Template format error: Mappings attribute name '{name}' must contain only alphanumeric characters."
            )
