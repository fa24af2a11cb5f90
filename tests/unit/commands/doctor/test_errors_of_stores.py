"""What S3 and CloudFront say in a text themselves, and what a page may not read of a response."""

from __future__ import annotations

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.diagnosis.diagnose import Diagnosis
from accountsctl.doctor.diagnosis.targets import Query
from accountsctl.model.errors import UsageError

BUCKET = "https://pictures.s3.eu-west-1.amazonaws.com/a.png"
PREFLIGHT = (
    f"Access to fetch at '{BUCKET}' from origin 'https://app.example.com' has been blocked by CORS policy: Response "
    "to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on "
    "the requested resource.\n"
)
OTHER_SIGNATURE = (
    "<Error>\n  <Code>SignatureDoesNotMatch</Code>\n  <Message>The request signature we calculated does not "
    "match.</Message>\n</Error>\n"
)
UNREAD = 'Refused to get unsafe header "ETag"\n'


def read(text: str) -> Diagnosis:
    (found,) = from_recording(text, "console.txt", (), Query()).diagnoses
    return found


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (OTHER_SIGNATURE, "auth.iam-bad-signature"),
        (
            "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>",
            "auth.iam-expired",
        ),
        (
            "<Error><Code>InvalidAccessKeyId</Code><Message>It does not exist.</Message></Error>",
            "auth.iam-unknown-key",
        ),
    ],
)
def test_an_error_of_a_store_names_what_is_wrong_with_the_signature(error: str, cause: str) -> None:
    assert read(f"It answers\n{error}").causes == (cause,)


def test_a_preflight_is_not_signed_whatever_the_store_says_of_another_request() -> None:
    assert read(PREFLIGHT + OTHER_SIGNATURE).causes == read(PREFLIGHT).causes


@pytest.mark.parametrize(
    ("code", "said"), [("NoSuchKey", "There is none."), ("AccessDenied", "Access Denied")]
)
def test_an_error_of_a_store_that_is_not_of_a_signature_is_not_a_request(code: str, said: str) -> None:
    with pytest.raises(UsageError, match="not a recording"):
        read(f"<Error><Code>{code}</Code><Message>{said}</Message></Error>")


def test_a_page_of_cloudfront_names_the_method_only_if_it_says_so() -> None:
    line = "POST https://shop.example.com/paid 403\n"
    named = read(f"{line}This distribution is not configured to allow the HTTP request method that was used.")
    assert named.causes == ("edge.cf-methods",)
    assert "edge.cf-methods" not in read(f"{line}The request could not be satisfied.").causes


@pytest.mark.parametrize(
    "line", [UNREAD, "ETagMissing: No access to ETag property on response. Check CORS configuration.\n"]
)
def test_a_header_that_is_not_exposed_is_named(line: str) -> None:
    with pytest.raises(UsageError, match="Access-Control-Expose-Headers") as raised:
        read(line)
    assert "ETag" in (raised.value.hint or "")


def test_a_blocked_request_counts_more_than_a_header_that_is_not_exposed() -> None:
    assert read(PREFLIGHT + UNREAD).causes == read(PREFLIGHT).causes
