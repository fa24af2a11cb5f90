"""Evaluating a template's values: Ref, GetAtt, conditions, and every function that AWS documents.

One `Evaluator` serves one stack at one moment. While a change set is planned some values cannot be
known (the id of a resource that is yet to be made); these become `UNKNOWN`, which every function
passes on. While a stack is deployed there is no UNKNOWN: what is missing then is an error.

Dynamic references are left as text, see `dynamic`.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.template import functions
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, scalar, unknown_within
from accountsctl.localcloud.cloudformation.template.parsing import LANGUAGE_EXTENSIONS, ParsedTemplate
from accountsctl.localcloud.cloudformation.template.references import SUBSTITUTION, split_get_att, sub_parts
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION

NO_VALUE = object()


@dataclass(frozen=True)
class Known:
    """What `Ref` and `Fn::GetAtt` say of a resource."""

    physical_id: str
    attributes: Mapping[str, Any]


@dataclass(frozen=True)
class Scope:
    """Everything around a template that its values may depend on."""

    region: str
    stack_id: str
    stack_name: str
    parameters: Mapping[str, Any]
    zones: Callable[[str], list[str]]
    export: Callable[[str], str | None]
    notification_arns: list[str] = field(default_factory=list)
    planning: bool = False


class Evaluator:
    """Values of one template. `known` is filled by the caller as resources come to exist."""

    def __init__(self, template: ParsedTemplate, scope: Scope) -> None:
        self.template = template
        self.scope = scope
        self.known: dict[str, Known] = {}
        self.imports: set[str] = set()
        self._conditions: dict[str, bool] = {}
        self._testing: set[str] = set()
        self._pseudo: dict[str, Any] = {
            "AWS::AccountId": ACCOUNT,
            "AWS::NoValue": NO_VALUE,
            "AWS::NotificationARNs": list(scope.notification_arns),
            "AWS::Partition": PARTITION,
            "AWS::Region": scope.region,
            "AWS::StackId": scope.stack_id,
            "AWS::StackName": scope.stack_name,
            "AWS::URLSuffix": "amazonaws.com",
        }
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Base64": self._base64,
            "Cidr": self._cidr,
            "FindInMap": self._find_in_map,
            "GetAtt": self._get_att,
            "GetAZs": self._get_azs,
            "If": self._if,
            "ImportValue": self._import_value,
            "Join": self._join,
            "Length": self._length,
            "Select": self._select,
            "Split": self._split,
            "Sub": self._sub,
            "ToJsonString": self._to_json_string,
        }

    def value(self, expression: Any) -> Any:
        """The value of `expression`; members that are AWS::NoValue are gone."""
        if isinstance(expression, list):
            values = (self.value(item) for item in expression)
            return [value for value in values if value is not NO_VALUE]
        if not isinstance(expression, dict):
            return expression
        if len(expression) == 1:
            ((key, argument),) = expression.items()
            if key == "Ref":
                return self.ref(argument)
            if isinstance(key, str) and key.startswith("Fn::"):
                return self._call(key.removeprefix("Fn::"), argument)
        members = ((key, self.value(inner)) for key, inner in expression.items())
        return {key: value for key, value in members if value is not NO_VALUE}

    def holds(self, name: str) -> bool:
        """Whether the named condition is true."""
        if name not in self._conditions:
            if name not in self.template.conditions:
                raise CloudFormationError(
                    f"Template format error: Unresolved condition dependency {name} in the Conditions block "
                    "of the template"
                )
            if name in self._testing:
                raise CloudFormationError(f"Template format error: Circular dependency in condition {name}")
            self._testing.add(name)
            self._conditions[name] = self._test(self.template.conditions[name])
        return self._conditions[name]

    def ref(self, name: Any) -> Any:
        """What ``{"Ref": name}`` is."""
        if not isinstance(name, str):
            raise CloudFormationError("Template format error: All References must be of type string.")
        if name in self._pseudo:
            return self._pseudo[name]
        if name in self.scope.parameters:
            return self.scope.parameters[name]
        if name in self.known:
            return self.known[name].physical_id
        if self.scope.planning and name in self.template.resources:
            return UNKNOWN
        raise CloudFormationError(
            f"Template format error: Unresolved resource dependencies [{name}] in the Resources block of "
            "the template"
        )

    def attribute(self, name: str, attribute: str) -> Any:
        """What ``{"Fn::GetAtt": [name, attribute]}`` is."""
        if name not in self.template.resources:
            raise CloudFormationError(
                f"Template error: instance of Fn::GetAtt references undefined resource {name}"
            )
        attributes = self.known[name].attributes if name in self.known else {}
        if attribute in attributes:
            return attributes[attribute]
        if self.scope.planning and name not in self.known:
            return UNKNOWN
        if name in self.known and attribute.startswith("Outputs."):
            output = attribute.removeprefix("Outputs.")
            raise CloudFormationError(
                f"Output '{output}' not found in stack '{self.known[name].physical_id}'"
            )
        raise CloudFormationError(f"Attribute '{attribute}' does not exist")

    def _test(self, condition: Any) -> bool:
        if not isinstance(condition, dict) or len(condition) != 1:
            raise CloudFormationError(
                "Template format error: Every Conditions member must be an object with one condition."
            )
        ((key, argument),) = condition.items()
        match key:
            case "Condition":
                return self.holds(argument)
            case "Fn::Equals":
                left, right = self.value(argument)
                return functions.equal(left, right)
            case "Fn::Not":
                return not self._test(argument[0])
            case "Fn::And":
                return all(self._test(part) for part in argument)
            case "Fn::Or":
                return any(self._test(part) for part in argument)
            case _:
                raise CloudFormationError(
                    f"Template format error: Conditions can only be boolean operations on parameters and "
                    f"other conditions, not {key}"
                )

    def _call(self, name: str, argument: Any) -> Any:
        if name not in self._functions:
            raise CloudFormationError(f"Template error: unsupported intrinsic function: Fn::{name}")
        try:
            return self._functions[name](argument)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError) as error:
            raise CloudFormationError(
                f"Template error: every Fn::{name} object has fixed arguments; this one is malformed: "
                f"{json.dumps(argument, default=str)[:200]}"
            ) from error

    def _get_att(self, argument: Any) -> Any:
        name, attribute = split_get_att(argument)
        attribute = self.value(attribute)
        return UNKNOWN if attribute is UNKNOWN else self.attribute(name, attribute)

    def _if(self, argument: Any) -> Any:
        condition, when_true, when_false = argument
        return self.value(when_true if self.holds(condition) else when_false)

    def _sub(self, argument: Any) -> Any:
        text, variables = sub_parts(argument)
        bound = {name: self.value(value) for name, value in variables.items()}
        parts: list[str] = []
        end = 0
        for match in SUBSTITUTION.finditer(text):
            parts.append(text[end : match.start()])
            end = match.end()
            name = match.group(2).strip()
            value = f"${{{name}}}" if match.group(1) else self._substitute(name, bound)
            if value is UNKNOWN:
                return UNKNOWN
            parts.append(scalar(value))
        return "".join([*parts, text[end:]])

    def _substitute(self, name: str, bound: Mapping[str, Any]) -> Any:
        head, dot, attribute = name.partition(".")
        value = bound[name] if name in bound else self.attribute(head, attribute) if dot else self.ref(name)
        if isinstance(value, list | dict) or value is NO_VALUE:
            raise CloudFormationError(
                f"Template error: variable {name} in Fn::Sub expression does not resolve to a string"
            )
        return value

    def _join(self, argument: Any) -> Any:
        delimiter, items = argument
        values = self.value(items)
        if unknown_within(values):
            return UNKNOWN
        if not isinstance(values, list):
            raise CloudFormationError(
                "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and "
                "(2) a list of strings to be joined or a function that returns a list of strings (such as "
                "Fn::GetAZs) to be joined."
            )
        return delimiter.join(scalar(value) for value in values)

    def _split(self, argument: Any) -> Any:
        delimiter, text = argument
        value = self.value(text)
        return UNKNOWN if value is UNKNOWN else scalar(value).split(delimiter)

    def _select(self, argument: Any) -> Any:
        index, items = (self.value(part) for part in argument)
        if index is UNKNOWN or items is UNKNOWN:
            return UNKNOWN
        return functions.select(index, items)

    def _find_in_map(self, argument: Any) -> Any:
        keys = [self.value(part) for part in argument[:3]]
        if unknown_within(keys):
            return UNKNOWN
        found: Any = self.template.mappings
        for key in keys:
            found = found.get(scalar(key), NO_VALUE) if isinstance(found, Mapping) else NO_VALUE
        if found is not NO_VALUE:
            return self.value(found)
        if len(argument) > 3:
            self._needs_language_extensions("Fn::FindInMap with DefaultValue")
            return self.value(argument[3]["DefaultValue"])
        map_name, *rest = (scalar(key) for key in keys)
        raise CloudFormationError(f"Template error: Unable to get mapping for {map_name}::{'::'.join(rest)}")

    def _get_azs(self, argument: Any) -> Any:
        region = self.value(argument)
        return UNKNOWN if region is UNKNOWN else self.scope.zones(region or self.scope.region)

    def _cidr(self, argument: Any) -> Any:
        values = self.value(argument)
        if unknown_within(values):
            return UNKNOWN
        return functions.cidr(*values)

    def _base64(self, argument: Any) -> Any:
        value = self.value(argument)
        return UNKNOWN if value is UNKNOWN else functions.base64_of(scalar(value))

    def _import_value(self, argument: Any) -> Any:
        name = self.value(argument)
        if name is UNKNOWN:
            return UNKNOWN
        value = self.scope.export(name)
        if value is None:
            raise CloudFormationError(f"No export named {name} found.")
        self.imports.add(name)
        return value

    def _length(self, argument: Any) -> Any:
        self._needs_language_extensions("Fn::Length")
        value = self.value(argument)
        return UNKNOWN if value is UNKNOWN else len(value)

    def _to_json_string(self, argument: Any) -> Any:
        self._needs_language_extensions("Fn::ToJsonString")
        value = self.value(argument)
        return UNKNOWN if unknown_within(value) else json.dumps(value, separators=(",", ":"))

    def _needs_language_extensions(self, what: str) -> None:
        if LANGUAGE_EXTENSIONS not in self.template.transforms:
            raise CloudFormationError(
                f"Template error: {what} is only supported with the transform {LANGUAGE_EXTENSIONS}"
            )
