"""An unquoted value is the cause only if it is that of a header whose absence a browser refuses."""

from __future__ import annotations

import json

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.apis import sam

UNQUOTED = "preflight.unquoted-value"
LISTS = {"AllowMethods": "'GET,PUT'", "AllowHeaders": "'content-type'", "AllowOrigin": "'*'"}


def found_for(**cors: object) -> Diagnosis:
    """What stops a PUT of JSON to a SAM API with this `Cors`."""
    (api, *_) = read_templates({"t.json": json.dumps(sam(method="put", Cors=cors))}, {})
    query = Query(origin="https://app.example.com", headers=(("content-type", "application/json"),))
    (request,) = page_requests(api, query, ())
    return diagnose(Subject((api,)), request)


def test_an_unquoted_max_age_does_not_explain_a_list_that_is_missing() -> None:
    found = found_for(MaxAge=5)
    assert found.root is not None
    assert found.root.card.id == "client.json-content-type"


def test_an_unquoted_max_age_blocks_nothing_if_the_lists_are_right() -> None:
    assert found_for(**LISTS, MaxAge=5).root is None


@pytest.mark.parametrize("name", sorted(LISTS))
def test_an_unquoted_list_or_origin_is_the_cause(name: str) -> None:
    found = found_for(**{**LISTS, name: LISTS[name].strip("'"), "MaxAge": 5})
    assert found.root is not None
    assert found.root.card.id == UNQUOTED
    assert all("max-age" not in evidence.observed for evidence in found.root.evidence)
