"""The deployed layer: function URLs, and the two permissions that everyone needs to call one.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

import copy
from typing import Any

import pytest

from accountsctl.commands.doctor.cors import DiagnosisSources, find_out
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.places import Layer
from accountsctl.model.api_gateway import ApiKind
from tests.unit.doctor.facts.reading import one
from tests.unit.doctor.seen import FUNCTION, seen

URL = "https://abc123.lambda-url.eu-west-1.on.aws"
CORS = {"AllowOrigins": ["*"], "AllowMethods": ["*"], "AllowHeaders": ["X-Own"], "MaxAge": 60}
CALL_URL = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "lambda:InvokeFunctionUrl",
    "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
}
INVOKE = {
    "Effect": "Allow",
    "Principal": "*",
    "Action": "lambda:InvokeFunction",
    "Condition": {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
}
SIGNED = {**CALL_URL, "Condition": {"StringEquals": {"lambda:FunctionUrlAuthType": "AWS_IAM"}}}


def reported(*statements: dict[str, Any], auth: str = "NONE", policy: bool = True) -> dict[str, Any]:
    """An inspection of a function with a URL."""
    config = {"FunctionUrl": f"{URL}/", "FunctionArn": FUNCTION, "AuthType": auth, "Cors": CORS}
    function: dict[str, Any] = {"exists": True, "configuration": {"State": "Active"}}
    if policy:
        function["policy"] = {"Statement": copy.deepcopy(list(statements))}
    url = {"name": "custom/shop", "config": config}
    return seen(functions={FUNCTION: function}, functionUrls=[url], apis=[])


def called(inspection: dict[str, Any], url: str = f"{URL}/orders") -> Diagnosis:
    sources = DiagnosisSources(deployed=lambda: read(inspection))
    (found,) = find_out(sources, Query("https://app.example.com", url=url)).diagnoses
    return found


def test_a_function_url_is_read_with_its_cors_and_who_may_call_it() -> None:
    api = one(reported(CALL_URL, INVOKE))
    assert (api.kind, api.id, api.layer) == (ApiKind.FUNCTION_URL, "abc123", Layer.DEPLOYED)
    assert api.http_cors is not None
    assert (api.http_cors.origins, api.http_cors.headers) == (("*",), ("x-own",))
    permissions = api.functions["accounts"].permissions
    assert permissions is not None
    assert [(found.action, found.by_url, found.url_auth) for found in permissions] == [
        ("lambda:InvokeFunctionUrl", False, "NONE"),
        ("lambda:InvokeFunction", True, None),
    ]


@pytest.mark.parametrize("statements", [(), (INVOKE,), (SIGNED, INVOKE)], ids=["none", "old", "signed"])
def test_a_public_url_that_its_policy_closes_is_named(statements: tuple[dict[str, Any], ...]) -> None:
    found = called(reported(*statements))
    assert found.root is not None
    assert found.root.card.id == "function-url.no-permission"
    assert [evidence.place.source for evidence in found.root.evidence][:1] == [
        "lambda:GetFunctionUrlConfig accounts"
    ]
    assert "lambda:InvokeFunctionUrl" in found.root.evidence[0].observed


def test_with_both_permissions_it_is_open() -> None:
    assert called(reported(CALL_URL, INVOKE)).outcome is DiagnosisOutcome.PASS


def test_one_permission_sufficed_for_older_urls_so_that_its_lack_is_named_and_not_held_against_it() -> None:
    found = called(reported(CALL_URL))
    assert (found.outcome, found.root) == (DiagnosisOutcome.PASS, None)
    assert any("since October 2025" in what for what, _ in found.not_checked)


@pytest.mark.parametrize("more", [{"policy": False}, {"auth": "AWS_IAM"}], ids=["policy refused", "signed"])
def test_what_no_policy_of_the_function_tells_is_not_accused(more: dict[str, Any]) -> None:
    found = called(reported(**more))
    assert found.root is None or found.root.card.id != "function-url.no-permission"


def test_what_calls_by_a_url_does_not_let_api_gateway_call() -> None:
    function = one(reported(CALL_URL, INVOKE)).functions["accounts"]
    assert function.gateway_permissions.every == []
    open_to_all = one(reported({**INVOKE, "Condition": {}})).functions["accounts"]
    assert len(open_to_all.gateway_permissions.every) == 1


def test_the_embedded_clouds_address_of_the_url_is_the_same_url() -> None:
    found = called(reported(), "http://127.0.0.1:4566/_aws/lambda-url/abc123/orders")
    assert (found.api, found.ask.path) == ("custom/shop", "/orders")
    assert found.root is not None
    assert found.root.card.id == "function-url.no-permission"


def test_the_url_of_another_function_is_not_judged_by_this_one() -> None:
    found = called(reported(), "https://zzz999.lambda-url.eu-west-1.on.aws/orders")
    assert (found.api, found.root) == ("", None)
