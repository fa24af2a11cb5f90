"""A template evaluated with the values of its parameters, as far as that is possible before AWS deploys it.

Parameters and their defaults, mappings, conditions and the functions that need nothing else are worked out.
A reference to a resource stays one (`values.ResourceReference`); what only AWS can evaluate is `values.Computed`.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from accountsctl.model.template_body import TemplateBody, TemplateResource
from accountsctl.planning.values import (
    MISSING,
    Address,
    Computed,
    ResourceReference,
    Secret,
    Value,
    is_known,
    revealed,
    scalar,
)
from accountsctl.planning.values import join as join_text

PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
Outputs = Callable[[str, str], Value]
"""Logical id of a nested stack, and one of its outputs -> the output's value."""


@dataclass
class StackScope:
    """One stack's template and what its names stand for.

    `stack` is its logical id in the root, `given` the parameters that are passed to it, `known` the pseudo
    parameters that are the same for all stacks, `outputs` those of the stacks that are nested in it.
    """

    stack: str
    body: TemplateBody
    given: Mapping[str, Value]
    known: Mapping[str, str]
    outputs: Outputs
    _conditions: dict[str, Value] = field(default_factory=dict)

    def value(self, node: Value) -> Value:
        """`node` of the template, evaluated; a property set to ``AWS::NoValue`` is left out."""
        if isinstance(node, list):
            return [item for item in map(self.value, node) if item is not MISSING]
        if not isinstance(node, Mapping):
            return node
        if len(node) == 1:
            ((function, argument),) = node.items()
            if function in FUNCTIONS:
                return FUNCTIONS[function](self, argument)
            if function.startswith("Fn::"):
                return Computed(function, self.value(argument))
        items = ((key, self.value(item)) for key, item in node.items())
        return {key: item for key, item in items if item is not MISSING}

    def reference(self, name: str) -> Value:
        """What ``Ref`` of a parameter, a pseudo parameter or a resource is."""
        if name == "AWS::NoValue":
            return MISSING
        if name.startswith("AWS::"):
            return self.known.get(name) or Computed("Ref", [name, self.stack])
        if name in self.body.get("Parameters", {}):
            return self._parameter(name, self.body["Parameters"][name])
        return ResourceReference(Address(self.stack, name))

    def attribute(self, name: str, attribute: str) -> Value:
        """What ``Fn::GetAtt`` is: an output of a nested stack, or a reference."""
        if attribute.startswith("Outputs."):
            return self.outputs(name, attribute.removeprefix("Outputs."))
        return ResourceReference(Address(self.stack, name), attribute)

    def condition(self, name: str) -> Value:
        """True, False, or the expression that only AWS can decide."""
        if name not in self._conditions:
            self._conditions[name] = Computed("Condition", name)  # for one that refers to itself
            self._conditions[name] = self.value(self.body.get("Conditions", {}).get(name, True))
        return self._conditions[name]

    def exists(self, resource: TemplateResource) -> Value:
        """Whether the resource's Condition creates it: True, False, or an undecided expression."""
        return self.condition(resource["Condition"]) if "Condition" in resource else True

    def output(self, name: str) -> Value:
        """One of the stack's outputs; MISSING if its template does not declare it."""
        declared = self.body.get("Outputs", {}).get(name)
        return MISSING if declared is None else self.value(declared.get("Value"))

    def _parameter(self, name: str, declared: Mapping[str, object]) -> Value:
        kind = str(declared.get("Type", "String"))
        if name in self.given:
            value = self.given[name]
        elif "Default" in declared:
            value = declared["Default"]
        else:
            return Computed("Parameter", [name, self.stack])
        if "AWS::SSM::Parameter::Value" in kind:
            return Computed("SSM", value)
        if kind.startswith("List<") or kind == "CommaDelimitedList":
            value = _listed(value)
        return Secret(value) if str(declared.get("NoEcho", "")).lower() == "true" else value


def _listed(value: Value) -> Value:
    plain = scalar(value)
    return value if plain is None else [item.strip() for item in plain.split(",")]


def _ref(scope: StackScope, argument: Value) -> Value:
    return scope.reference(str(argument))


def _get_att(scope: StackScope, argument: Value) -> Value:
    if isinstance(argument, str):
        name, _, attribute = argument.partition(".")
        return scope.attribute(name, attribute)
    if not isinstance(argument, list) or len(argument) < 2:
        return Computed("Fn::GetAtt", argument)
    attributes = [scope.value(item) for item in argument[1:]]
    if not all(isinstance(item, str) for item in attributes):
        return Computed("Fn::GetAtt", [argument[0], *attributes])
    return scope.attribute(str(argument[0]), ".".join(map(str, attributes)))


def _sub(scope: StackScope, argument: Value) -> Value:
    text, values = argument, {}
    if isinstance(argument, list) and len(argument) == 2 and isinstance(argument[1], Mapping):
        text, values = argument[0], {key: scope.value(item) for key, item in argument[1].items()}
    if not isinstance(text, str):
        return Computed("Fn::Sub", scope.value(argument))
    parts: list[Value] = []
    # With one group, split gives text and names in turn.
    for index, part in enumerate(PLACEHOLDER.split(text)):
        if index % 2 == 0:
            parts.append(part)
        elif part.startswith("!"):
            parts.append(f"${{{part[1:]}}}")
        else:
            parts.append(_substitute(scope, part.strip(), values))
    return join_text(parts)


def _substitute(scope: StackScope, name: str, values: Mapping[str, Value]) -> Value:
    if name in values:
        return values[name]
    return _get_att(scope, name) if "." in name else scope.reference(name)


def _join(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    match evaluated:
        case [str(separator), list(items)]:
            parts: list[Value] = []
            for index, item in enumerate(items):
                parts += [separator, item] if index else [item]
            return join_text(parts)
        case _:
            return Computed("Fn::Join", evaluated)


def _split(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    match evaluated:
        case [str(separator), str(text)] if separator:
            return list(text.split(separator))
        case [str(separator), Secret(str(text))] if separator:
            return [Secret(part) for part in text.split(separator)]
        case _:
            return Computed("Fn::Split", evaluated)


def _select(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    match evaluated:
        case [index, list(items)] if str(scalar(index)).isdecimal() and int(str(scalar(index))) < len(items):
            return items[int(str(scalar(index)))]
        case _:
            return Computed("Fn::Select", evaluated)


def _find_in_map(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    if not isinstance(evaluated, list) or len(evaluated) < 3 or not is_known(evaluated[:3]):
        return Computed("Fn::FindInMap", [evaluated, scope.body.get("Mappings", {})])
    node: Value = scope.body.get("Mappings", {})
    for key in evaluated[:3]:
        node = node.get(str(scalar(revealed(key))), MISSING) if isinstance(node, Mapping) else MISSING
    if node is not MISSING:
        return node
    fallback = evaluated[3] if len(evaluated) > 3 else None
    return fallback["DefaultValue"] if isinstance(fallback, dict) else Computed("Fn::FindInMap", evaluated)


def _if(scope: StackScope, argument: Value) -> Value:
    if not isinstance(argument, list) or len(argument) != 3:
        return Computed("Fn::If", scope.value(argument))
    decided = scope.condition(str(argument[0]))
    if isinstance(decided, bool):
        return scope.value(argument[1] if decided else argument[2])
    return Computed("Fn::If", [decided, scope.value(argument[1]), scope.value(argument[2])])


def _equals(scope: StackScope, argument: Value) -> Value:
    evaluated = revealed(scope.value(argument))
    if isinstance(evaluated, list) and len(evaluated) == 2:
        if evaluated[0] == evaluated[1]:
            return True
        if is_known(evaluated):
            return scalar(evaluated[0]) is not None and scalar(evaluated[0]) == scalar(evaluated[1])
    return Computed("Fn::Equals", evaluated)


def _all_of(scope: StackScope, argument: Value) -> Value:
    return _decide("Fn::And", scope.value(argument), decisive=False)


def _any_of(scope: StackScope, argument: Value) -> Value:
    return _decide("Fn::Or", scope.value(argument), decisive=True)


def _decide(function: str, values: Value, *, decisive: bool) -> Value:
    items = values if isinstance(values, list) else [values]
    if decisive in [item for item in items if isinstance(item, bool)]:
        return decisive
    undecided = [item for item in items if not isinstance(item, bool)]
    return Computed(function, undecided) if undecided else not decisive


def _not(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    item = evaluated[0] if isinstance(evaluated, list) and evaluated else evaluated
    return not item if isinstance(item, bool) else Computed("Fn::Not", item)


def _condition(scope: StackScope, argument: Value) -> Value:
    # IAM policies have a Condition of their own, which is a mapping.
    return scope.condition(argument) if isinstance(argument, str) else {"Condition": scope.value(argument)}


def _base64(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    if isinstance(evaluated, str):
        return base64.b64encode(evaluated.encode()).decode()
    return Computed("Fn::Base64", evaluated)


def _to_json(scope: StackScope, argument: Value) -> Value:
    evaluated = scope.value(argument)
    if is_known(evaluated) and evaluated == revealed(evaluated):
        return json.dumps(evaluated, separators=(",", ":"))
    return Computed("Fn::ToJsonString", evaluated)


FUNCTIONS: Mapping[str, Callable[[StackScope, Value], Value]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::Split": _split,
    "Fn::Select": _select,
    "Fn::FindInMap": _find_in_map,
    "Fn::If": _if,
    "Fn::Equals": _equals,
    "Fn::And": _all_of,
    "Fn::Or": _any_of,
    "Fn::Not": _not,
    "Condition": _condition,
    "Fn::Base64": _base64,
    "Fn::ToJsonString": _to_json,
}
