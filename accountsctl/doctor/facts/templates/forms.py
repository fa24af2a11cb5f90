"""Whether the parts of a template that the doctor reads have the form that CloudFormation takes.

A part in another form cannot be deployed, so there is nothing to diagnose: it is a fault with its line. What an
intrinsic, a macro or an included file gives is only known at the deployment, and is not checked.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.templates.document import Document
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.errors import Fault

CHECKED = ("AWS::ApiGateway::", "AWS::ApiGatewayV2::", "AWS::Lambda::", "AWS::Serverless::")
LISTS = frozenset({"IntegrationResponses", "MethodResponses", "MethodSettings", "AuthorizationScopes"})
MAPPINGS = frozenset(
    {
        "CorsConfiguration",
        "Environment",
        "Events",
        "Integration",
        "RequestModels",
        "RequestParameters",
        "RequestTemplates",
        "ResponseParameters",
        "ResponseTemplates",
        "StageDescription",
        "Variables",
    }
)
# How many parts a function's list has; those that also take a text are not lists then.
PARTS = {
    "Fn::Join": (2, 2),
    "Fn::If": (3, 3),
    "Fn::Select": (2, 2),
    "Fn::Split": (2, 2),
    "Fn::FindInMap": (3, 4),
    "Fn::Equals": (2, 2),
    "Fn::Not": (1, 1),
}
OR_TEXT = {"Fn::Sub": (2, 2), "Fn::GetAtt": (2, 9)}
BOOLEAN_CORS = "AWS::Serverless::HttpApi"
"""Its CorsConfiguration may be true."""
THROUGH = frozenset(
    {"Environment", "Integration", "IntegrationResponses", "MethodResponses", "StageDescription"}
)
"""The properties whose parts have names of CloudFormation's; below others they may be anyone's (variables, events)."""


def form_faults(document: Document) -> list[Fault]:
    """Every part that is not in the form of its type."""
    return [
        Fault(
            document.source,
            document.lines.get(pointer, 0),
            f"{pointer.lstrip('/').replace('/', '.')} is not {wanted}.",
            "Check its form against CloudFormation's reference.",
        )
        for pointer, wanted in _wrong(document.body)
    ]


def _wrong(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    resources = body["Resources"]
    for name, resource in resources.items():
        if isinstance(resource, Mapping) and str(resource.get("Type", "")).startswith(CHECKED):
            base = f"/Resources/{escaped(str(name))}/Properties"
            yield from _in_value(resource.get("Properties"), base, str(resource["Type"]), named=True)
    for name in _cyclic({key: _parent(resource) for key, resource in resources.items()}):
        yield f"/Resources/{escaped(name)}", "below another resource: its ParentId leads back to itself"
    conditions = body.get("Conditions")
    if isinstance(conditions, Mapping):
        for name, condition in conditions.items():
            if name in _conditions_below(condition, conditions):
                yield f"/Conditions/{escaped(str(name))}", "a condition of others: it leads back to itself"


def _in_value(value: Any, pointer: str, kind: str, *, named: bool) -> Iterator[tuple[str, str]]:
    """The wrong parts of a value. `named`: its keys are CloudFormation's names of properties."""
    if isinstance(value, list):
        for number, part in enumerate(value):
            yield from _in_value(part, f"{pointer}/{number}", kind, named=named)
    if not isinstance(value, Mapping):
        return
    for key, part in value.items():
        at = f"{pointer}/{escaped(str(key))}"
        wanted = _wanted_of_function(str(key), part, value)
        if not wanted and named:
            wanted = _wanted(str(key), part, kind)
        if wanted:
            yield at, wanted
        else:
            yield from _in_value(part, at, kind, named=named and key in THROUGH)


def _wanted_of_function(key: str, argument: Any, call: Mapping[str, Any]) -> str:
    """The form that the argument of a function should have; empty if it has it, or the key is not a function."""
    if key in PARTS:
        return _parts(argument, PARTS[key])
    if key in OR_TEXT:
        return "" if isinstance(argument, str) else _parts(argument, OR_TEXT[key])
    if key == "Ref" and len(call) == 1:
        return "" if isinstance(argument, str) else "a name"
    return ""


def _wanted(key: str, value: Any, kind: str) -> str:
    """The form that a property should have; empty if it has it."""
    if value is None or _is_intrinsic(value):
        return ""
    if key in LISTS:
        return "" if isinstance(value, list) else "a list"
    if key in MAPPINGS and not (key == "CorsConfiguration" and kind == BOOLEAN_CORS):
        return "" if isinstance(value, Mapping) else "an object"
    return ""


def _parts(value: Any, limits: tuple[int, int]) -> str:
    fits = isinstance(value, list) and limits[0] <= len(value) <= limits[1]
    return "" if fits or _is_intrinsic(value) else f"a list of {limits[0]}"


def _is_intrinsic(value: Any) -> bool:
    if not isinstance(value, Mapping) or len(value) != 1:
        return False
    name = str(next(iter(value)))
    return name == "Ref" or name.startswith("Fn::")


def _parent(resource: Any) -> str | None:
    """The resource that another is below, by ``ParentId: !Ref``."""
    properties = resource.get("Properties") if isinstance(resource, Mapping) else None
    parent = properties.get("ParentId") if isinstance(properties, Mapping) else None
    return str(parent["Ref"]) if isinstance(parent, Mapping) and "Ref" in parent else None


def _cyclic(parents: Mapping[str, str | None]) -> Iterator[str]:
    for name in parents:
        seen, here = {name}, parents[name]
        while here is not None and here not in seen:
            seen.add(here)
            here = parents.get(here)
        if here == name:
            yield name


def _conditions_below(value: Any, conditions: Mapping[str, Any]) -> set[str]:
    """The names of all conditions that one rests on."""
    found: set[str] = set()
    new = _conditions_in(value)
    while new:
        found |= new
        new = {name for one in new for name in _conditions_in(conditions.get(one))} - found
    return found


def _conditions_in(value: Any) -> set[str]:
    """The names of the conditions that one names itself."""
    if isinstance(value, list):
        return {name for part in value for name in _conditions_in(part)}
    if not isinstance(value, Mapping):
        return set()
    named = value.get("Condition")
    own = {named} if isinstance(named, str) else set()
    return own | {name for part in value.values() for name in _conditions_in(part)}
