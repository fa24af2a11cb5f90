"""The transform AWS::LanguageExtensions: loops (Fn::ForEach), and references whose names functions give.

Only what has to be known before a template can be read is done here. The functions that the transform adds are
evaluated with the others, in `intrinsic_functions`.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from accountsctl.localcloud.cloudformation.errors import TransformError
from accountsctl.localcloud.cloudformation.template.functions import UNKNOWN, scalar
from accountsctl.localcloud.cloudformation.template.members import ALPHANUMERIC
from accountsctl.localcloud.cloudformation.template.parsing import LANGUAGE_EXTENSIONS
from accountsctl.localcloud.cloudformation.template.scope import TemplateValue

FOR_EACH = "Fn::ForEach::"
SECTIONS = ("Conditions", "Resources", "Outputs")
PLACEHOLDER = re.compile(r"([$&])\{([A-Za-z0-9]+)\}")
Items = Mapping[str, str]
"""What the identifiers of the loops around a value stand for."""


class Loops:
    """Writes out the loops of one template; `value` evaluates an expression as far as it is known."""

    def __init__(self, value: Callable[[TemplateValue], TemplateValue]) -> None:
        self._value = value
        self._names: set[str] = set()

    def expand(self, body: Mapping[str, TemplateValue]) -> dict[str, TemplateValue]:
        """The template without loops, in which each reference has a name."""
        expanded = dict(body)
        for section in SECTIONS:
            if section in body:
                members = self._node(body[section], {})
                for name in members if section != "Conditions" else ():
                    self._check_name(section, name)
                expanded[section] = members
        return expanded

    def _check_name(self, section: str, name: str) -> None:
        if not ALPHANUMERIC.fullmatch(name):
            kind = "OutputKey" if section == "Outputs" else "LogicalId"
            raise _failure(f"{kind} '{name}' should be alphanumeric")

    def _node(self, node: TemplateValue, items: Items) -> TemplateValue:
        if isinstance(node, list):
            return [self._node(item, items) for item in node]
        if not isinstance(node, Mapping):
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            match key:
                case "Ref":
                    return self._reference(argument, items)
                case "Fn::GetAtt" if isinstance(argument, list):
                    return {key: [self._name(part, items) for part in argument]}
                case "Fn::Sub":
                    return {key: self._text(argument, items)}
        return self._members(node, items)

    def _members(self, node: Mapping[str, TemplateValue], items: Items) -> dict[str, TemplateValue]:
        members: dict[str, TemplateValue] = {}
        for key, inner in node.items():
            if key.startswith(FOR_EACH):
                for name, member in self._loop(inner, items):
                    if name in members or name in node:
                        raise _failure(f"{key} makes {name}, which exists already")
                    members[name] = member
            elif key == "Condition" and isinstance(inner, Mapping):
                members[key] = self._name(inner, items)
            else:
                members[key] = self._node(inner, items)
        return members

    def _loop(self, loop: TemplateValue, items: Items) -> Iterator[tuple[str, TemplateValue]]:
        if not isinstance(loop, list) or len(loop) != 3 or isinstance(loop[1], str):
            raise _failure("Fn::ForEach layout is incorrect")
        identifier, collection, fragment = loop
        if not isinstance(identifier, str) or not isinstance(fragment, Mapping):
            raise _failure("Fn::ForEach layout is incorrect")
        members = self._value(self._node(collection, items))
        if not isinstance(members, list) or any(isinstance(item, list | dict) for item in members):
            raise _failure("Could not find a collection or could not be resolved for Fn::ForEach")
        for item in members:
            inside = {**items, identifier: scalar(item)}
            for name, member in fragment.items():
                if name.startswith(FOR_EACH):
                    yield from self._loop(member, inside)
                else:
                    yield _replaced(name, inside), self._node(member, inside)

    def _reference(self, argument: TemplateValue, items: Items) -> TemplateValue:
        if isinstance(argument, str) and argument in items:
            return items[argument]
        return {"Ref": self._name(argument, items)}

    def _name(self, expression: TemplateValue, items: Items) -> TemplateValue:
        """The name that an expression gives; one that is written out as it is."""
        if not isinstance(expression, Mapping):
            return expression
        name = self._value(self._node(expression, items))
        if name is UNKNOWN or not isinstance(name, str):
            raise _failure(f"The name in {dict(expression)} could not be resolved")
        return name

    def _text(self, argument: TemplateValue, items: Items) -> TemplateValue:
        """The argument of Fn::Sub: only ``${Identifier}`` is replaced in it."""
        if isinstance(argument, list) and argument and isinstance(argument[0], str):
            return [_replaced(argument[0], items, "$"), *(self._node(part, items) for part in argument[1:])]
        return _replaced(argument, items, "$") if isinstance(argument, str) else self._node(argument, items)


def _replaced(text: str, items: Items, forms: str = "$&") -> str:
    """A text with the identifiers in it replaced; ``&{Identifier}`` is the item's letters and digits only."""

    def item(match: re.Match[str]) -> str:
        form, name = match.groups()
        if form not in forms or name not in items:
            return match.group()
        return re.sub("[^A-Za-z0-9]", "", items[name]) if form == "&" else items[name]

    return PLACEHOLDER.sub(item, text)


def _failure(why: str) -> TransformError:
    return TransformError(LANGUAGE_EXTENSIONS, why)
