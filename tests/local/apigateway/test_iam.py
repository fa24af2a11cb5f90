"""Methods behind AWS_IAM: real Signature Version 4, and each way in which it goes wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from accountsctl.localcloud.contracts.lookups import Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from tests.local.apigateway.conftest import REGION, World, proxy

PATH = "/_aws/execute-api/api1/dev/x"
HOST = "127.0.0.1:4566"


@pytest.fixture
def served(world: World) -> World:
    cors = {"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}
    world.serve(
        {"/x": {"GET": proxy(authorizationType="AWS_IAM"), "POST": proxy(authorizationType="AWS_IAM")}},
        gatewayResponses={"DEFAULT_4XX": {"responseType": "DEFAULT_4XX", "responseParameters": cors}},
    )
    return world


@dataclass(frozen=True)
class Signature:
    """What a request is signed with; `late` is how long ago."""

    key: str = "AKIDKNOWN"
    secret: str = "its-secret"
    service: str = "execute-api"
    region: str = REGION
    late: timedelta = timedelta(0)


RIGHT = Signature()


def signed(
    signature: Signature = RIGHT, *, method: str = "GET", query: str = "", body: bytes = b""
) -> Request:
    url = f"http://{HOST}{PATH}{'?' + query if query else ''}"
    request = AWSRequest(method=method, url=url, data=body, headers={"Host": HOST, "X-Custom": "  a   b "})
    signer = SigV4Auth(Credentials(signature.key, signature.secret), signature.service, signature.region)
    signer.add_auth(request)
    if signature.late:
        request.headers.replace_header("X-Amz-Date", f"{datetime.now(UTC) - signature.late:%Y%m%dT%H%M%SZ}")
    headers = tuple((name, str(value)) for name, value in request.headers.items())
    return Request(method, PATH, query, headers, body)


def send(world: World, request: Request) -> Response:
    return world.gateway.handle(request, "api1", "dev", "/x")


def error(answer: Response) -> tuple[int, str | None, Any]:
    return answer.status, answer.header("x-amzn-ErrorType"), json.loads(answer.body)["message"]


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [("GET", "", b""), ("GET", "b=2&a=1%202&a=0", b""), ("POST", "", b'{"nickname": "Rent"}')],
)
def test_a_request_that_is_signed_right_is_let_in_and_the_function_knows_who_calls(
    served: World, method: str, query: str, body: bytes
) -> None:
    answer = send(served, signed(method=method, query=query, body=body))
    assert answer.status == 200
    assert served.invoker.events[-1]["requestContext"]["identity"]["accessKey"] == "AKIDKNOWN"


def test_a_request_that_says_nothing_misses_its_token(served: World) -> None:
    answer = send(served, Request("GET", PATH, headers=(("Host", HOST),)))
    assert error(answer) == (403, "MissingAuthenticationTokenException", "Missing Authentication Token")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ("eyJhbGciOi.eyJzdWIi.c2ln", "requires 'Credential' parameter"),
        ("Bearer eyJhbGciOi.x.y", "key=value pair"),
    ],
)
def test_a_jwt_at_an_iam_method_is_an_incomplete_signature_readable_by_gateway_responses_alone(
    served: World, sent: str, words: str
) -> None:
    answer = send(served, Request("GET", PATH, headers=(("Host", HOST), ("Authorization", sent))))
    status, kind, message = error(answer)
    assert (status, kind) == (403, "IncompleteSignatureException")
    assert words in message
    assert answer.header("Access-Control-Allow-Origin") == "*"


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        (
            Signature(secret="another"),
            "InvalidSignatureException",
            "does not match the signature you provided",
        ),
        (Signature(service="lambda"), "InvalidSignatureException", "correct service: 'execute-api'"),
        (Signature(region="us-east-1"), "InvalidSignatureException", "valid Region, not 'us-east-1'"),
        (Signature(late=timedelta(minutes=6)), "InvalidSignatureException", "Signature expired"),
        (Signature(late=timedelta(minutes=-6)), "InvalidSignatureException", "not yet current"),
        (
            Signature(key="AKIDUNKNOWN"),
            "UnrecognizedClientException",
            "security token included in the request is invalid",
        ),
    ],
)
def test_a_wrong_signature_is_refused_in_awss_words(
    served: World, wrong: Signature, kind: str, words: str
) -> None:
    status, error_type, message = error(send(served, signed(wrong)))
    assert (status, error_type) == (403, kind)
    assert words in message


def test_what_was_signed_cannot_be_changed_on_the_way(served: World) -> None:
    honest = signed(method="POST", body=b"1")
    forged = Request(honest.method, honest.path, honest.query, honest.headers, b"2")
    assert send(served, forged).status == 403
    moved = Request(honest.method, honest.path, "more=1", honest.headers, honest.body)
    assert send(served, moved).status == 403


def test_a_signature_without_its_parts_says_which_are_missing(served: World) -> None:
    sent = (("Host", HOST), ("Authorization", "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request"))
    status, kind, message = error(send(served, Request("GET", PATH, headers=sent)))
    assert (status, kind) == (403, "IncompleteSignatureException")
    assert "requires 'Signature' parameter" in message
    assert "requires 'SignedHeaders' parameter" in message


def allowing(effect: str = "Allow", resource: str = "*", **more: Any) -> dict[str, Any]:
    statement = {"Effect": effect, "Action": "execute-api:Invoke", "Resource": resource, **more}
    return {"Version": "2012-10-17", "Statement": [statement]}


BOB = "arn:aws:iam::123456789012:user/bob"
HERE = f"arn:aws:execute-api:{REGION}:123456789012:api1/dev/GET/*"
UNKNOWN = {"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}


@pytest.mark.parametrize(
    ("policies", "status"),
    [
        (None, 200),
        ((), 403),
        ((allowing(),), 200),
        ((allowing(resource=HERE),), 200),
        ((allowing(resource=HERE.replace("dev", "prod")),), 403),
        ((allowing(), allowing("Deny", HERE)), 403),
        ((allowing(Condition=UNKNOWN),), 403),
        ((allowing(), allowing("Deny", Condition=UNKNOWN)), 403),
    ],
)
def test_the_signers_policies_must_allow_the_call(served: World, policies: Any, status: int) -> None:
    served.lookups.signers["AKIDKNOWN"] = Signer("its-secret", BOB, "AIDABOB", policies)
    answer = send(served, signed())
    assert answer.status == status
    if status == 200:
        identity = served.invoker.events[-1]["requestContext"]["identity"]
        assert (identity["userArn"], identity["caller"]) == (BOB, "AIDABOB")
    else:
        where = f"arn:aws:execute-api:{REGION}:********9012:api1/dev/GET/x"
        words = f"User: {BOB} is not authorized to perform: execute-api:Invoke on resource: {where}"
        assert json.loads(answer.body)["Message"].startswith(words)
        assert answer.header("x-amzn-ErrorType") == "AccessDeniedException"


def test_a_session_needs_its_token_and_ends(served: World) -> None:
    now = datetime.now(UTC).timestamp()
    served.lookups.signers["AKIDKNOWN"] = Signer("its-secret", BOB, "A", None, "the-token", now + 60)
    assert error(send(served, signed()))[1] == "UnrecognizedClientException"
    assert send(served, with_token(signed(), "the-token")).status == 200
    served.lookups.signers["AKIDKNOWN"] = Signer("its-secret", BOB, "A", None, "the-token", now - 60)
    assert error(send(served, with_token(signed(), "the-token"))) == (
        403,
        "ExpiredTokenException",
        "The security token included in the request is expired",
    )


def with_token(request: Request, token: str) -> Request:
    headers = (*request.headers, ("X-Amz-Security-Token", token))
    return Request(request.method, request.path, request.query, headers, request.body)
