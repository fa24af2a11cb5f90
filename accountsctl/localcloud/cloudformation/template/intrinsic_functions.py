"""The functions of CloudFormation (``Fn::...``), each over the evaluator that its arguments need.

Each function takes the argument as it stands in the template. One that gets UNKNOWN returns UNKNOWN.
A TypeError, ValueError, IndexError, KeyError or AttributeError means that the argument has the wrong
shape; the evaluator words that as CloudFormation does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Protocol

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template import functions
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, scalar, unknown_within
from accountsctl.localcloud.cloudformation.template.parsing import LANGUAGE_EXTENSIONS, ParsedTemplate
from accountsctl.localcloud.cloudformation.template.references import SUBSTITUTION, split_get_att, sub_parts
from accountsctl.localcloud.cloudformation.template.scope import NO_VALUE, Scope, TemplateValue


class Evaluation(Protocol):
    """The part of `intrinsics.Evaluator` that the functions use."""

    template: ParsedTemplate
    scope: Scope
    imports: set[str]

    def value(self, expression: TemplateValue) -> TemplateValue: ...

    def holds(self, name: str) -> bool: ...

    def ref(self, name: TemplateValue) -> TemplateValue: ...

    def attribute(self, name: str, attribute: str) -> TemplateValue: ...


def _get_att(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    name, attribute = split_get_att(argument)
    attribute = evaluator.value(attribute)
    return UNKNOWN if attribute is UNKNOWN else evaluator.attribute(name, attribute)


def _if(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    condition, when_true, when_false = argument
    return evaluator.value(when_true if evaluator.holds(condition) else when_false)


def _sub(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    text, variables = sub_parts(argument)
    bound = {name: evaluator.value(value) for name, value in variables.items()}
    parts: list[str] = []
    end = 0
    for match in SUBSTITUTION.finditer(text):
        parts.append(text[end : match.start()])
        end = match.end()
        name = match.group(2).strip()
        value = f"${{{name}}}" if match.group(1) else _substitute(evaluator, name, bound)
        if value is UNKNOWN:
            return UNKNOWN
        parts.append(scalar(value))
    return "".join([*parts, text[end:]])


def _substitute(evaluator: Evaluation, name: str, bound: Mapping[str, TemplateValue]) -> TemplateValue:
    head, dot, attribute = name.partition(".")
    if name in bound:
        value = bound[name]
    elif dot:
        value = evaluator.attribute(head, attribute)
    else:
        value = evaluator.ref(name)
    if isinstance(value, list | dict) or value is NO_VALUE:
        raise CloudFormationError(
            f"Template error: variable {name} in Fn::Sub expression does not resolve to a string"
        )
    return value


def _join(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    delimiter, items = argument
    values = evaluator.value(items)
    if unknown_within(values):
        return UNKNOWN
    if not isinstance(values, list):
        raise CloudFormationError(
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
            "(2) a list of strings to be joined or a function that returns a list of strings (such as "
            "Fn::GetAZs) to be joined."
        )
    return delimiter.join(scalar(value) for value in values)


def _split(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    delimiter, text = argument
    value = evaluator.value(text)
    return UNKNOWN if value is UNKNOWN else scalar(value).split(delimiter)


def _select(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    index, items = (evaluator.value(part) for part in argument)
    if index is UNKNOWN:
        return UNKNOWN
    if items is UNKNOWN:
        if evaluator.scope.change_set and _is_one_placeholder(evaluator, argument[1]):
            functions.select(index, [UNKNOWN])
        return UNKNOWN
    return functions.select(index, items)


def _is_one_placeholder(evaluator: Evaluation, items: TemplateValue) -> bool:
    """Whether `items` is a parameter that another stack's output feeds, split or not.

    In a nested change set AWS puts one text in its place, so that there is nothing to select but index 0
    (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/759).
    """
    match items:
        case {"Ref": name}:
            return name in evaluator.scope.parameters
        case {"Fn::Split": [_, text]}:
            return _is_one_placeholder(evaluator, text)
    return False


def _find_in_map(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    keys = [evaluator.value(part) for part in argument[:3]]
    if unknown_within(keys):
        return UNKNOWN
    entry: TemplateValue = evaluator.template.mappings
    for key in keys:
        entry = entry.get(scalar(key), NO_VALUE) if isinstance(entry, Mapping) else NO_VALUE
    if entry is not NO_VALUE:
        return evaluator.value(entry)
    if len(argument) > 3:
        _require_language_extensions(evaluator, "Fn::FindInMap with DefaultValue")
        return evaluator.value(argument[3]["DefaultValue"])
    map_name, *rest = (scalar(key) for key in keys)
    if map_name not in evaluator.template.mappings:
        raise CloudFormationError(
            f"Template error: Mapping named '{map_name}' is not present in the 'Mappings' section of template."
        )
    raise CloudFormationError(f"Template error: Unable to get mapping for {map_name}::{'::'.join(rest)}")


def _get_azs(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    region = evaluator.value(argument)
    return UNKNOWN if region is UNKNOWN else evaluator.scope.zones(region or evaluator.scope.region)


def _cidr(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    values = evaluator.value(argument)
    if unknown_within(values):
        return UNKNOWN
    return functions.cidr(*values)


def _base64(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    value = evaluator.value(argument)
    return UNKNOWN if value is UNKNOWN else functions.base64_of(scalar(value))


def _import_value(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    name = evaluator.value(argument)
    if name is UNKNOWN:
        return UNKNOWN
    value = evaluator.scope.export(name)
    if value is None and evaluator.scope.planning:
        return UNKNOWN  # AWS looks exports up when it deploys
    if value is None:
        raise CloudFormationError(f"No export named {name} found.")
    evaluator.imports.add(name)
    return value


def _get_stack_output(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    given = {key: evaluator.value(value) for key, value in argument.items()}
    if unknown_within(given):
        return UNKNOWN
    if "RoleArn" in given:
        raise CloudFormationError("The embedded cloud does not imitate Fn::GetStackOutput of other accounts")
    try:
        return evaluator.scope.output(given["StackName"], given["OutputName"], given.get("Region"))
    except CloudFormationError:
        if evaluator.scope.planning:
            return UNKNOWN  # AWS reads the output when it deploys
        raise


def _length(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    _require_language_extensions(evaluator, "Fn::Length")
    value = evaluator.value(argument)
    return UNKNOWN if value is UNKNOWN else len(value)


def _to_json_string(evaluator: Evaluation, argument: TemplateValue) -> TemplateValue:
    _require_language_extensions(evaluator, "Fn::ToJsonString")
    value = evaluator.value(argument)
    return UNKNOWN if unknown_within(value) else json.dumps(value, separators=(",", ":"))


def _require_language_extensions(evaluator: Evaluation, feature: str) -> None:
    if LANGUAGE_EXTENSIONS not in evaluator.template.transforms:
        raise CloudFormationError(
            f"Template error: {feature} is only supported with the transform {LANGUAGE_EXTENSIONS}"
        )


FUNCTIONS: Mapping[str, Callable[[Evaluation, TemplateValue], TemplateValue]] = {
    "Base64": _base64,
    "Cidr": _cidr,
    "FindInMap": _find_in_map,
    "GetAtt": _get_att,
    "GetAZs": _get_azs,
    "GetStackOutput": _get_stack_output,
    "If": _if,
    "ImportValue": _import_value,
    "Join": _join,
    "Length": _length,
    "Select": _select,
    "Split": _split,
    "Sub": _sub,
    "ToJsonString": _to_json_string,
}
