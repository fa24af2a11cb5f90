"""Intrinsics of a template, as far as the template tells them.

What only AWS knows becomes a placeholder that says what is meant: ``${RestApi}``, ``${Pool.Arn}``,
``${AWS::Region}``. Two values that mean the same thing are then the same text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.doctor.facts.templates.document import Document

_VARIABLE = re.compile(r"\$\{([^!}][^}]*)\}")
_ABSENT = object()


@dataclass(frozen=True)
class Resolver:
    """Resolves values of one document. `given` are its parameters' values, before their defaults."""

    document: Document
    given: Mapping[str, Any] = field(default_factory=dict)

    def value(self, value: Any) -> Any:
        """A value with its intrinsics worked out; None for ``AWS::NoValue`` and what a false condition drops."""
        if isinstance(value, list):
            return [found for part in value if (found := self.value(part)) is not None]
        if not isinstance(value, Mapping):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            worked = self._intrinsic(name, argument)
            if worked is not _ABSENT:
                return worked
        found = {key: self.value(part) for key, part in value.items()}
        return {key: part for key, part in found.items() if part is not None}

    def text(self, value: Any) -> str:
        """A value as text; empty for none."""
        found = self.value(value)
        if isinstance(found, bool):
            return "true" if found else "false"
        return "" if found is None else str(found)

    def _intrinsic(self, name: str, argument: Any) -> Any:
        match name:
            case "Ref":
                return self._ref(str(argument))
            case "Fn::GetAtt":
                parts = argument if isinstance(argument, list) else str(argument).split(".", 1)
                return "${" + ".".join(str(part) for part in parts) + "}"
            case "Fn::Sub":
                return self._sub(argument)
            case "Fn::Join":
                return str(argument[0]).join(self.text(part) for part in self.value(argument[1]) or [])
            case "Fn::If":
                chosen = argument[1] if self.condition(str(argument[0])) else argument[2]
                return self.value(chosen)
            case "Fn::Select":
                options = self.value(argument[1])
                number = int(self.text(argument[0]) or 0)
                return options[number] if isinstance(options, list) and number < len(options) else None
            case "Fn::Split":
                return self.text(argument[1]).split(str(argument[0]))
            case "Fn::FindInMap":
                return self._map([self.text(part) for part in argument])
            case "Fn::ImportValue":
                return "${import " + self.text(argument) + "}"
        return _ABSENT

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return None
        declared = self.document.body.get("Parameters") or {}
        if name in declared:
            value = self.given.get(name, (declared[name] or {}).get("Default"))
            return "${" + name + "}" if value is None else value
        return "${" + name + "}"

    def _sub(self, argument: Any) -> str:
        text, local = (argument[0], argument[1]) if isinstance(argument, list) else (argument, {})

        def put(found: re.Match[str]) -> str:
            name = found.group(1).strip()
            if name in local:
                return self.text(local[name])
            return self.text({"Ref": name}) if "." not in name else "${" + name + "}"

        return _VARIABLE.sub(put, str(text)).replace("${!", "${")

    def _map(self, path: list[str]) -> Any:
        found: Any = self.document.body.get("Mappings") or {}
        for key in path:
            found = found.get(key) if isinstance(found, Mapping) else None
        return found

    def condition(self, name: str) -> bool:
        """Whether a condition holds; one that cannot be worked out does."""
        conditions = self.document.body.get("Conditions") or {}
        return self._holds(conditions.get(name))

    def _holds(self, value: Any) -> bool:
        if not isinstance(value, Mapping) or len(value) != 1:
            return True
        name, argument = next(iter(value.items()))
        match name:
            case "Fn::Equals":
                return self.text(argument[0]) == self.text(argument[1])
            case "Fn::Not":
                return not self._holds(argument[0])
            case "Fn::And":
                return all(self._holds(part) for part in argument)
            case "Fn::Or":
                return any(self._holds(part) for part in argument)
            case "Condition":
                return self.condition(str(argument))
        return True


def name_in(placeholder: str) -> str:
    """What a placeholder means: ``RestApi`` of ``${RestApi}``, ``Function`` of ``${Function.Arn}``."""
    found = re.fullmatch(r"\$\{([^}]+)\}", placeholder)
    return found.group(1).partition(".")[0] if found else placeholder
