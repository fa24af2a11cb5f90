"""Two faults at once: the one that a request meets first is the cause, the other comes next or hides it."""

from __future__ import annotations

from itertools import combinations

import pytest

from accountsctl.doctor.card import Stage
from accountsctl.doctor.cards import BY_ID
from tests.faults.base import template
from tests.faults.test_templates import ORIGIN, told
from tests.faults.zoo import FAULTS, NO_4XX, NO_5XX, Fault, sets

SAME_REQUEST = [
    each
    for each in FAULTS
    if each.static
    and each.change is not None
    and (each.path, each.method, each.headers, each.origin) == ("/items", "GET", (), None)
    and not each.credentials
    and not each.masked
    and each.token is None
]
BEFORE = [each for each in SAME_REQUEST if BY_ID[each.id].stage <= Stage.PREFLIGHT_HEADERS]
AFTER = [each for each in SAME_REQUEST if Stage.AUTH <= BY_ID[each.id].stage <= Stage.INTEGRATION]
# A second fault of the same template that touches what the first one has set would undo it.
PAIRS = [(first, second) for first in BEFORE for second in AFTER]


def test_there_are_sixty_pairs_at_least() -> None:
    assert len(PAIRS) >= 60


@pytest.mark.parametrize(("first", "second"), PAIRS, ids=lambda each: each.id)
def test_the_earlier_of_two_causes_is_the_root_and_the_later_comes_next(first: Fault, second: Fault) -> None:
    body = template(ORIGIN)
    assert first.change is not None
    assert second.change is not None
    first.change(body, ORIGIN)
    second.change(body, ORIGIN)
    found = told(first, body)
    assert found.root is not None
    if first.id.startswith(("deploy.", "auth.resource")):
        assert found.root.card.id == first.id
        return
    assert (found.root.card.id, found.next) == (first.id, (second.id,))


MASKED = [each for each in SAME_REQUEST if BY_ID[each.id].stage in (Stage.AUTH, Stage.INTEGRATION)]


@pytest.mark.parametrize("fault", MASKED, ids=lambda each: each.id)
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


@pytest.mark.parametrize(
    ("changes", "mask"),
    [
        ({"ResponseParameters": {}}, "gwresp.4xx"),
        (
            {
                "ResponseParameters": {
                    "gatewayresponse.header.Access-Control-Allow-Origin": "'https://other.example'"
                }
            },
            "gwresp.static-origin",
        ),
        ({"StatusCode": "200"}, "gwresp.status-rewritten"),
    ],
)
def test_each_mask_is_told_beside_its_cause_and_alone_as_a_warning(
    changes: dict[str, object], mask: str
) -> None:
    body = template(ORIGIN)
    sets("Default4XX", **changes)(body, ORIGIN)
    alone = told(Fault(""), body)
    assert alone.root is None
    assert [each.card.id for each in alone.warnings] == [mask]
    sets("ItemsGet", AuthorizationType="AWS_IAM", AuthorizerId=None)(body, ORIGIN)
    found = told(Fault(""), body)
    assert found.root is not None
    assert (found.root.card.id, [each.card.id for each in found.masked_by]) == (
        "auth.iam-not-cognito",
        [mask],
    )


def test_a_customised_type_without_cors_headers_masks_though_the_default_has_them() -> None:
    body = template(ORIGIN)
    properties = {"RestApiId": {"Ref": "Api"}, "ResponseType": "UNAUTHORIZED"}
    body["Resources"]["Unauthorized"] = {"Type": "AWS::ApiGateway::GatewayResponse", "Properties": properties}
    sets("Authorizer", IdentitySource="method.request.header.X-Token")(body, ORIGIN)
    found = told(Fault(""), body)
    assert found.root is not None
    assert found.root.card.id == "auth.cognito-identity-source"
    assert [each.card.id for each in found.masked_by] == ["gwresp.specific-overrides"]


def test_no_two_faults_of_the_zoo_are_the_same_change() -> None:
    names = [(each.id, each.note) for each in FAULTS]
    assert not [pair for pair in combinations(names, 2) if pair[0] == pair[1]]
