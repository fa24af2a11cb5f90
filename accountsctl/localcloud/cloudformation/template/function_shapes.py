"""Functions whose arguments cannot be right, found before anything is made, whatever the parameters are.

CloudFormation refuses such a template when it is handed in; only what depends on a resource can fail later.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template.intrinsic_functions import FUNCTIONS
from accountsctl.localcloud.cloudformation.template.members import is_logical
from accountsctl.localcloud.cloudformation.template.parsing import LANGUAGE_EXTENSIONS, ParsedTemplate
from accountsctl.localcloud.cloudformation.template.references import SUBSTITUTION, references, sub_parts
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

BOOLEAN = ("Fn::And", "Fn::Or")
CONDITIONS = (*BOOLEAN, "Fn::Equals", "Fn::Not", "Condition")
NOT_IN_CONDITIONS = ("Fn::GetStackOutput", "Fn::ImportValue")
NOT_IN_IMPORTS = ("Fn::GetAZs", "Fn::GetStackOutput", "Fn::ImportValue")
VARIABLE = re.compile(r"[A-Za-z0-9_.:]+")


def check(template: ParsedTemplate) -> None:
    """Raise CloudFormationError, in CloudFormation's words, for the first function that is malformed."""
    sections = (template.resources, template.outputs, template.conditions)
    for name, argument in (call for section in sections for call in _calls(section)):
        _check_call(template, name, argument)
    for name, _ in _calls(template.conditions):
        if name in NOT_IN_CONDITIONS:
            raise CloudFormationError(f"Template error: Cannot use {name} in Conditions.")


def _calls(value: TemplateValue) -> Iterator[tuple[str, TemplateValue]]:
    if isinstance(value, list):
        for item in value:
            yield from _calls(item)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if len(value) == 1 and isinstance(key, str) and key.startswith("Fn::"):
                yield key, inner
            yield from _calls(inner)


def _check_call(template: ParsedTemplate, name: str, argument: TemplateValue) -> None:
    if name.removeprefix("Fn::") not in FUNCTIONS and name not in CONDITIONS:
        supported = sorted(["Ref", "Condition", *CONDITIONS[:-1], *(f"Fn::{known}" for known in FUNCTIONS)])
        raise CloudFormationError(
            f"Template error: Encountered unsupported function: {name} "
            f"Supported functions are: [{', '.join(supported)}]"
        )
    rule = SHAPES.get(name)
    if rule is not None and not rule[0](argument):
        raise CloudFormationError(f"Template error: {rule[1]}")
    if name == "Fn::Not" and not is_logical(argument[0]):
        raise CloudFormationError("Template error: Fn::Not requires a list argument with one function token")
    if name == "Fn::If" and not isinstance(argument[0], str):
        raise CloudFormationError(
            "Template error: Fn::If requires a list argument with the first element being a condition"
        )
    if name == "Fn::FindInMap" and isinstance(argument[0], str) and argument[0] not in template.mappings:
        raise CloudFormationError(
            f"Template error: Mapping named '{argument[0]}' is not present in the 'Mappings' section of template."
        )
    if name == "Fn::FindInMap" and LANGUAGE_EXTENSIONS not in template.transforms and not _is_plain(argument):
        raise CloudFormationError(f"Template error: {SHAPES[name][1]}")
    if name == "Fn::If" and argument[0] not in template.conditions:
        raise CloudFormationError(f"Template error: unresolved condition dependency {argument[0]} in Fn::If")
    if name == "Fn::Sub":
        _check_variables(template, argument)
    if name == "Fn::ImportValue":
        _check_import(template, argument)


def _check_variables(template: ParsedTemplate, argument: TemplateValue) -> None:
    """The variables of Fn::Sub must be names, and those with an attribute name a resource."""
    text, given = sub_parts(argument)
    for literal, raw in SUBSTITUTION.findall(text):
        variable = raw.strip()
        if literal:
            continue
        if not VARIABLE.fullmatch(variable):
            raise CloudFormationError(
                "Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, "
                "underscores, periods, and colons"
            )
        resource, dot, _ = variable.partition(".")
        if dot and variable not in given and resource not in template.resources:
            raise CloudFormationError(
                f"Template error: instance of Fn::Sub references invalid resource attribute {variable}"
            )


def _check_import(template: ParsedTemplate, argument: TemplateValue) -> None:
    """The name of an export must be known before anything is created."""
    resources = any(target in template.resources for target, _ in references(argument))
    if resources or any(name in NOT_IN_IMPORTS for name, _ in _calls(argument)):
        raise CloudFormationError(
            "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or "
            "Fn::GetAZs"
        )


def _is_list(*sizes: int) -> Callable[[TemplateValue], bool]:
    return lambda argument: isinstance(argument, list) and len(argument) in sizes


def _is_text(argument: TemplateValue) -> bool:
    """Text, or a function that may give one."""
    return not isinstance(argument, list) and argument is not None


def _is_select(argument: TemplateValue) -> bool:
    if not _is_list(2)(argument):
        return False
    index, items = argument
    return (isinstance(index, dict) or str(index).isdigit()) and isinstance(items, list | dict)


def _is_plain(argument: TemplateValue) -> bool:
    """Whether Fn::FindInMap has the arguments that it may have without AWS::LanguageExtensions."""
    keys = [next(iter(part)) for part in argument if isinstance(part, dict) and part]
    return len(argument) == 3 and all(key in ("Ref", "Fn::FindInMap") for key in keys)


def _is_join(argument: TemplateValue) -> bool:
    return _is_list(2)(argument) and isinstance(argument[0], str) and isinstance(argument[1], list | dict)


def _is_split(argument: TemplateValue) -> bool:
    return _is_list(2)(argument) and isinstance(argument[0], str) and _is_text(argument[1])


def _is_sub(argument: TemplateValue) -> bool:
    if isinstance(argument, list):
        return len(argument) == 2 and isinstance(argument[0], str) and isinstance(argument[1], dict)
    return isinstance(argument, str)


def _is_logical_list(*sizes: int) -> Callable[[TemplateValue], bool]:
    return lambda argument: _is_list(*sizes)(argument) and all(is_logical(part) for part in argument)


def _is_stack_output(argument: TemplateValue) -> bool:
    members = {"OutputName", "Region", "RoleArn", "StackName"}
    return isinstance(argument, dict) and {"OutputName", "StackName"} <= set(argument) <= members


def _is_get_att(argument: TemplateValue) -> bool:
    parts = argument.split(".", 1) if isinstance(argument, str) else argument
    return isinstance(parts, list) and len(parts) > 1 and all(parts) and isinstance(parts[0], str)


SHAPES: Mapping[str, tuple[Callable[[TemplateValue], bool], str]] = {
    "Fn::Base64": (_is_text, "every Fn::Base64 object must have a String-typed value."),
    "Fn::Cidr": (
        _is_list(2, 3),
        "every Fn::Cidr object requires two or three parameters, (1) an ipBlock, (2) a count "
        "and (3) optional cidrBits.",
    ),
    "Fn::FindInMap": (
        _is_list(3, 4),
        "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return "
        "value",
    ),
    "Fn::GetAtt": (
        _is_get_att,
        "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    ),
    "Fn::GetAZs": (_is_text, "every Fn::GetAZs object must have a String-typed value."),
    "Fn::GetStackOutput": (
        _is_stack_output,
        "every Fn::GetStackOutput object requires StackName and OutputName, and may have Region and RoleArn.",
    ),
    "Fn::If": (_is_list(3), "Fn::If requires a list argument with three elements"),
    "Fn::ImportValue": (
        _is_text,
        "the attribute in Fn::ImportValue must be a string or a function that returns a string",
    ),
    "Fn::Join": (
        _is_join,
        "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined "
        "or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
    ),
    "Fn::Select": (
        _is_select,
        "Fn::Select requires a list argument with two elements: an integer index and a list",
    ),
    "Fn::Split": (
        _is_split,
        "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a "
        "function that returns a string to be split.",
    ),
    "Fn::Sub": (
        _is_sub,
        "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, "
        "and an optional second argument to specify a mapping of values to replace in the string",
    ),
    "Fn::And": (
        _is_logical_list(*range(2, 11)),
        "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters.",
    ),
    "Fn::Or": (
        _is_logical_list(*range(2, 11)),
        "every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters.",
    ),
    "Fn::Not": (_is_list(1), "Fn::Not requires a list argument with one element"),
    "Fn::Equals": (_is_list(2), "every Fn::Equals object requires a list of 2 string parameters."),
}
