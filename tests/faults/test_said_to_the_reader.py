"""What is said of a cause is true of it: evidence, who acts, what comes after the fix, and what may be shared."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import partial

import pytest

from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.diagnosis.diagnose import Certainty, Diagnosis, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.reports.json_report import all_evidence
from accountsctl.doctor.reports.plain import plain_words
from accountsctl.doctor.reports.scrub import scrubbed
from accountsctl.doctor.reports.share import shared_report
from accountsctl.ui.diagnosis import show
from accountsctl.ui.screen import Screen
from tests.faults.all_faults import FAULTS
from tests.faults.changes import Fault
from tests.faults.facts_and_answers import FACTS_AND_ANSWERS
from tests.faults.outside_rest_apis import configured, healthy
from tests.faults.recorded import Recorded, ask, passed
from tests.faults.test_facts_and_answers import known
from tests.faults.test_templates import ORIGIN, POOL, told

STATIC = [fault for fault in FAULTS if fault.static]


def fault_of(cause: str) -> Fault:
    return next(fault for fault in STATIC if fault.id == cause)


def diagnosis_of(cause: str) -> Diagnosis:
    fault = fault_of(cause)
    return told(fault, fault.body(ORIGIN))


def text_of(found: Diagnosis) -> str:
    out = io.StringIO()
    show(Screen(out, io.StringIO()), found, {})
    return out.getvalue()


@pytest.mark.parametrize("fault", STATIC, ids=str)
def test_no_evidence_is_what_is_expected(fault: Fault) -> None:
    for seen in all_evidence(told(fault, fault.body(ORIGIN))):
        value = seen.observed.partition(": ")[2].strip("'")
        assert value == "" or value not in seen.expected.split(" or ")


@pytest.mark.parametrize(
    ("cause", "observed"),
    [("preflight.non-2xx", "status 404"), ("preflight.redirect", "status 301, to https:")],
)
def test_the_evidence_of_a_status_is_the_status(cause: str, observed: str) -> None:
    (seen,) = all_evidence(diagnosis_of(cause))
    assert seen.observed.startswith(observed)


@pytest.mark.parametrize(
    "cause", ["preflight.child-resource", "preflight.proxy-root", "deploy.stage-in-domain-path"]
)
def test_nothing_comes_next_that_the_fix_fixes_or_that_only_another_url_shows(cause: str) -> None:
    assert diagnosis_of(cause).next == ()


def test_after_a_cors_configuration_no_header_is_missing() -> None:
    assert diagnosis_of("function-url.no-cors").next == ("function-url.iam",)


def test_what_was_only_read_is_told_as_what_will_happen_and_what_was_seen_as_what_happened() -> None:
    read = plain_words(diagnosis_of("preflight.iam"))
    assert read is not None
    assert "The API answers 403 to that question. So your GET is never sent." in read.happened
    refused = Recorded(("x",), 429, "TooManyRequestsException", "Too Many Requests").exchange()
    seen = plain_words(diagnose(Subject((), passed(), refused), ask()))
    assert seen is not None
    assert seen.happened.startswith("Your GET was sent. The API answered 429")


def test_a_page_with_the_configuration_of_another_environment_did_send_its_request() -> None:
    (case,) = (case for case in FACTS_AND_ANSWERS if case.id == "client.stale-config")
    api = case.facts(known(case.change, base=case.base))
    words = plain_words(diagnose(Subject((api,), case.recorded.exchange()), ask()))
    assert words is not None
    assert "The API answered 403 to that question" in words.happened


def test_a_configuration_of_cors_is_in_the_refusals_of_an_http_api_too() -> None:
    base = partial(healthy, "http-jwt")
    body = base(ORIGIN)
    configured(AllowOrigins=["*"])(body, ORIGIN)
    for resource in body["Resources"].values():
        if resource["Type"] == "AWS::ApiGatewayV2::Authorizer":
            issuer = f"https://cognito-idp.eu-west-1.amazonaws.com/{POOL}"
            resource["Properties"]["JwtConfiguration"] = {"Issuer": issuer, "Audience": ["client"]}
    found = told(Fault("", base=base, token="expired"), body)
    assert found.root is not None
    assert (found.root.card.id, found.outcome.value, found.masked_by) == ("auth.cognito-expired", "error", ())


def test_the_words_say_who_answered_where_that_is_not_the_api() -> None:
    headers = (("Server", "nginx"), ("Content-Type", "text/html"))
    page = Recorded((), 413, message="<html><h1>413</h1></html>", key="", headers=headers)
    words = plain_words(diagnose(Subject((), passed(), page.exchange()), ask()))
    assert words is not None
    assert "A server before the API answered 413" in words.happened


def test_how_sure_a_cause_is_names_what_shows_it() -> None:
    assert "(likely: only the configuration shows it)" in text_of(diagnosis_of("preflight.iam"))
    refused = Recorded(("x",), 403, "ForbiddenException", "Forbidden", preflight=True).exchange()
    private = next(case for case in FACTS_AND_ANSWERS if case.id == "deploy.private")
    both = diagnose(Subject((known(private.change),), refused), ask())
    assert "(certain: the response and the configuration agree)" in text_of(both)
    # One rule for the text and for JSON: what the diagnosis says of itself.
    assert "(likely: only the response and the configuration show it)" in text_of(
        replace(both, certainty=Certainty.LIKELY)
    )
    assert "(certain: the configuration shows it)" in text_of(
        replace(diagnosis_of("preflight.iam"), certainty=Certainty.CERTAIN)
    )


def test_what_comes_next_is_said_in_words() -> None:
    assert "Then        function-url.iam: The function URL has AuthType AWS_IAM" in text_of(
        diagnosis_of("function-url.no-cors")
    )


def test_a_report_to_share_has_the_fix_word_for_word() -> None:
    """All words of the catalogue are harmless, though not all look like words."""
    for fault in STATIC:
        found = told(fault, fault.body(ORIGIN))
        assert found.root is not None
        assert f"* Fix: {found.root.card.fix}" in shared_report([found], {})
    bare = Recorded(("x",), 429, "TooManyRequestsException", "Too Many Requests").exchange()
    report = shared_report([diagnose(Subject((), passed(), bare), ask())], {})
    assert "* Fix: Add Access-Control-Allow-Origin to DEFAULT_4XX: the page" in report
    assert scrubbed("DEFAULT_4XX, accountsctl push") == "DEFAULT_4XX, accountsctl push"


def test_code_in_a_report_to_share_names_no_part_of_a_path_that_may_be_secret() -> None:
    url = "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/c2VjcmV0b3BhcXVl"
    refused = Recorded(("x",), 401, "UnauthorizedException", "Unauthorized", url=url).exchange()
    found = diagnose(Subject((), None, refused), replace(ask(credential=Credential.NONE), url=url))
    assert found.root is not None
    assert "c2VjcmV0b3BhcXVl" not in shared_report([found], {})
