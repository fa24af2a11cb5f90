"""Every fault of the zoo, told from the template alone."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from accountsctl.doctor.browser.page_request import Credential, PageRequest, Token
from accountsctl.doctor.diagnosis.called_apis import called_api, layers_by_name
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.all_faults import FAULTS
from tests.faults.base import template
from tests.faults.changes import Fault

ORIGIN = "http://localhost:4200"
ROOT = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev"
POOL = "eu-west-1_Zoo000000"
POOL_ARN = f"arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{POOL}"


def token(kind: str | None, pool: str = POOL_ARN) -> Token | None:
    """What a token of a kind says."""
    if kind in (None, "none"):
        return None
    if kind == "invalid":
        return Token(jwt=False)
    late = -60 if kind == "expired" else 3600
    use = "access" if kind == "access" else "id"
    audience = None if use == "access" else "client"
    return Token(
        use=use,
        issuer=f"https://cognito-idp.eu-west-1.amazonaws.com/{pool.rpartition('/')[2]}",
        audience=audience,
        expires=int(time.time()) + late,
    )


def told(fault: Fault, body: Mapping[str, Any]) -> Diagnosis:
    """The doctor's word on a fault, from its template."""
    return told_to(fault, body, ORIGIN, POOL_ARN)


def told_to(fault: Fault, body: Mapping[str, Any], origin: str, pool: str) -> Diagnosis:
    """The same, to pages of another origin, with another pool."""
    apis = read_templates({"api.json": json.dumps(body)}, {"authusersUserPoolArn": pool})
    (api,) = called_api(fault.url, layers_by_name(apis)) if len(apis) > 1 else apis
    query = Query(
        origin=fault.origin or origin,
        path=fault.path,
        method=fault.method,
        headers=fault.headers,
        credentials=fault.credentials,
        token=token(fault.token, pool),
        url=fault.url.replace("{api}", ROOT.removesuffix("/dev")) or None,
        now=int(time.time()),
    )
    (ask,) = page_requests(api, query, (), ROOT if fault.url else "")
    return diagnose(Subject((api,)), sent_by(fault, ask))


def sent_by(fault: Fault, ask: PageRequest) -> PageRequest:
    """The request of a page that sends no token at all, where the fault is of one."""
    return replace(ask, credential=Credential.NONE) if fault.token == "none" else ask


def test_the_base_of_the_zoo_is_healthy() -> None:
    body = template(ORIGIN)
    for path, method in (
        ("/items", "GET"),
        ("/items/1", "PUT"),
        ("/app", "GET"),
        ("/app/x", "POST"),
        ("/status", "GET"),
    ):
        for credentials in (False, True):
            found = told(Fault("", path=path, method=method, credentials=credentials), body)
            assert (found.outcome, found.root, found.warnings) == (DiagnosisOutcome.PASS, None, ()), (
                path,
                method,
            )


@pytest.mark.parametrize("fault", [each for each in FAULTS if each.static], ids=str)
def test_a_fault_is_named_from_its_template(fault: Fault) -> None:
    found = told(fault, fault.body(ORIGIN))
    assert found.root is not None, (found.outcome, found.walk)
    assert found.root.card.id == fault.id
    assert found.fails
    assert (
        tuple(each.card.id for each in found.masked_by if each.card.id != "gwresp.masks-preflight")
        == fault.masked
    )
    assert found.root.evidence
