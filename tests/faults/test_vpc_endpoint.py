"""A public API that a VPC endpoint's private DNS hides: the address that the browser connected to tells it.

https://repost.aws/knowledge-center/api-gateway-vpc-connections
"""

from __future__ import annotations

import json

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.apis import Template, body
from tests.faults.reported.report import Report, Response, chromium, passed
from tests.faults.reported.set_pages import OF_ITEMS, private
from tests.faults.test_reported import causes

ID = "deploy.vpc-endpoint"
FORBIDDEN = Response(403, "ForbiddenException", "Forbidden")
REFUSED = (
    Report("", (), FORBIDDEN),
    Report("", (), passed(), FORBIDDEN),
    Report("", (), None, FORBIDDEN, asks=()),
)


def found_at(address: str, report: Report, template: Template | None = None) -> Diagnosis:
    log = json.loads(chromium(report))
    for entry in log["log"]["entries"]:
        entry["serverIPAddress"] = address
    apis = read_templates({"t.json": json.dumps(template)} if template else {}, {})
    (found, *_) = from_recording(json.dumps(log), "r.har", apis).diagnoses
    return found


@pytest.mark.parametrize("report", REFUSED[:1] + REFUSED[2:])
@pytest.mark.parametrize("address", ["10.0.12.7", "172.31.4.5", "[fd00::1]"])
def test_a_refusal_from_a_private_address_is_first_of_a_vpc_endpoint(report: Report, address: str) -> None:
    found = found_at(address, report)
    assert causes(found)[0] == ID
    assert len(causes(found)) <= 2
    assert "deploy.private" not in (*causes(found), *found.walk.rarer)


def test_after_a_preflight_that_passed_it_is_none() -> None:
    assert ID not in causes(found_at("10.0.12.7", REFUSED[1]))


@pytest.mark.parametrize("address", ["52.94.5.1", ""])
def test_a_public_address_or_none_excludes_it(address: str) -> None:
    found = found_at(address, REFUSED[0])
    assert ID not in (*causes(found), *found.walk.rarer)


def test_of_a_template_only_a_public_api_can_have_it() -> None:
    assert causes(found_at("10.0.12.7", REFUSED[0], body(OF_ITEMS))) == [ID]
    assert ID not in causes(found_at("52.94.5.1", REFUSED[0], body(OF_ITEMS)))
    assert ID not in causes(found_at("10.0.12.7", REFUSED[0], private()))
