"""Two faults at once: the one that a request meets first is the cause, the other comes next or hides it."""

from __future__ import annotations

from typing import Any

import pytest

from accountsctl.doctor.catalogue.card import RequestStage
from accountsctl.doctor.catalogue.cards import BY_ID
from tests.faults.all_faults import FAULTS
from tests.faults.base import ALLOW, template
from tests.faults.changes import IAM, NO_4XX, NO_5XX, Fault, integrates, sets
from tests.faults.sampling import one_in
from tests.faults.test_templates import ORIGIN, told

SAME_REQUEST = [
    each
    for each in FAULTS
    if each.static
    and each.change is not None
    and (each.path, each.method, each.headers, each.origin) == ("/items", "GET", (), None)
    and not each.credentials
    and not each.masked
    and not each.url
    and each.token is None
    and each.base is template
]
BEFORE = [each for each in SAME_REQUEST if BY_ID[each.id].stage <= RequestStage.PREFLIGHT_HEADERS]
AFTER = [
    each for each in SAME_REQUEST if RequestStage.AUTH <= BY_ID[each.id].stage <= RequestStage.INTEGRATION
]
# A second fault of the same template that touches what the first one has set would undo it.
PAIRS = [
    (first, second)
    for first in BEFORE
    for second in AFTER
    if not (first.id.startswith("edge.") and second.id.startswith("edge."))
]


def test_there_are_sixty_pairs_at_least() -> None:
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(("first", "second"), one_in(5, PAIRS))
def test_the_earlier_of_two_causes_is_the_root_and_the_later_comes_next(first: Fault, second: Fault) -> None:
    body = template(ORIGIN)
    assert first.change is not None
    assert second.change is not None
    first.change(body, ORIGIN)
    second.change(body, ORIGIN)
    found = told(first, body)
    assert found.root is not None
    assert (found.root.card.id, found.next) == (first.id, (second.id,))


MASKED = [
    each for each in SAME_REQUEST if BY_ID[each.id].stage in (RequestStage.AUTH, RequestStage.INTEGRATION)
]


@pytest.mark.parametrize("fault", MASKED, ids=str)
def test_a_refusal_without_cors_headers_is_masked_and_stays_the_root(fault: Fault) -> None:
    body = template(ORIGIN)
    assert fault.change is not None
    fault.change(body, ORIGIN)
    NO_4XX(body, ORIGIN)
    NO_5XX(body, ORIGIN)
    found = told(fault, body)
    assert found.root is not None
    status = found.root.refusal.status if found.root.refusal else 0
    assert found.root.card.id == fault.id
    assert [each.card.id for each in found.masked_by] == ["gwresp.4xx" if status < 500 else "gwresp.5xx"]
    assert found.walk.verdict is not None
    assert found.walk.verdict.code == "MissingAllowOriginHeader"


CHANGES: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("4XX", {"ResponseParameters": {}}, "gwresp.4xx"),
    ("5XX", {"ResponseParameters": {}}, "gwresp.5xx"),
    (
        "4XX",
        {"ResponseParameters": {f"gatewayresponse.header.{ALLOW}Origin": "'https://other.example'"}},
        "gwresp.static-origin",
    ),
    ("4XX", {"StatusCode": "200"}, "gwresp.status-rewritten"),
)
OF_FAMILY = {
    "4XX": ("auth.iam-not-cognito", IAM),
    "5XX": ("int.http-method", integrates("ItemsGet", IntegrationHttpMethod="GET")),
}
MASKS = {*(mask for _, _, mask in CHANGES), "gwresp.specific-overrides"}


@pytest.mark.parametrize(("family", "changes", "mask"), CHANGES)
def test_each_mask_is_told_beside_its_cause_and_alone_as_a_warning(
    family: str, changes: dict[str, object], mask: str
) -> None:
    body = template(ORIGIN)
    sets(f"Default{family}", **changes)(body, ORIGIN)
    alone = told(Fault(""), body)
    assert alone.root is None
    assert [each.card.id for each in alone.warnings] == [mask]
    cause, change = OF_FAMILY[family]
    change(body, ORIGIN)
    found = told(Fault(""), body)
    assert found.root is not None
    assert (found.root.card.id, [each.card.id for each in found.masked_by]) == (cause, [mask])


def test_a_customised_type_without_cors_headers_masks_though_the_default_has_them() -> None:
    body = template(ORIGIN)
    properties = {"RestApiId": {"Ref": "Api"}, "ResponseType": "UNAUTHORIZED"}
    body["Resources"]["Unauthorized"] = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}
    sets("Authorizer", IdentitySource="method.request.header.X-Token")(body, ORIGIN)
    found = told(Fault("", token="id"), body)
    assert found.root is not None
    assert found.root.card.id == "auth.cognito-identity-source"
    assert [each.card.id for each in found.masked_by] == ["gwresp.specific-overrides"]
