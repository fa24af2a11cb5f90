"""The list of origins of an HTTP API: what comes after the page's origin is in it, and what AWS refuses to deploy."""

from __future__ import annotations

import json
from typing import Any

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.apis import http

ORIGIN = "https://app.example.com"


def diagnosed(cors: dict[str, Any], **query: Any) -> Diagnosis:
    apis = read_templates({"template.json": json.dumps(http("GET /items", cors=cors))})
    asked = Query(ORIGIN, path="/items", method="GET", **query)
    (found,) = find_out(DiagnosisSources(static=lambda: apis), asked).diagnoses
    return found


def test_once_the_origin_is_listed_the_rest_of_the_configuration_is_sent() -> None:
    named = {"AllowOrigins": ["app.example.com"], "AllowHeaders": ["content-type"]}
    found = diagnosed({**named, "AllowCredentials": True}, credentials=True)
    assert found.root is not None
    assert (found.root.card.id, found.next) == ("httpapi.origin-not-listed", ())
    without = diagnosed(named, credentials=True)
    assert without.next == ("acac.not-true",)
    header = diagnosed(named, headers=(("x-tenant", "x"),))
    assert header.next == ("acah.custom",)


def test_every_origin_with_credentials_is_no_warning_where_it_cannot_be_deployed() -> None:
    every = diagnosed({"AllowOrigins": ["*"], "AllowCredentials": True}, credentials=True)
    assert every.root is not None
    assert every.root.card.id == "acao.wildcard-credentials"
    assert "open.reflected-credentials" not in [warning.card.id for warning in every.warnings]
    https = diagnosed({"AllowOrigins": ["https://*"], "AllowCredentials": True}, credentials=True)
    assert "open.reflected-credentials" in [warning.card.id for warning in https.warnings]
