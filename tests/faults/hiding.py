"""Hides one thing of a healthy template: a value by parameter, import or condition, or a resource in another stack."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.document import read_document

Body = dict[str, Any]
Place = tuple[str | int, ...]
SIGNED = ("x-amz-date", "x")
WAYS_TO_HIDE = 6
# What makes the API that is asked for; without it there is nothing to ask.
KEPT = ("::RestApi", "::ApiGatewayV2::Api", "Serverless::Api", "Serverless::HttpApi", "Serverless::Function")


def body_of(file: Path) -> Body:
    """A healthy template, to be changed."""
    return copy.deepcopy(dict(read_document(file.name, file.read_text()).body))


def places(body: Body) -> list[Place]:
    """Every single value of the resources' properties."""
    found: list[Place] = []
    for name, resource in body["Resources"].items():
        base: Place = ("Resources", name, "Properties")
        found += [base + inner for inner in _leaves(resource.get("Properties") or {})]
    return found


def _leaves(value: Any, above: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict) and not _is_function(value):
        for key, part in value.items():
            yield from _leaves(part, (*above, key))
    elif isinstance(value, list):
        for number, part in enumerate(value):
            yield from _leaves(part, (*above, number))
    else:
        yield above


def _is_function(value: dict[str, Any]) -> bool:
    return len(value) == 1 and str(next(iter(value))).startswith(("Ref", "Fn::"))


def hidden(body: Body, place: Place, way: int) -> Body:
    """The template with one value that only the deployment knows."""
    made = copy.deepcopy(body)
    made.setdefault("Parameters", {})["Hidden"] = {"Type": "String"}
    made.setdefault("Conditions", {})["Unknown"] = {"Fn::Equals": [{"Ref": "Hidden"}, "x"]}
    here: Any = made
    for key in place[:-1]:
        here = here[key]
    value = here[place[-1]]
    here[place[-1]] = (
        {"Ref": "Hidden"},
        {"Fn::ImportValue": "hidden"},
        {"Fn::If": ["Unknown", value, {"Ref": "AWS::NoValue"}]},
        {"Fn::FindInMap": ["ByRegion", {"Ref": "AWS::Region"}, "hidden"]},
        {"Fn::GetAtt": ["Lookup", "Value"]},
        _its_end_hidden(value),
    )[way % WAYS_TO_HIDE]
    return made


def _its_end_hidden(value: Any) -> Any:
    """A text whose second half stands in SSM."""
    text = value if isinstance(value, str) else ""
    return text[: len(text) // 2] + "{{resolve:ssm:/hidden}}"


def split(body: Body, name: str) -> Body:
    """The template with one resource in a nested stack, which is given all that is left."""
    made = copy.deepcopy(body)
    del made["Resources"][name]
    rest = {f"Given{number}": {"Ref": other} for number, other in enumerate(made["Resources"])}
    made["Resources"]["Nested"] = {"Type": "AWS::CloudFormation::Stack", "Properties": {"Parameters": rest}}
    return made


def in_a_loop(body: Body, name: str) -> Body:
    """The template with one resource in a loop, which gives it a name that only the deployment knows."""
    made = copy.deepcopy(body)
    resource = made["Resources"].pop(name)
    made["Resources"]["Fn::ForEach::Each"] = ["X", ["A", "B"], {name + "${X}": resource}]
    return {**made, "Transform": "AWS::LanguageExtensions"}


def by_a_macro(body: Body, name: str) -> Body:
    """The template without one resource, which a macro adds."""
    made = copy.deepcopy(body)
    del made["Resources"][name]
    return {**made, "Transform": "OurMacro"}


def by_way_of_ssm(body: Body, name: str) -> Body:
    """The template without one resource, which another stack has: it finds all that is left in SSM."""
    made = copy.deepcopy(body)
    del made["Resources"][name]
    for number, value in enumerate(_left(made)):
        stored = {"Type": "String", "Value": value}
        made["Resources"][f"Stored{number}"] = {"Type": "AWS::SSM::Parameter", "Properties": stored}
    return made


def by_way_of_exports(body: Body, name: str) -> Body:
    """The template without one resource, which another stack has: it imports all that is left."""
    made = copy.deepcopy(body)
    del made["Resources"][name]
    for number, value in enumerate(_left(made)):
        exported = {"Value": value, "Export": {"Name": f"left-{number}"}}
        made.setdefault("Outputs", {})[f"Left{number}"] = exported
    return made


def _left(made: Body) -> list[Body]:
    """What other stacks need to add parts to the resources of a template."""
    found: list[Body] = []
    for name, resource in made["Resources"].items():
        kind = str(resource.get("Type"))
        found.append({"Ref": name})
        if kind.endswith(("::RestApi", "Serverless::Api")):
            found.append({"Fn::GetAtt": [name, "RootResourceId"]})
        if kind.endswith("::Function"):
            found.append({"Fn::GetAtt": [name, "Arn"]})
    return found


def its_properties_included(body: Body, name: str) -> Body:
    """The template with one resource of which all properties stand in a file."""
    made = copy.deepcopy(body)
    made["Resources"][name]["Properties"] = {
        "Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}
    }
    return made


WAYS_TO_MOVE = (split, in_a_loop, by_a_macro, by_way_of_ssm, by_way_of_exports, its_properties_included)


def movable(body: Body) -> list[str]:
    """The resources that may stand in another stack."""
    return [
        name
        for name, resource in body["Resources"].items()
        if not str(resource.get("Type")).endswith(KEPT) and "Stage" not in str(resource.get("Type"))
    ]


def diagnosed(body: Body, apis: tuple[Api, ...]) -> Diagnosis | None:
    """The request for which the template says that it is healthy; None if there is no API left."""
    asked = body["Metadata"]["doctor"]
    named = asked.get("headers") or ()
    headers = tuple(named.items()) if isinstance(named, dict) else tuple((name, "x") for name in named)
    query = Query(
        origin=asked["origin"],
        path=asked["path"],
        method=asked["method"],
        credentials=asked.get("credentials", False),
        headers=(*headers, SIGNED) if asked.get("credential") == "signature" else headers,
    )
    api = next((api for api in apis if api.route(asked["path"]) is not None), apis[0] if apis else None)
    if api is None:
        return None
    (request,) = page_requests(api, query, ())
    return diagnose(Subject((api,)), request)
