"""Template parameters: what was given, against what the template allows.

Values reach the evaluator as strings, or as lists for the list types. For an SSM type the given value
is the name of an SSM parameter, read once per operation; see
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, scalar
from accountsctl.localcloud.cloudformation.template.limits import check_parameter_value
from accountsctl.localcloud.cloudformation.template.parameter_definitions import (
    SSM_NAME,
    SSM_VALUE,
    is_ssm_value,
)
from accountsctl.localcloud.cloudformation.template.parsing import ParsedTemplate
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

MASK = "****"
Definition = Mapping[str, TemplateValue]


def resolve(
    template: ParsedTemplate, given: Mapping[str, TemplateValue], read_ssm: Callable[[str], str]
) -> dict[str, TemplateValue]:
    """Each parameter's value; `given` may hold UNKNOWN while a nested stack is planned."""
    definitions = template.parameters
    strange = [name for name in given if name not in definitions]
    if strange:
        raise CloudFormationError(f"Parameters: [{', '.join(strange)}] do not exist in the template")
    absent = [
        name for name, definition in definitions.items() if name not in given and "Default" not in definition
    ]
    for name in absent:
        if is_ssm_value(definitions[name]):
            raise CloudFormationError(f"Parameter {name} should either have input value or default value")
    if absent:
        raise CloudFormationError(f"Parameters: [{', '.join(absent)}] must have values")
    for name, definition in definitions.items():
        if name in given and "Default" in definition and not _is_of_ssm(definition):
            _resolve(name, definition, definition["Default"], read_ssm)  # it must be allowed too
    return {
        name: _resolve(name, definition, given.get(name, definition.get("Default")), read_ssm)
        for name, definition in definitions.items()
    }


def ssm_defaults(template: ParsedTemplate, given: Mapping[str, TemplateValue]) -> dict[str, str]:
    """The names of SSM parameters that defaults state, of parameters for which nothing was given."""
    return {
        name: scalar(definition["Default"])
        for name, definition in template.parameters.items()
        if name not in given and is_ssm_value(definition)
    }


def no_echo(template: ParsedTemplate) -> list[str]:
    """The parameters whose values no answer may show."""
    return [
        name
        for name, parameter in template.parameters.items()
        if scalar(parameter.get("NoEcho", False)) == "true"
    ]


def masked(name: str, value: object, hidden: list[str]) -> str:
    """A parameter's value as an answer shows it."""
    if name in hidden:
        return MASK
    return ",".join(value) if isinstance(value, list) else scalar(value)


def _resolve(
    name: str, definition: Definition, value: TemplateValue, read_ssm: Callable[[str], str]
) -> TemplateValue:
    if value is UNKNOWN:
        return UNKNOWN
    text = scalar(value)
    kind = str(definition["Type"])
    check_parameter_value(name, text)
    if is_ssm_value(definition):
        text, kind = read_ssm(text), kind[len(SSM_VALUE) : -1]
        return _items(text) if _is_list(kind) else text
    if kind == SSM_NAME:
        read_ssm(text)  # it must exist
    if _is_list(kind):
        items = _items(text)
        for item in items:
            _check(name, definition, item, kind.removeprefix("List<").removesuffix(">"))
        return items
    _check(name, definition, text, kind)
    return text


def _is_of_ssm(definition: Definition) -> bool:
    return is_ssm_value(definition) or definition["Type"] == SSM_NAME


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _items(text: str) -> list[str]:
    return [item.strip() for item in text.split(",")] if text else []


def _check(name: str, definition: Definition, text: str, kind: str) -> None:
    fault = _fault(name, definition, text, kind)
    if fault is None:
        return
    described = definition.get("ConstraintDescription")
    if described:
        raise CloudFormationError(f"Parameter {name} failed to satisfy constraint: {described}")
    raise CloudFormationError(fault)


def _fault(name: str, definition: Definition, text: str, kind: str) -> str | None:
    allowed = [scalar(value) for value in definition.get("AllowedValues", [])]
    if allowed and text not in allowed:
        return f"Parameter '{name}' must be one of AllowedValues"
    pattern = definition.get("AllowedPattern")
    if pattern is not None and not _matches(str(pattern), text):
        return f"Parameter '{name}' must match pattern {pattern}"
    if len(text) < int(definition.get("MinLength", 0)):
        return f"Parameter '{name}' must contain at least {definition['MinLength']} characters"
    if len(text) > int(definition.get("MaxLength", 1 << 30)):
        return f"Parameter '{name}' must contain at most {definition['MaxLength']} characters"
    if kind == "Number":
        return _number_fault(name, definition, text)
    return None


def _matches(pattern: str, text: str) -> bool:
    """Whether a text is what a pattern describes; true of a pattern that only Java's expressions can be."""
    try:
        return re.fullmatch(pattern, text) is not None
    except re.error:
        return True


def _number_fault(name: str, definition: Definition, text: str) -> str | None:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        return f"Parameter '{name}' must be a number."
    if "MinValue" in definition and number < float(definition["MinValue"]):
        return f"Parameter '{name}' must be a number not less than {definition['MinValue']}"
    if "MaxValue" in definition and number > float(definition["MaxValue"]):
        return f"Parameter '{name}' must be a number not greater than {definition['MaxValue']}"
    return None
