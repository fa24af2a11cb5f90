"""What an answer alone tells: one cause, or the set that it cannot tell apart."""

from __future__ import annotations

import pytest

from accountsctl.doctor.diagnosis.diagnose import Certainty, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.facts.request_failures import RequestFailure
from tests.faults.recorded import CORS, INCOMPLETE, Recorded, ask, passed
from tests.faults.recorded_sets import RECORDED


def subject(recorded: Recorded) -> Subject:
    if recorded.preflight:
        return Subject((), preflight=recorded.exchange())
    return Subject((), preflight=passed(), actual=recorded.exchange())


@pytest.mark.parametrize(
    "recorded", RECORDED, ids=lambda each: f"{each.status}-{each.error_type}-{each.ids[0]}"
)
def test_an_answer_names_its_cause_or_the_set_that_it_fits(recorded: Recorded) -> None:
    found = diagnose(subject(recorded), ask(url=recorded.url, credential=recorded.credential))
    assert found.root is not None
    named = [found.root.card.id, *(suspect.card.id for suspect in found.alternatives)]
    assert {*named, *found.walk.rarer} == set(recorded.ids)
    assert len(named) <= 3
    assert (found.certainty is Certainty.AMBIGUOUS) == (len(named) > 1)
    assert found.exit_code == (3 if len(named) > 1 else 1)


def test_an_ambiguous_answer_comes_with_the_command_that_splits_it() -> None:
    from accountsctl.doctor.reports.json_report import fixes

    recorded = Recorded(("x",), 403, "IncompleteSignatureException", INCOMPLETE)
    steps = list(fixes(diagnose(subject(recorded), ask())))
    assert [kind for kind, _ in steps] == ["command"]
    assert "apisummary" in steps[0][1]


@pytest.mark.parametrize(("headers", "masks"), [((), ["gwresp.4xx"]), (CORS, [])])
def test_a_refusal_without_cors_headers_is_masked(
    headers: tuple[tuple[str, str], ...], masks: list[str]
) -> None:
    recorded = Recorded(("x",), 429, "TooManyRequestsException", "Too Many Requests", headers=headers)
    found = diagnose(subject(recorded), ask())
    assert [each.card.id for each in found.masked_by] == masks


def test_a_status_that_disagrees_with_the_error_type_was_rewritten() -> None:
    recorded = Recorded(("x",), 200, "TooManyRequestsException", "Too Many Requests", headers=CORS)
    found = diagnose(subject(recorded), ask())
    assert found.root is not None
    assert found.root.card.id == "auth.throttle"
    assert [each.card.id for each in found.masked_by] == ["gwresp.status-rewritten"]


def test_a_refused_preflight_with_cors_headers_shows_only_its_status() -> None:
    recorded = Recorded(("x",), 415, "BadRequestException", "Unsupported Media Type", True, CORS)
    found = diagnose(subject(recorded), ask())
    assert found.walk.verdict is not None
    assert found.walk.verdict.code == "PreflightInvalidStatus"
    assert [each.card.id for each in found.masked_by] == ["gwresp.masks-preflight"]


@pytest.mark.parametrize(
    ("failure", "why"),
    [
        (RequestFailure.REFUSED, "abc123.execute-api.eu-west-1.amazonaws.com refuses connections."),
        (RequestFailure.TIMEOUT, "abc123.execute-api.eu-west-1.amazonaws.com did not answer in time."),
    ],
)
def test_where_nobody_answers_nothing_is_said_of_the_api(failure: RequestFailure, why: str) -> None:
    found = diagnose(subject(Recorded((), 0, failure=failure, preflight=True)), ask())
    assert (found.root, found.exit_code) == (None, 4)
    assert ("the API's answers", why) in found.not_checked
