"""The faults of the zoo in other spellings: a Swagger Body, SAM with a document, SAM with events."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome
from tests.faults.all_faults import FAULTS
from tests.faults.base import template
from tests.faults.changes import Body, Change, Fault
from tests.faults.outside_rest_apis import healthy
from tests.faults.sampling import one_in
from tests.faults.spellings import as_body, as_sam
from tests.faults.test_templates import ORIGIN, POOL_ARN, told

Spelling = Callable[[Body], Body]
SPELLINGS = (as_body, as_sam)
STATIC = [each for each in FAULTS if each.static and each.base is template]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_base_is_healthy_in_every_spelling(spelling: Spelling) -> None:
    for path, method in (("/items", "GET"), ("/items/1", "PUT"), ("/app/x", "POST"), ("/status", "GET")):
        found = told(Fault("", path=path, method=method), spelling(template(ORIGIN)))
        assert (found.outcome, found.warnings) == (DiagnosisOutcome.PASS, ())


@pytest.mark.parametrize(("fault", "spelling"), one_in(3, product(STATIC, SPELLINGS)))
def test_a_fault_is_named_in_every_spelling(fault: Fault, spelling: Spelling) -> None:
    found = told(fault, spelling(fault.body(ORIGIN)))
    assert found.root is not None
    assert found.root.card.id == fault.id
    masks = [each.card.id for each in found.masked_by]
    assert tuple(each for each in masks if each != "gwresp.masks-preflight") == fault.masked


def _api(**changes: Any) -> Change:
    return lambda body, _: body["Resources"]["Api"]["Properties"].update(changes)


def _auth(**changes: Any) -> Change:
    return lambda body, _: body["Resources"]["Api"]["Properties"]["Auth"].update(changes)


def _cors(**changes: Any) -> Change:
    return lambda body, _: body["Resources"]["Api"]["Properties"]["Cors"].update(changes)


def _event(name: str, **auth: Any) -> Change:
    def change(body: Body, _: str) -> None:
        events = body["Resources"]["Function"]["Properties"]["Events"]
        events[name]["Properties"]["Auth"] = auth

    return change


# What goes wrong in SAM's own words: its Cors, its Auth and its events.
OF_SAM = (
    ("preflight.no-options", _api(Cors=None)),
    ("preflight.cognito", _auth(AddDefaultAuthorizerToCorsPreflight=True)),
    ("preflight.api-key", _auth(ApiKeyRequired=True)),
    ("auth.iam-not-cognito", _event("Post", Authorizer="AWS_IAM")),
    ("auth.cognito-id-with-scope", _event("Post", Authorizer="People", AuthorizationScopes=["items/write"])),
    ("acah.authorization", _cors(AllowHeaders="'Content-Type'")),
    ("client.json-content-type", _cors(AllowHeaders="'Authorization'")),
    ("acao.trailing-slash", _cors(AllowOrigin=f"'{ORIGIN}/'")),
    ("acao.list", _cors(AllowOrigin=f"'{ORIGIN},https://www.example.com'")),
    ("list.malformed", _cors(AllowHeaders="'Authorization; Content-Type'")),
    ("auth.throttle", _api(MethodSettings=[{"HttpMethod": "*", "ThrottlingRateLimit": 0}])),
)


@pytest.mark.parametrize(("cause", "change"), OF_SAM, ids=[cause for cause, _ in OF_SAM])
def test_a_fault_in_sams_own_words_is_named(cause: str, change: Change) -> None:
    body = healthy("sam-cognito", ORIGIN)
    fault = Fault("", path="/items", method="POST", token="id")
    body["Resources"]["Api"]["Properties"]["Auth"]["Authorizers"]["People"]["UserPoolArn"] = POOL_ARN
    assert told(fault, body).root is None
    change(body, ORIGIN)
    found = told(fault, body)
    assert found.root is not None
    assert found.root.card.id == cause
