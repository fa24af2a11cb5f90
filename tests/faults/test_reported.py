"""Public reports, rebuilt: the doctor names the cause that the thread found, or it is among the likely ones."""

from __future__ import annotations

import json

import pytest

from accountsctl.commands.doctor.cors import from_recording
from accountsctl.doctor.catalogue.questions import best_question
from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.reported.answers import ANSWERS
from tests.faults.reported.headers import HEADERS
from tests.faults.reported.held_out import HELD_OUT
from tests.faults.reported.mocks import MOCKS
from tests.faults.reported.options import OPTIONS
from tests.faults.reported.report import Report, chromium, firefox, recording, safari
from tests.faults.reported.set_articles import SET_ARTICLES, SHOWN_ARTICLES
from tests.faults.reported.set_clients import SET_CLIENTS
from tests.faults.reported.set_eight import SET_EIGHT, UNDETERMINED_401
from tests.faults.reported.set_eighteen import SET_EIGHTEEN
from tests.faults.reported.set_eleven import SET_ELEVEN
from tests.faults.reported.set_eleven import SHOWN as SHOWN_ELEVEN
from tests.faults.reported.set_fifteen import HIDDEN as HIDDEN_FIFTEEN
from tests.faults.reported.set_fifteen import SET_FIFTEEN
from tests.faults.reported.set_five import SET_FIVE
from tests.faults.reported.set_four import SET_FOUR
from tests.faults.reported.set_fourteen import SET_FOURTEEN
from tests.faults.reported.set_nine import SET_NINE
from tests.faults.reported.set_nine import SHOWN as SHOWN_NINE
from tests.faults.reported.set_nineteen import SET_NINETEEN
from tests.faults.reported.set_one import SET_ONE
from tests.faults.reported.set_pages import SET_PAGES
from tests.faults.reported.set_pages_later import SET_PAGES_LATER
from tests.faults.reported.set_seven import SET_SEVEN
from tests.faults.reported.set_seventeen import SEVENTEEN, SHOWN_SEVENTEEN
from tests.faults.reported.set_six import SET_SIX, UNDETERMINED
from tests.faults.reported.set_sixteen import SHOWN_SIXTEEN, SIXTEEN
from tests.faults.reported.set_templates import SHOWN_TEMPLATES
from tests.faults.reported.set_ten import SET_TEN
from tests.faults.reported.set_ten import SHOWN as SHOWN_TEN
from tests.faults.reported.set_thirteen import HIDDEN as HIDDEN_THIRTEEN
from tests.faults.reported.set_thirteen import SET_THIRTEEN
from tests.faults.reported.set_thirteen import SHOWN as SHOWN_THIRTEEN
from tests.faults.reported.set_twelve import HIDDEN, SET_TWELVE
from tests.faults.reported.set_twelve import SHOWN as SHOWN_TWELVE
from tests.faults.reported.set_twenty import SET_TWENTY
from tests.faults.reported.set_twenty_eight import MULTIPART, SHOWN_TWENTY_EIGHT, TWENTY_EIGHT
from tests.faults.reported.set_twenty_nine import SHOWN_TWENTY_NINE, TWENTY_NINE
from tests.faults.reported.set_twenty_one import SET_TWENTY_ONE
from tests.faults.reported.set_twenty_seven import HIDDEN_TWENTY_SEVEN, SHOWN_TWENTY_SEVEN, TWENTY_SEVEN
from tests.faults.reported.set_twenty_six import SHOWN_TWENTY_SIX, TWENTY_SIX
from tests.faults.reported.set_twenty_three import SHOWN_TWENTY_THREE, TWENTY_THREE
from tests.faults.reported.set_twenty_two import TWENTY_TWO
from tests.faults.reported.set_two import SET_TWO
from tests.faults.reported.templates import Shown, diagnosis_of

REPORTS = (*OPTIONS, *MOCKS, *HEADERS, *ANSWERS, *HELD_OUT, *SET_ONE, *SET_TWO)
# Nothing in these recordings tells an expired token from one of another pool, or from an access token.
WITHOUT_TOKEN = {"ustaxcourt/ef-cms-flexion#1063", "aws-amplify/amplify-js#8152"}
MOST, MOST_WITHOUT_TOKEN = 2, 4


def diagnosed(report: Report, recording: str, *, template: bool) -> Diagnosis:
    files = {"t.json": json.dumps(report.template)} if template and report.template is not None else {}
    (found, *_) = from_recording(recording, "r.har", read_templates(files, {})).diagnoses
    return found


def causes(found: Diagnosis) -> list[str]:
    return list(found.causes)


# Firefox does not record why a request was not sent.
RECORDED = [
    pytest.param(browser(report), report, id=f"{browser.__name__}-{report}")
    for report in REPORTS
    for browser in (chromium, firefox)
    if not (report.failure and browser is firefox)
]


@pytest.mark.parametrize(("recording", "report"), RECORDED)
def test_a_recording_alone_has_the_cause_among_few_and_a_question_that_splits_more_than_two(
    recording: str, report: Report
) -> None:
    named = causes(diagnosed(report, recording, template=False))
    assert set(named) & set(report.causes)
    assert len(named) <= 3
    if len(named) > 2:
        assert named[0] in report.causes
        question = best_question(named)
        assert question is not None
        assert max(len(left) for left in question.split(named).values()) <= 2


IN_SAFARI = [report for report in REPORTS if not report.redirected and not report.failure]


@pytest.mark.parametrize("report", IN_SAFARI, ids=str)
def test_safaris_words_name_few_causes_and_keep_the_cause_of_a_status(report: Report) -> None:
    found = diagnosed(report, safari(report), template=False)
    assert found.fails or report.response is not None
    named = causes(found)
    assert len(named) <= 3
    refused = report.response or report.preflight
    if refused is not None and refused.status >= 400 and refused.error:
        assert {*named, *found.walk.rarer} & set(report.causes)


def test_a_request_without_response_and_reason_is_left_open_with_where_to_look() -> None:
    report = next(report for report in REPORTS if report.causes == ("client.csp",))
    found = diagnosed(report, firefox(report), template=False)
    assert found.outcome is DiagnosisOutcome.UNKNOWN
    assert "console" in dict(found.not_checked)["the response"]


@pytest.mark.parametrize("report", [report for report in REPORTS if report.template], ids=str)
@pytest.mark.parametrize("browser", [chromium, firefox], ids=["chromium", "firefox"])
def test_a_recording_with_the_template_names_the_cause_or_two(browser: object, report: Report) -> None:
    assert callable(browser)
    named = causes(diagnosed(report, browser(report), template=True))
    assert set(named) & set(report.causes)
    without_token = report.thread in WITHOUT_TOKEN and browser is chromium
    assert len(named) <= (MOST_WITHOUT_TOKEN if without_token else MOST)


LATER = (
    *SET_FOUR,
    *SET_FIVE,
    *SET_SIX,
    *SET_SEVEN,
    *SET_EIGHT,
    *SET_NINE,
    *SET_TEN,
    *SET_ELEVEN,
    *SET_TWELVE,
    *SET_THIRTEEN,
    *SET_FOURTEEN,
    *SET_FIFTEEN,
    *SET_EIGHTEEN,
    *SET_NINETEEN,
    *SET_TWENTY,
    *SET_TWENTY_ONE,
    *SET_CLIENTS,
)
FIRST_OR_OF_TWO = (
    *SIXTEEN,
    *SEVENTEEN,
    *TWENTY_TWO,
    *TWENTY_THREE,
    *TWENTY_SIX,
    *TWENTY_SEVEN,
    *TWENTY_EIGHT,
    *TWENTY_NINE,
    *SET_PAGES,
    *SET_PAGES_LATER,
    *SET_ARTICLES,
)


@pytest.mark.parametrize("report", LATER, ids=str)
def test_of_the_reporters_own_recording_the_cause_is_named_alone_or_with_one_other(report: Report) -> None:
    named = causes(diagnosed(report, recording(report), template=report.template is not None))
    assert set(named) & set(report.causes)
    assert len(named) <= MOST


@pytest.mark.parametrize("report", FIRST_OR_OF_TWO, ids=str)
def test_of_the_reporters_own_recording_the_cause_is_named_first_or_is_one_of_two(report: Report) -> None:
    named = causes(diagnosed(report, recording(report), template=report.template is not None))
    assert named[0] in report.causes or (len(named) <= MOST and set(named) & set(report.causes))


@pytest.mark.parametrize(
    "shown",
    [
        *SHOWN_NINE,
        *SHOWN_TEN,
        *SHOWN_ELEVEN,
        *SHOWN_TWELVE,
        *SHOWN_THIRTEEN,
        *SHOWN_SIXTEEN,
        *SHOWN_SEVENTEEN,
        *SHOWN_TWENTY_THREE,
        *SHOWN_TEMPLATES,
        *SHOWN_TWENTY_SIX,
        *SHOWN_TWENTY_SEVEN,
        *SHOWN_ARTICLES,
        *SHOWN_TWENTY_EIGHT,
        *SHOWN_TWENTY_NINE,
    ],
    ids=str,
)
def test_of_the_reporters_template_alone_the_cause_is_named(shown: Shown) -> None:
    named = causes(diagnosis_of(shown))
    assert len(named) == 1
    assert named[0] in shown.causes


@pytest.mark.parametrize("report", [*UNDETERMINED, *UNDETERMINED_401], ids=str)
def test_a_cause_that_no_recording_tells_stays_among_the_rarer(report: Report) -> None:
    found = diagnosed(report, recording(report), template=False)
    assert set(found.walk.rarer) & set(report.causes)


@pytest.mark.parametrize(
    "report", [*HIDDEN, *HIDDEN_THIRTEEN, *HIDDEN_FIFTEEN, *HIDDEN_TWENTY_SEVEN], ids=str
)
def test_a_header_that_the_page_reads_as_null_is_a_warning(report: Report) -> None:
    found = diagnosed(report, recording(report), template=False)
    assert found.outcome is DiagnosisOutcome.PASS
    assert [warning.card.id for warning in found.warnings] == list(report.causes)


def test_a_part_whose_etag_the_page_cannot_read_is_shown_with_the_upload_that_then_fails() -> None:
    """aws/aws-sdk-js-v3#3177: the browser reports the end of the upload alone."""
    part, end = from_recording(MULTIPART, "r.har").diagnoses
    assert [warning.card.id for warning in part.warnings] == ["expose.missing"]
    assert end.ask.method == "POST"
