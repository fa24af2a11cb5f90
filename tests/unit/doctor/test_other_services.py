"""Refusals by other services of AWS, and what tells them from those of an API: and what is not accused by them."""

from __future__ import annotations

import pytest

from accountsctl.doctor.catalogue.other_services import has_unset_part
from tests.faults.reported.options import NO_ROUTE, UNAUTHORIZED
from tests.faults.reported.report import ANY, DOMAIN, REST, Headers, Report, Response, chromium, passed
from tests.faults.reported.servers import allowed, answer
from tests.faults.test_reported import causes, diagnosed

BUCKET = "https://uploads.s3.eu-west-1.amazonaws.com/a.png"
PART = f"{BUCKET}?partNumber=1&uploadId=abc"
STORE: Headers = (("server", "AmazonS3"), ("content-type", "application/xml"))
ALL_COMPARED = (("vary", "Origin"), ("vary", "Access-Control-Request-Headers"))


def named(report: Report) -> list[str]:
    return causes(diagnosed(report, chromium(report), template=False))


def test_the_domain_of_a_user_pool_is_called_at_a_wrong_path_unless_it_is_an_endpoint_for_pages() -> None:
    refused = answer(403, ("x-amz-cognito-request-id", "6803"))
    assert named(Report("", (), refused, url="https://auth.example.com/")) == ["deploy.wrong-path"]
    at_token = Report("", (), refused, url="https://auth.example.com/oauth2/token")
    assert "deploy.wrong-path" not in named(at_token)


def test_the_api_of_a_service_of_aws_that_refuses_a_page_is_named() -> None:
    url = "https://lambda.us-east-1.amazonaws.com/2015-03-31/functions/"
    assert named(Report("", (), NO_ROUTE, url=url)) == ["edge.aws-service"]
    assert named(Report("", (), passed(), NO_ROUTE, url=url)) == ["edge.aws-service"]
    assert named(Report("", (), NO_ROUTE)) != ["edge.aws-service"]


@pytest.mark.parametrize(
    ("url", "unset"),
    [
        ("https://none.s3.amazonaws.com/a", True),
        ("https://api.example.com/undefined/items", True),
        ("https://api.example.com/items/%5Bobject%20Object%5D", True),
        ("https://api.example.com/nonesuch?next=null", False),
        ("https://nullable.example.com/", False),
    ],
)
def test_a_variable_without_a_value_stands_alone_in_a_host_or_path(url: str, unset: bool) -> None:
    assert has_unset_part(url) is unset


def test_a_refused_url_with_a_variable_that_was_not_set_is_named_first() -> None:
    url = REST.replace("items", "undefined/items")
    assert named(Report("", (), NO_ROUTE, url=url))[0] == "client.stale-config"
    assert len(named(Report("", (), NO_ROUTE, url=url))) == 2
    assert "client.stale-config" not in named(Report("", (), NO_ROUTE))


def test_a_store_that_passed_the_preflight_refuses_the_signature() -> None:
    signed = Report(
        "",
        (),
        allowed("content-type"),
        answer(403, *STORE),
        url=f"{BUCKET}?X-Amz-Signature=99",
        asks=("content-type",),
    )
    assert named(signed)[0] == "auth.iam-bad-signature"
    simple = Report("", (), None, answer(403, *STORE), url=f"{BUCKET}?X-Amz-Signature=99", asks=())
    assert named(simple) == ["edge.s3-no-cors"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("SignatureDoesNotMatch</Code>", ["auth.iam-bad-signature"]),
        ("AccessDenied</Code><Message>Request has expired</Message>", ["auth.iam-expired"]),
        ("InvalidAccessKeyId</Code>", ["auth.iam-unknown-key"]),
        ("AccessDenied</Code><Message>Access Denied</Message>", ["auth.iam-denied"]),
        ("", ["auth.iam-bad-signature", "auth.iam-denied"]),
    ],
)
def test_a_refused_signature_that_the_page_may_read_is_no_fault_of_headers(
    code: str, expected: list[str]
) -> None:
    refused = answer(403, *STORE, *ANY, body=f"<Error><Code>{code}" if code else "")
    report = Report("", (), None, refused, url=f"{BUCKET}?X-Amz-Signature=99", asks=())
    assert named(report) == expected


def test_a_bucket_without_headers_behind_cloudfront_may_not_have_got_the_origin() -> None:
    direct = Report("", (), None, answer(200, *STORE), url=BUCKET, asks=())
    assert named(direct) == ["edge.s3-no-cors"]
    missed = answer(200, *STORE, ("x-cache", "Miss from cloudfront"))
    behind = Report("", (), None, missed, url="https://d111111abcdef8.cloudfront.net/a.png", asks=())
    assert named(behind) == ["edge.s3-no-cors", "edge.cf-origin-header"]


@pytest.mark.parametrize(
    ("asks", "expected"),
    [
        (("x-trace",), "acah.custom"),
        (("authorization",), "acah.authorization"),
        (("content-type",), "preflight.mock-no-headers"),
    ],
)
@pytest.mark.parametrize("gateway", [True, False])
def test_a_filter_that_compares_headers_may_have_refused_one(
    asks: tuple[str, ...], expected: str, gateway: bool
) -> None:
    refused = Response(204, headers=ALL_COMPARED, gateway=gateway)
    report = Report("", (), refused, url=REST if gateway else "https://api.example.com/", asks=asks)
    assert named(report) == ["httpapi.origin-not-listed", expected]


def test_cloudfront_is_suspected_of_removing_the_token_only_if_the_response_passed_it() -> None:
    assert "edge.cf-authorization" not in named(Report("", (), passed(), UNAUTHORIZED, url=DOMAIN))
    through = Response(401, "UnauthorizedException", "Unauthorized", (("x-cache", "Error from cloudfront"),))
    assert "edge.cf-authorization" in named(Report("", (), passed(), through, url=DOMAIN))
    own = named(Report("", (), passed(), through, url="https://d111111abcdef8.cloudfront.net/items"))
    assert own == ["edge.cf-authorization", "auth.lambda-deny"]


@pytest.mark.parametrize("status", [400, 403])
def test_a_store_that_passed_the_preflight_refuses_what_was_signed_and_not_the_origin(status: int) -> None:
    url = (
        "https://my-bucket.s3.eu-west-1.amazonaws.com/a?X-Amz-Signature=abc&x-amz-checksum-crc32=AAAAAA%3D%3D"
    )
    refused = Response(status, gateway=False)
    report = Report("", (), passed(("content-type",)), refused, url=url, method="PUT", asks=("content-type",))
    assert named(report) == ["auth.iam-bad-signature", "acao.missing-error-path"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("BadDigest", ["auth.iam-bad-signature"]),
        ("XAmzContentSHA256Mismatch", ["auth.iam-bad-signature"]),
        ("NoSuchKey", []),
    ],
)
def test_a_body_that_is_not_of_the_signed_checksum_is_refused_as_a_signature_is(
    code: str, expected: list[str]
) -> None:
    url = "https://my-bucket.s3.eu-west-1.amazonaws.com/a?X-Amz-Signature=abc"
    refused = Response(400, headers=ANY, gateway=False, body=f"<Error><Code>{code}</Code></Error>")
    report = Report("", (), passed(("content-type",)), refused, url=url, method="PUT", asks=("content-type",))
    assert named(report) == expected


@pytest.mark.parametrize(
    ("cached", "expected", "other"),
    [
        ("Hit from cloudfront", "edge.page-instead", "edge.cf-error-page"),
        ("Error from cloudfront", "edge.cf-error-page", "edge.page-instead"),
    ],
)
def test_cloudfronts_cache_tells_the_sites_page_from_one_in_place_of_an_error(
    cached: str, expected: str, other: str
) -> None:
    page = Response(200, headers=(("content-type", "text/html"), ("x-cache", cached)), gateway=False)
    url = "https://d111111abcdef8.cloudfront.net/items"
    suspects = named(Report("", (), passed(), page, url=url))
    assert expected in suspects
    assert other not in suspects


@pytest.mark.parametrize(("url", "expected"), [(PART, ["expose.missing"]), (BUCKET, [])])
def test_only_the_upload_of_a_part_needs_its_etag(url: str, expected: list[str]) -> None:
    report = Report("", (), None, answer(200, *ANY, ("etag", '"9b"')), url=url, asks=())
    found = diagnosed(report, chromium(report), template=False)
    assert [warning.card.id for warning in found.warnings] == expected
