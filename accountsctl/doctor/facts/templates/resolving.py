"""Intrinsics of a template, as far as the template tells them.

What only AWS knows becomes a placeholder that says what is meant: ``${RestApi}``, ``${Pool.Arn}``,
``${AWS::Region}``, ``${If Production}``. Two values that mean the same thing are then the same text, and a value
with a placeholder in it is one that nothing is concluded from (`unknown.is_unknown`).

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from accountsctl.doctor.facts.templates.document import TRANSFORM, Document
from accountsctl.doctor.facts.unknown import PLACEHOLDER, either, is_unknown, may_be, placeholder
from accountsctl.model.http_methods import EXTENSION, openapi_method

_DYNAMIC = re.compile(r"\{\{(resolve:(?:\$\{[^}]*\}|[^}])*)\}\}")
_ABSENT = object()
NO_VALUE = "${AWS::NoValue}"
"""What stands for a value that the deployment takes away, where a reader has to know that there was one."""
_LISTS = ("CommaDelimitedList", "List<")
LONGEST = 1024 * 1024
"""Characters: CloudFormation takes no template that is larger."""


def _placeholder(name: str, what: object = "") -> str:
    return placeholder(re.sub(r"\$\{|\}", "", f"{name} {what}".strip()))


def _either(name: str, values: list[Any]) -> Any:
    """One of some values: what is known of them, or a placeholder with the name."""
    found = either(name, values)
    return _placeholder(name) if found is None else found


def _as_text(value: Any) -> str:
    """A value that was worked out, as text; empty for none."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(_as_text, value))
    # CloudFormation makes no text of an object.
    return _placeholder("Object") if isinstance(value, Mapping) else "" if value is None else str(value)


def _joined(separator: str, parts: Iterable[str]) -> Any:
    """Texts put together; `_ABSENT` if they are longer than any template: a text that doubles has no end."""
    texts = list(parts)
    long = sum(map(len, texts)) + len(separator) * len(texts) > LONGEST
    return _ABSENT if long else separator.join(texts)


@dataclass(frozen=True)
class Resolver:
    """Resolves values of one document. `given` are its parameters' values, before their defaults."""

    document: Document
    given: Mapping[str, Any] = field(default_factory=dict)
    _held: dict[str, bool | None] = field(default_factory=dict, compare=False)
    """What was found of conditions: one that names another twice would be worked out twice as often at each step."""
    assumed: set[str] = field(default_factory=set, compare=False)
    """The conditions that only the deployment knows, of which one branch was taken all the same."""

    def value(self, value: Any, *, top: bool = False) -> Any:
        """A value with its intrinsics worked out; None for ``AWS::NoValue`` and what a false condition drops.

        What a macro adds to may get any part; `top` True: its own parts are wanted all the same.
        """
        if isinstance(value, list):
            return [found for part in value if (found := self.value(part)) is not None]
        if isinstance(value, str):
            return _DYNAMIC.sub(lambda found: _placeholder(found.group(1)), value)
        if not isinstance(value, Mapping):
            return value
        if TRANSFORM in value:
            if not top:
                return _placeholder("Transform")
        elif len(value) == 1:
            name, argument = next(iter(value.items()))
            worked = self._intrinsic(str(name), argument)
            if worked is not _ABSENT:
                return worked
        found = {key: self.value(part) for key, part in value.items()}
        return {key: part for key, part in found.items() if part is not None}

    def text(self, value: Any) -> str:
        """A value as text; empty for none."""
        return _as_text(self.value(value))

    def _intrinsic(self, name: str, argument: Any) -> Any:
        if name == "Ref":
            return self._ref(str(argument))
        known = _FUNCTIONS.get(name)
        if known is not None:
            worked = known(self, argument)
            return _placeholder(name.removeprefix("Fn::")) if worked is _ABSENT else worked
        # A macro, a loop, or a function that AWS added: only the deployment knows what it gives.
        return _placeholder(name.removeprefix("Fn::")) if name.startswith("Fn::") else _ABSENT

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return None
        declared = self.section("Parameters").get(name)
        if not isinstance(declared, Mapping):
            return _placeholder(name)
        default = declared.get("Default")
        # CloudFormation takes no function there; texts that double at each step would have no end.
        value = self.given.get(name, None if isinstance(default, Mapping) else default)
        kind = str(declared.get("Type", "String"))
        if value is None or "AWS::SSM::Parameter" in kind:  # the default of an SSM parameter is its name
            allowed = declared.get("AllowedValues")
            return (isinstance(allowed, list) and either(name, allowed)) or _placeholder(name)
        if kind.startswith(_LISTS) and isinstance(value, str):
            return value if is_unknown(value) else [part.strip() for part in value.split(",")]
        return self.value(value)

    def section(self, name: str) -> Mapping[str, Any]:
        """A section of the template; empty if there is none."""
        section = self.document.body.get(name)
        return section if isinstance(section, Mapping) else {}

    def sub(self, argument: Any) -> Any:
        """``Fn::Sub``."""
        pair = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
        text, local = pair[0], pair[1] if isinstance(pair[1], Mapping) else {}
        if not isinstance(text, str):
            return _ABSENT

        @cache
        def put(name: str) -> str:
            if name in local:
                return self.text(local[name])
            return _placeholder(name) if "." in name else self.text({"Ref": name})

        # A name stands between two parts of the text.
        parts = enumerate(PLACEHOLDER.split(text))
        worked = _joined("", (put(part.strip()) if number % 2 else part for number, part in parts))
        return worked if worked is _ABSENT else self.text(worked).replace("${!", "${")

    def chosen(self, argument: Any) -> Any:
        """``Fn::If``; both branches are possible if its condition is not known."""
        if not (isinstance(argument, list) and len(argument) == 3):
            return _ABSENT
        holds = self.condition(str(argument[0]))
        if holds is not None:
            return self.value(argument[1] if holds else argument[2])
        one, other = self.value(argument[1]), self.value(argument[2])
        possible = [value for value in (one, other) if value not in (None, NO_VALUE)]
        if len(possible) == 1 and _is_of_document(possible[0]):
            self.assumed.add(str(argument[0]))
            return possible[0]
        return one if one == other else _either(f"If {argument[0]}", [one, other])

    def condition(self, name: str) -> bool | None:
        """Whether a condition holds; None if only the deployment knows."""
        return self._holds({"Condition": name}, frozenset())

    def _holds(self, value: Any, above: frozenset[str]) -> bool | None:
        if not isinstance(value, Mapping) or len(value) != 1:
            return None
        name, argument = next(iter(value.items()))
        match name, argument:
            case "Fn::Equals", [one, other]:
                first, second = self.text(one), self.text(other)
                if first == second:
                    return True
                unknown, known = (first, second) if is_unknown(first) else (second, first)
                return None if is_unknown(known) or may_be(unknown, known) else False
            case "Fn::Not", [part]:
                holds = self._holds(part, above)
                return None if holds is None else not holds
            case (("Fn::And" | "Fn::Or"), list(parts)):
                found = [self._holds(part, above) for part in parts]
                decisive = name == "Fn::Or"
                return decisive if decisive in found else None if None in found else not decisive
            case "Condition", str(other) if other not in above:
                if other not in self._held:
                    stated = self.section("Conditions").get(other)
                    self._held[other] = self._holds(stated, above | {other})
                return self._held[other]
        return None


def _is_of_document(value: Any) -> bool:
    """Whether a value is an operation or a path of an OpenAPI document, or what it calls: judged as it is there."""
    if isinstance(value, str):
        return ":lambda:path/" in value
    if not isinstance(value, Mapping):
        return False
    parts = [part for key, part in value.items() if openapi_method(str(key)) is not None]
    return f"{EXTENSION}integration" in value or any(isinstance(part, Mapping) for part in parts)


def _get_att(resolver: Resolver, argument: Any) -> Any:
    """``Fn::GetAtt``."""
    parts = argument if isinstance(argument, list) else str(argument).split(".", 1)
    return placeholder(".".join(resolver.text(part) for part in parts))


def _join(resolver: Resolver, argument: Any) -> Any:
    """``Fn::Join``."""
    if not (isinstance(argument, list) and len(argument) == 2):
        return _ABSENT
    parts = resolver.value(argument[1])
    return _joined(str(argument[0]), map(_as_text, parts)) if isinstance(parts, list) else _ABSENT


def _select(resolver: Resolver, argument: Any) -> Any:
    """``Fn::Select``."""
    if not (isinstance(argument, list) and len(argument) == 2):
        return _ABSENT
    number, options = resolver.text(argument[0]), resolver.value(argument[1])
    if is_unknown(number) and isinstance(options, list):
        return _either("Select", options)
    if not number.isdigit() or not isinstance(options, list) or int(number) >= len(options):
        return _ABSENT
    return options[int(number)]


def _split(resolver: Resolver, argument: Any) -> Any:
    """``Fn::Split``."""
    if not (isinstance(argument, list) and len(argument) == 2 and argument[0]):
        return _ABSENT
    text = resolver.text(argument[1])
    return _ABSENT if is_unknown(text) else text.split(str(argument[0]))


def _find_in_map(resolver: Resolver, argument: Any) -> Any:
    """``Fn::FindInMap``."""
    if not isinstance(argument, list):
        return _ABSENT
    keys = [resolver.text(part) for part in argument[:3]]
    found: list[Any] = [resolver.section("Mappings")]
    for key in keys:
        tables = [table for table in found if isinstance(table, Mapping)]
        found = [value for table in tables for name, value in table.items() if may_be(key, str(name))]
    if len(argument) > 3 and (is_unknown(keys) or not found):
        default = argument[3].get("DefaultValue") if isinstance(argument[3], Mapping) else None
        found.append(resolver.value(default))
    return _either("FindInMap", found) if is_unknown(keys) and found else found[0] if found else _ABSENT


def _import_value(resolver: Resolver, argument: Any) -> Any:
    """``Fn::ImportValue``."""
    return _placeholder("import", resolver.text(argument))


_FUNCTIONS: Mapping[str, Callable[[Resolver, Any], Any]] = {
    "Fn::GetAtt": _get_att,
    "Fn::Sub": Resolver.sub,
    "Fn::Join": _join,
    "Fn::If": Resolver.chosen,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
}


def name_in(placeholder: str) -> str:
    """What a placeholder means: ``RestApi`` of ``${RestApi}``, ``Function`` of ``${Function.Arn}``."""
    found = re.fullmatch(r"\$\{([^}]+)\}", placeholder)
    return found.group(1).partition(".")[0] if found else placeholder
