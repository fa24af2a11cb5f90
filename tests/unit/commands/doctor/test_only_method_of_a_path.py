"""A console's sentence names no method: the template's only one for the path is taken before a missing GET.

Reported in prafulpatel16/serverless-crud-app, documentations/frontend-doc.md.
"""

from __future__ import annotations

import json

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.apis import sam

URL = "https://abcde12345.execute-api.eu-west-1.amazonaws.com/dev/orders"
SENTENCE = (
    f"Access to fetch at '{URL}' from origin 'http://localhost:3000' has been blocked by CORS policy: "
    "No 'Access-Control-Allow-Origin' header is present on the requested resource."
)
CORS = {"AllowOrigin": "'*'", "AllowHeaders": "'content-type'", "AllowMethods": "'GET,POST,PUT'"}


def _found(*methods: str, query: Query | None = None) -> Diagnosis:
    body = sam(path="/orders", method=methods[0], Cors=CORS)
    events = body["Resources"]["Items"]["Properties"]["Events"]
    for method in methods[1:]:
        properties = {**events["Get"]["Properties"], "Method": method}
        events[method] = {"Type": "Api", "Properties": properties}
    apis = read_templates({"template.json": json.dumps(body)})
    return from_recording(SENTENCE, "console.txt", apis, query or Query()).diagnoses[0]


def test_the_only_method_of_the_path_is_assumed_and_the_path_is_not_accused() -> None:
    found = _found("post")
    assert found.ask.method == "POST"
    assert "POST is assumed" in dict(found.not_checked)["the method"]


@pytest.mark.parametrize("methods", [("get",), ("any",), ("get", "post"), ("post", "put")])
def test_get_stays_assumed_if_the_path_has_it_or_several_others(methods: tuple[str, ...]) -> None:
    assert _found(*methods).ask.method == "GET"


def test_a_method_that_the_command_line_states_is_never_replaced() -> None:
    assert _found("post", query=Query(method="GET")).ask.method == "GET"
