"""A template with routes of an HTTP API that stands in another stack: what the routes say counts, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.doctor.reports.plain import plain_words
from accountsctl.model.api_gateway import ApiKind
from tests.faults.hiding import body_of, diagnosed

FOLDER = Path(__file__).parents[3] / "data/doctor/healthy"
ORIGIN = "https://app.example.com"
API = "AWS::ApiGatewayV2::Api"


def has_routes(file: Path) -> bool:
    kinds = [stated["Type"] for stated in body_of(file)["Resources"].values()]
    return API in kinds and "AWS::ApiGatewayV2::Route" in kinds


HEALTHY = [file for file in sorted(FOLDER.glob("http-*")) if has_routes(file)]


def alone(body: dict[str, Any], *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The template without the API, its stage and resources of these kinds; the routes name it by a parameter."""
    (name,) = (id_ for id_, stated in body["Resources"].items() if stated["Type"] == API)
    gone = (API, "AWS::ApiGatewayV2::Stage", *without)
    kept = {id_: stated for id_, stated in body["Resources"].items() if stated["Type"] not in gone}
    text = json.dumps({**body, "Resources": kept, "Outputs": {}})
    text = text.replace(f'{{"Ref": "{name}"}}', '{"Ref": "ApiId"}').replace(f"${{{name}}}", "${ApiId}")
    made: dict[str, Any] = json.loads(text)
    made.setdefault("Parameters", {})["ApiId"] = {"Type": "String"}
    return made


def read(body: dict[str, Any]) -> tuple[Api, ...]:
    return read_templates({"routes.json": json.dumps(body)})


def called(body: dict[str, Any]) -> Diagnosis:
    """What is said of a signed-in page's GET /items."""
    (api,) = read(body)
    sent = (("authorization", "Bearer e30.e30.x"),)
    (ask,) = page_requests(api, Query(origin=ORIGIN, path="/items", method="GET", headers=sent), ())
    return diagnose(Subject((api,)), ask)


@pytest.mark.parametrize(
    "without", [(), ("AWS::ApiGatewayV2::Authorizer",)], ids=["", "authorizer elsewhere"]
)
@pytest.mark.parametrize("file", HEALTHY, ids=lambda file: file.stem)
def test_healthy_routes_alone_are_judged_and_accuse_nothing(file: Path, without: tuple[str, ...]) -> None:
    body = alone(body_of(file), without=without)
    (api,) = read(body)
    asked = body["Metadata"]["doctor"]
    assert (api.kind, api.imported, api.partial) == (ApiKind.HTTP, True, True)
    assert api.method_for(asked["path"], asked["method"]) is not None
    found = diagnosed(body, (api,))
    assert found is not None
    assert not found.fails, found.root
    assert found.warnings == ()
    assert "CORS configuration" in dict(found.not_checked)["the API itself"]


def test_a_fault_of_a_route_is_named_and_whether_the_page_sees_it_is_not_known() -> None:
    body = alone(body_of(FOLDER / "http-jwt.yaml"))
    route = body["Resources"]["Route"]["Properties"]
    route.update(AuthorizationType="AWS_IAM")
    del route["AuthorizerId"]
    found = called(body)
    assert found.root is not None
    assert (found.root.card.id, found.outcome) == ("auth.iam-not-cognito", DiagnosisOutcome.ERROR)
    words = plain_words(found)
    assert words is not None
    assert "not known" in words.happened
    assert any("The CORS configuration stands with the API" in why for _, why in found.not_checked)


@pytest.mark.parametrize("key", ["$connect", "$default", "sendmessage"])
def test_routes_of_web_sockets_are_not_those_of_an_http_api(key: str) -> None:
    route = {"ApiId": {"Ref": "SocketId"}, "RouteKey": key}
    resources = {"Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": route}}
    assert read({"Parameters": {"SocketId": {"Type": "String"}}, "Resources": resources}) == ()


def test_a_template_with_an_http_api_of_its_own_has_no_imported_one() -> None:
    body = body_of(FOLDER / "http-jwt.yaml")
    body["Resources"]["Other"] = {
        "Type": "AWS::ApiGatewayV2::Route",
        "Properties": {"ApiId": "a1b2c3d4e5", "RouteKey": "GET /other"},
    }
    assert [api.imported for api in read(body)] == [False]
