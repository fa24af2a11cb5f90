"""What a target of an EventBridge rule gets: the event, a part of it, a constant, or a transformed text.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.([\w-]+)|\['([^']+)'\]|\[(\d+)\]")
_VARIABLE = re.compile(r"<([\w.-]+)>")


def input_of(target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str) -> str:
    """The text that the target gets."""
    if target.get("Input") is not None:
        return str(target["Input"])
    if target.get("InputPath"):
        return json.dumps(at(event, target["InputPath"]))
    transformer = target.get("InputTransformer")
    if not transformer:
        return json.dumps(event)
    values = {name: at(event, path) for name, path in (transformer.get("InputPathsMap") or {}).items()}
    values.update(
        {
            "aws.events.rule-arn": rule_arn,
            "aws.events.rule-name": rule_arn.rpartition("/")[2],
            "aws.events.event": {key: value for key, value in event.items() if key != "detail"},
            "aws.events.event.json": event,
            "aws.events.event.ingestion-time": event.get("time"),
        }
    )
    return _filled(transformer["InputTemplate"], values)


def at(event: object, path: str) -> Any:
    """The value at a JSONPath of names and positions; None if there is none. Raises ValueError for another path."""
    if not path.startswith("$"):
        raise ValueError(path)
    position, value = 1, event
    while position < len(path):
        step = _STEP.match(path, position)
        if step is None:
            raise ValueError(path)
        position = step.end()
        name = step[1] or step[2]
        if name is not None:
            value = value.get(name) if isinstance(value, Mapping) else None
        else:
            index = int(step[3])
            value = value[index] if isinstance(value, list) and index < len(value) else None
    return value


def _filled(template: str, values: Mapping[str, Any]) -> str:
    """The template with its variables: as text within quotes, else as JSON."""
    quoted = False
    parts: list[str] = []
    position = 0
    while position < len(template):
        variable = _VARIABLE.match(template, position)
        if variable and variable[1] in values:
            parts.append(_value(values[variable[1]], quoted))
            position = variable.end()
            continue
        if template[position] == "\\":
            parts.append(template[position : position + 2])
            position += 2
            continue
        quoted ^= template[position] == '"'
        parts.append(template[position])
        position += 1
    return "".join(parts)


def _value(value: Any, quoted: bool) -> str:
    if not quoted:
        return json.dumps(value)
    if value is None:
        return ""
    text = value if isinstance(value, str) else json.dumps(value)
    return json.dumps(text)[1:-1]
