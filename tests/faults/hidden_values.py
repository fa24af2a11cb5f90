"""Ways to hide a value or a resource of a template, each leaving what it was possible: what was healthy still may be.

They keep the value among what it may be (both branches of a condition, a row of a mapping, one of a list), keep a half
of its text, or put in its place what another stack, a store or a macro gives.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Body = dict[str, Any]
Path = tuple[str | int, ...]
Way = Callable[[Any], Any]
NO_VALUE = {"Ref": "AWS::NoValue"}
INCLUDE = {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/part.yaml"}}}


def is_function(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) == 1
        and str(next(iter(value))).startswith(("Ref", "Fn::"))
        and value != NO_VALUE
    )


def either(one: Any, other: Any) -> Body:
    return {"Fn::If": ["HiddenCondition", one, other]}


def imported_parts(value: Any) -> Any:
    """A `Fn::Sub` as a `Fn::Join` whose names are imports."""
    if not isinstance(value, dict) or not isinstance(value.get("Fn::Sub"), str):
        return None
    parts = re.split(r"\$\{([^!}][^}]*)\}", value["Fn::Sub"])
    return {
        "Fn::Join": ["", [{"Fn::ImportValue": part} if at % 2 else part for at, part in enumerate(parts)]]
    }


def in_a_mapping(value: Any) -> Any:
    """A text, or a list of texts, as the row of a mapping that a parameter chooses."""
    other = value + "x" if isinstance(value, str) else [*value, "x"] if isinstance(value, list) else None
    texts = all(isinstance(part, str) for part in value) if isinstance(value, list) else other is not None
    return {"Fn::FindInMap": ["Hidden", {"Ref": "HiddenText"}, (value, other)]} if other and texts else None


def of_text(made: Callable[[str], Any]) -> Way:
    return lambda value: made(value) if isinstance(value, str) and len(value) > 1 else None


def of_list(made: Callable[[list[Any]], Any]) -> Way:
    return lambda value: made(value) if isinstance(value, list) and value else None


VALUES: dict[str, Way] = {
    "both branches": lambda value: either(value, copy.deepcopy(value)),
    "one branch": lambda value: either(value, NO_VALUE),
    "the other branch": lambda value: either(NO_VALUE, value),
    "one of two texts": of_text(lambda text: either(text, text + "x")),
    "selected": of_text(lambda text: {"Fn::Select": [{"Ref": "HiddenNumber"}, [text, "other"]]}),
    "its second half": of_text(
        lambda text: {"Fn::Sub": "${HiddenText}" + text[len(text) // 2 :].replace("${", "${!")}
    ),
    "its first half": of_text(
        lambda text: {"Fn::Join": ["", [text[: len(text) // 2], {"Ref": "HiddenText"}]]}
    ),
    "in a store": of_text(
        lambda _: {"Fn::Sub": "{{resolve:secretsmanager:${HiddenText}:SecretString:part}}"}
    ),
    "Base64": of_text(lambda _: {"Fn::Base64": {"Ref": "HiddenText"}}),
    "a row of a mapping": in_a_mapping,
    "a list parameter": of_list(
        lambda parts: None if any(isinstance(part, dict) for part in parts) else {"Ref": "HiddenList"}
    ),
    "split": of_list(
        lambda parts: (
            None
            if any(isinstance(part, dict) for part in parts)
            else {"Fn::Split": [",", {"Ref": "HiddenText"}]}
        )
    ),
    "each part in one branch": of_list(lambda parts: [either(part, NO_VALUE) for part in parts]),
    "imported": lambda value: {"Fn::ImportValue": "hidden"} if is_function(value) else None,
    "of a custom resource": lambda value: (
        {"Fn::GetAtt": ["HiddenCustom", "Value"]} if is_function(value) else None
    ),
    "imported parts": imported_parts,
    "a parameter": lambda value: {"Ref": "HiddenText"} if isinstance(value, str | int) else None,
    "included": lambda value: (
        copy.deepcopy(INCLUDE) if isinstance(value, dict | list) and not is_function(value) else None
    ),
    "made by a macro": lambda value: {"Fn::Transform": {"Name": "Macro", "Parameters": {"Of": value}}},
}
OPEN_BY_NATURE = ("Cors",)
"""SAM takes a function here for the origin alone, whatever its branches are."""


def places(value: Any, path: Path) -> Iterator[Path]:
    """The places of all values below a resource's properties; a function is one value."""
    if len(path) > 3 and path[-1] not in OPEN_BY_NATURE:
        yield path
    if not is_function(value):
        keys = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for key in keys:
            yield from places(value[key], (*path, key))


def value_at(body: Any, path: Path) -> Any:
    for key in path:
        body = body[key]
    return body


def replaced(body: Body, path: Path, value: Any) -> Body:
    """A copy with another value at a place."""
    changed = copy.deepcopy(body)
    value_at(changed, path[:-1])[path[-1]] = value
    return changed


def hidden(body: Body, path: Path, way: str) -> Body | None:
    """A copy of which one value is hidden; None if it is none for this way."""
    found = VALUES[way](copy.deepcopy(value_at(body, path)))
    return None if found is None else declared(replaced(body, path, found))


def conditional(body: Body, name: str) -> Body:
    """A copy of which one resource stands under a condition."""
    changed = copy.deepcopy(body)
    changed["Resources"][name].setdefault("Condition", "HiddenCondition")
    return declared(changed)


def declared(body: Body) -> Body:
    """The template with the parameters, the condition, the mapping and the resource that the ways name."""
    kinds = {"HiddenText": "String", "HiddenList": "CommaDelimitedList", "HiddenNumber": "Number"}
    body.setdefault("Parameters", {}).update({name: {"Type": kind} for name, kind in kinds.items()})
    equal = {"Fn::Equals": [{"Ref": "HiddenText"}, "a"]}
    body.setdefault("Conditions", {})["HiddenCondition"] = equal
    custom = {
        "Type": "Custom::Hidden",
        "Properties": {"ServiceToken": "arn:aws:lambda:eu-west-1:1:function:x"},
    }
    if "HiddenCustom" in json.dumps(body):
        body["Resources"]["HiddenCustom"] = custom
    rows: Body = {"one": {}, "other": {}}
    made: Body = _with_rows(body, rows)
    return {**made, "Mappings": {**made.get("Mappings", {}), "Hidden": rows}} if rows["one"] else made


def _with_rows(value: Any, rows: Body) -> Any:
    """The value with the pairs in place of keys put into the rows of a mapping."""
    if isinstance(value, list):
        return [_with_rows(part, rows) for part in value]
    if not isinstance(value, dict):
        return value
    found = value.get("Fn::FindInMap")
    if isinstance(found, list) and isinstance(found[-1], tuple):
        key = f"key{len(rows['one'])}"
        rows["one"][key], rows["other"][key] = found[-1]
        return {"Fn::FindInMap": [*found[:-1], key]}
    return {key: _with_rows(part, rows) for key, part in value.items()}
