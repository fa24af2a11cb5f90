"""The definitions of a template's parameters: which members they may have, and on which types.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import combinations

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.limits import PARAMETER_VALUE
from accountsctl.localcloud.cloudformation.template.members import ALPHANUMERIC, check_description
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

MEMBERS = {
    "AllowedPattern",
    "AllowedValues",
    "ConstraintDescription",
    "Default",
    "Description",
    "MaxLength",
    "MaxValue",
    "MinLength",
    "MinValue",
    "NoEcho",
    "Type",
}
PLAIN_TYPES = ("CommaDelimitedList", "List<Number>", "List<String>", "Number", "String")
EC2_TYPES = (
    "AvailabilityZone::Name",
    "Image::Id",
    "Instance::Id",
    "KeyPair::KeyName",
    "SecurityGroup::GroupName",
    "SecurityGroup::Id",
    "Subnet::Id",
    "VPC::Id",
    "Volume::Id",
)
RESOURCE_TYPES = (*(f"AWS::EC2::{name}" for name in EC2_TYPES), "AWS::Route53::HostedZone::Id")
SSM_NAME = "AWS::SSM::Parameter::Name"
SSM_VALUE = "AWS::SSM::Parameter::Value<"
NUMBERS = ("Number", "List<Number>")
TEXTS = ("String", "CommaDelimitedList")
WRONG_TYPES = {
    "AllowedPattern": (NUMBERS, "String"),
    "MaxLength": (NUMBERS, "String"),
    "MaxValue": (TEXTS, "Number"),
    "MinLength": (NUMBERS, "String"),
    "MinValue": (TEXTS, "Number"),
}
"""For each constraint the types that it cannot constrain, and the one that AWS says it is for."""
JAVA_ONLY = re.compile(r"\\[pPQEzGRhHvVX]|\(\?<[A-Za-z]|[*+?}]\+|&&")
"""What Java's regular expressions have and Python's do not, or not alike."""


def is_type(kind: str) -> bool:
    """Whether CloudFormation knows a type of parameters."""
    if kind.startswith(SSM_VALUE) and kind.endswith(">"):
        inner = kind[len(SSM_VALUE) : -1]
        return inner in PLAIN_TYPES or inner.removeprefix("List<").removesuffix(">") in RESOURCE_TYPES
    return kind in (*PLAIN_TYPES, SSM_NAME) or kind.removeprefix("List<").removesuffix(">") in RESOURCE_TYPES


def is_ssm_value(definition: Mapping[str, TemplateValue]) -> bool:
    """Whether a parameter is the name of one of SSM's, in place of which its value stands."""
    return str(definition["Type"]).startswith(SSM_VALUE)


def check_definitions(parameters: Mapping[str, TemplateValue]) -> None:
    """Raise CloudFormationError for the first parameter that is malformed."""
    for name, definition in parameters.items():
        if not ALPHANUMERIC.fullmatch(str(name)):
            raise CloudFormationError(f"Template format error: Parameter name {name} is non alphanumeric.")
        if not isinstance(definition, Mapping) or "Type" not in definition:
            raise CloudFormationError(
                f"Template format error: Every Parameters object must contain a Type member. [{name}]"
            )
        unknown = sorted(set(definition) - MEMBERS)
        if unknown:
            raise CloudFormationError(f"Invalid template parameter property '{unknown[0]}'")
        if not is_type(str(definition["Type"])):
            raise CloudFormationError(
                f"Template format error: Unrecognized parameter type: {definition['Type']}"
            )
        check_description(definition)
        _check_default(name, definition)
        _check_constraints(name, definition)


def _check_default(name: str, definition: Mapping[str, TemplateValue]) -> None:
    default = definition.get("Default", "")
    if isinstance(default, Mapping | list):
        raise CloudFormationError("Template format error: Every Default member must be a string.")
    if len(str(default).encode()) > PARAMETER_VALUE:
        raise CloudFormationError(
            f"Template format error: Parameter '{name}' default value '[****]' length is greater than "
            f"{PARAMETER_VALUE}."
        )
    allowed = definition.get("AllowedValues", [])
    if not isinstance(allowed, list) or any(isinstance(value, Mapping | list) for value in allowed):
        raise CloudFormationError(
            "Template format error: Every AllowedValues member must be a list of strings."
        )


def _check_constraints(name: str, definition: Mapping[str, TemplateValue]) -> None:
    for constraint, (wrong, right) in WRONG_TYPES.items():
        if constraint in definition and definition["Type"] in wrong:
            raise CloudFormationError(
                f"Template error: Parameter '{name}' {constraint} must be on a parameter of type {right}"
            )
    limits = {}
    for constraint in ("MinLength", "MaxLength", "MinValue", "MaxValue"):
        if constraint in definition:
            limits[constraint] = _number(name, constraint, definition[constraint])
    for low, high in combinations(limits, 2):
        if low[3:] == high[3:] and limits[low] > limits[high]:
            raise CloudFormationError(f"Template error: Parameter '{name}' {low} must be less than {high}.")
    pattern = str(definition.get("AllowedPattern", ""))
    try:
        re.compile(pattern)
    except re.error as error:
        if not JAVA_ONLY.search(pattern):
            raise CloudFormationError(
                f"Template error: Parameter '{name}' AllowedPattern must be a valid regular expression."
            ) from error


def _number(name: str, constraint: str, value: TemplateValue) -> float:
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise CloudFormationError(
            f"Template error: Parameter '{name}' {constraint} must be a number."
        ) from error
