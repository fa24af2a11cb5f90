"""Refusals of one type whose body was not recorded are told apart by its length."""

from __future__ import annotations

import json

import pytest

from accountsctl.doctor.browser.verdict import FetchResponse
from accountsctl.doctor.catalogue import refusals
from accountsctl.doctor.catalogue.scene import Refusal
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.places import Layer, SourcePlace

ARN = "arn:aws:execute-api:us-east-1:********1234:abcdefghij/dev/OPTIONS/items"
BY_POLICY = f"User: anonymous is not authorized to perform: execute-api:Invoke on resource: {ARN}"
BY_AUTHORIZER = "User is not authorized to access this resource with an explicit deny"
CALCULATED = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request ..."
)
OLD = "Signature expired: 20170212T175938Z is now earlier than 20170215T145534Z (20170215T150034Z - 5 min.)"


def unrecorded(error: str, message: str, *headers: tuple[str, str], key: str = "message") -> Exchange:
    length = len(json.dumps({key: message}, separators=(",", ":")))
    answer = FetchResponse(
        403,
        (("x-amzn-errortype", error), ("content-length", str(length)), ("x-amz-apigw-id", "Q="), *headers),
    )
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/items"
    return Exchange("P1", "OPTIONS", url, SourcePlace(Layer.LIVE, "r.har"), {}, answer, None)


@pytest.mark.parametrize(
    ("exchange", "is_", "is_not"),
    [
        (
            unrecorded("AccessDeniedException", BY_POLICY, key="Message"),
            refusals.POLICY_DENIED,
            refusals.AUTHORIZER_DENIED,
        ),
        (
            unrecorded("AccessDeniedException", BY_AUTHORIZER, key="Message"),
            refusals.AUTHORIZER_DENIED,
            refusals.POLICY_DENIED,
        ),
        (
            unrecorded("InvalidSignatureException", CALCULATED),
            refusals.BAD_SIGNATURE,
            refusals.SIGNATURE_EXPIRED,
        ),
        (
            unrecorded("InvalidSignatureException", OLD),
            refusals.SIGNATURE_EXPIRED,
            refusals.BAD_SIGNATURE,
        ),
    ],
)
def test_the_length_excludes_what_has_other_words(exchange: Exchange, is_: Refusal, is_not: Refusal) -> None:
    assert is_.matches(exchange)
    assert not is_not.matches(exchange)


def test_a_refusal_with_cors_headers_may_have_a_body_of_its_own_and_any_length() -> None:
    allowed = ("access-control-allow-origin", "*")
    exchange = unrecorded("AccessDeniedException", BY_POLICY, allowed, key="Message")
    assert refusals.AUTHORIZER_DENIED.matches(exchange)
