"""A real answer together with a template's facts: which causes the facts rule out, and which they cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from accountsctl.doctor.diagnosis.diagnose import Diagnosis, DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.wording import RARER_CAUSES
from accountsctl.doctor.facts.exchanges import Exchange
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates import read_templates
from tests.faults.base import template
from tests.faults.callers import CACHED, echoes, instead, used_up
from tests.faults.changes import Body, Change, Fault, both, codes, sets
from tests.faults.facts_and_answers import FACTS_AND_ANSWERS, NOTES, FactsAndAnswer, Note
from tests.faults.recorded import CORS, Recorded, ask, passed
from tests.faults.test_templates import ORIGIN, POOL_ARN, told

BAD_ANSWER = Recorded((), 502, "InternalServerErrorException", "Internal server error", headers=CORS)
RAISES = codes(("    return answer(200", '    raise KeyError("owner")\n    return answer(200'))


def known(change: Change | None, layer: Layer = Layer.STATIC, base: Callable[[str], Body] = template) -> Api:
    """What a template tells."""
    body = base(ORIGIN)
    if change is not None:
        change(body, ORIGIN)
    (api,) = read_templates({"api.json": json.dumps(body)}, {"authusersUserPoolArn": POOL_ARN})
    return replace(api, layer=layer)


def found(change: Change | None, actual: Exchange, layer: Layer = Layer.STATIC) -> Diagnosis:
    """The diagnosis of an answer, with the facts of a template."""
    return diagnose(Subject((known(change, layer),), passed(), actual), ask())


def ids(diagnosis: Diagnosis) -> set[str]:
    suspects = (diagnosis.root, *diagnosis.alternatives)
    return {each.card.id for each in suspects if each is not None}


def test_code_that_reads_well_may_still_raise() -> None:
    assert ids(found(RAISES, replace(BAD_ANSWER.exchange(), milliseconds=40))) == {
        "int.throws",
        "int.response-too-big",
    }


def test_an_answer_that_came_when_the_time_was_over_proves_a_timeout() -> None:
    told = found(sets("Function", Timeout=3), replace(BAD_ANSWER.exchange(), milliseconds=3040))
    assert ids(told) == {"int.lambda-timeout"}


def test_where_it_is_not_known_how_long_it_took_a_timeout_stays_one_of_the_set() -> None:
    assert ids(found(None, BAD_ANSWER.exchange())) == {
        "int.throws",
        "int.lambda-timeout",
        "int.response-too-big",
    }


def test_a_body_that_may_be_no_text_may_be_what_is_not_valid() -> None:
    given = codes(('"body": json.dumps(body)', '"body": body'))
    told = found(given, replace(BAD_ANSWER.exchange(), milliseconds=40))
    assert ids(told) == {"int.throws", "int.malformed"}


def test_code_without_an_answer_that_is_stopped_before_its_end_has_timed_out() -> None:
    change = both(instead("import time", "time.sleep(20)"), sets("Function", Timeout=1))
    assert ids(found(change, replace(BAD_ANSWER.exchange(), milliseconds=1030))) == {"int.lambda-timeout"}
    assert ids(found(change, replace(BAD_ANSWER.exchange(), milliseconds=40))) == {"int.malformed"}


def test_a_rare_cause_that_no_template_tells_is_not_one_of_the_set_because_a_template_is_there() -> None:
    packaged = sets("Function", Code={"S3Bucket": "bucket", "S3Key": "items.zip"})
    told = found(packaged, replace(BAD_ANSWER.exchange(), milliseconds=40))
    assert ids(told) == {"int.throws", "int.malformed"}
    assert told.walk.rarer == ("int.response-too-big",)
    (why,) = [why for what, why in told.not_checked if what == RARER_CAUSES]
    assert "log" in why


def test_of_a_token_that_is_not_known_every_claim_may_be_wrong() -> None:
    refused = Recorded((), 401, "UnauthorizedException", "Unauthorized", headers=CORS).exchange()
    told = found(None, refused)
    assert ids(told) == {"auth.cognito-wrong-pool", "auth.cognito-access-no-scope"}
    assert told.walk.rarer == ("auth.pool-unreachable",)


def test_an_answer_that_no_fact_explains_is_of_a_snapshot_that_was_not_looked_at() -> None:
    refused = Recorded(
        (), 403, "IncompleteSignatureException", "requires 'Credential'", headers=CORS
    ).exchange()
    assert ids(found(None, refused)) == {"deploy.stale"}
    deployed = found(None, refused, Layer.DEPLOYED)
    assert (ids(deployed), deployed.exit_code) == (set(), 3)


FROM_OFFICE = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"},
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"NotIpAddress": {"aws:SourceIp": ["203.0.113.0/24"]}},
        },
    ],
}
FOR_OFFICE = sets("Api", Policy=FROM_OFFICE)
ANONYMOUS = "User: anonymous is not authorized to perform: execute-api:Invoke"


@pytest.mark.parametrize("layer", [Layer.STATIC, Layer.DEPLOYED])
@pytest.mark.parametrize(
    ("change", "recorded", "cause"),
    [
        (None, Recorded((), 429, "TooManyRequestsException", "Too Many Requests"), "auth.throttle"),
        (
            FOR_OFFICE,
            Recorded((), 403, "AccessDeniedException", ANONYMOUS),
            "auth.resource-policy",
        ),
    ],
)
def test_what_no_facts_exclude_is_named_by_the_answer_alone(
    change: Change | None, recorded: Recorded, cause: str, layer: Layer
) -> None:
    """The account's limits, and the address of the page."""
    assert ids(found(change, recorded.exchange(), layer)) == {cause}
    preflight = replace(recorded, preflight=True).exchange()
    assert ids(diagnose(Subject((known(change, layer),), preflight), ask())) == {cause}


def test_what_is_deployed_without_a_push_is_no_less_possible_for_what_the_files_say() -> None:
    denied = Recorded((), 403, "AccessDeniedException", ANONYMOUS).exchange()
    layers = (known(None), known(FOR_OFFICE, Layer.DEPLOYED))
    assert ids(diagnose(Subject(layers, passed(), denied), ask())) == {"auth.resource-policy"}


def test_without_an_answer_a_condition_of_a_policy_is_not_checked() -> None:
    policed = diagnose(Subject((known(FOR_OFFICE),)), ask())
    assert "whether the resource policy allows OPTIONS /items" in dict(policed.not_checked)
    assert not any("policy" in what for what, _ in diagnose(Subject((known(None),)), ask()).not_checked)


def test_a_limit_of_one_method_refuses_no_other() -> None:
    limit = {"ResourcePath": "/~1items", "HttpMethod": "GET", "ThrottlingRateLimit": 0}
    facts = known(sets("Stage", MethodSettings=[limit]))
    diagnoses = [diagnose(Subject((facts,), passed()), ask(method=verb)) for verb in ("GET", "PUT")]
    assert ["auth.throttle" in ids(diagnosis) for diagnosis in diagnoses] == [True, False]


def test_a_function_that_was_deleted_is_one_that_api_gateway_may_not_call() -> None:
    failed = Recorded(
        (), 500, "InternalServerErrorException", "Internal server error", headers=CORS
    ).exchange()
    facts = known(None, Layer.DEPLOYED)
    gone = {
        key: replace(function, exists=False, permissions=None) for key, function in facts.functions.items()
    }
    deleted = diagnose(Subject((replace(facts, functions=gone),), passed(), failed), ask())
    assert ids(deleted) == {"int.no-permission"}


def test_a_function_that_is_deployed_well_may_be_busy() -> None:
    failed = Recorded(
        (), 500, "InternalServerErrorException", "Internal server error", headers=CORS
    ).exchange()
    assert ids(found(None, failed, Layer.DEPLOYED)) == {"int.lambda-throttled"}


def test_no_facts_tell_that_a_key_which_is_sent_is_valid() -> None:
    """Deleted, disabled or of another plan: API Gateway has the same words for each."""
    refused = Recorded((), 403, "ForbiddenException", "Forbidden", headers=CORS).exchange()
    asked = replace(ask(), headers=(("x-api-key", "of-another-plan"),))
    allowed = Recorded((), 204, headers=(*CORS, ("Access-Control-Allow-Headers", "x-api-key, authorization")))
    subject = Subject((known(used_up, Layer.DEPLOYED),), replace(allowed, preflight=True).exchange(), refused)
    assert ids(diagnose(subject, asked)) == {"auth.api-key"}
    open_to_all = replace(subject, apis=(known(None, Layer.DEPLOYED),))
    assert ids(diagnose(open_to_all, asked)) == set()


@pytest.mark.parametrize("case", FACTS_AND_ANSWERS, ids=lambda each: each.id)
def test_facts_and_an_answer_name_a_cause_together(case: FactsAndAnswer) -> None:
    api = case.facts(known(case.change, base=case.base))
    exchange = case.recorded.exchange()
    preflight = exchange if case.recorded.preflight else passed()
    actual = None if case.recorded.preflight else exchange
    assert ids(diagnose(Subject((api,), preflight, actual), ask(**case.asked))) == {case.id}


@pytest.mark.parametrize("note", NOTES, ids=lambda each: each.id)
def test_what_is_worth_knowing_is_a_warning_with_its_place(note: Note) -> None:
    body = note.base(ORIGIN)
    note.change(body, ORIGIN)
    noted = told(Fault("", base=note.base, url=note.url, headers=note.headers), body)
    remarks = {each.card.id: each.evidence for each in noted.warnings}
    assert note.id in remarks
    assert remarks[note.id] or note.id == "acah.star-authorization"
    if note.base is template:
        assert noted.outcome is DiagnosisOutcome.PASS


def test_an_echo_with_vary_is_no_warning() -> None:
    body = template(ORIGIN)
    both(echoes(), CACHED)(body, ORIGIN)
    assert told(Fault(""), body).warnings == ()


def test_another_environments_api_that_works_is_no_fault_and_worth_a_word() -> None:
    api = replace(known(None, Layer.DEPLOYED), id="def456")
    works = Recorded((), 200, message="fine", headers=CORS).exchange()
    told_of = diagnose(Subject((api,), passed(), works), ask())
    assert (told_of.outcome, told_of.root) == (DiagnosisOutcome.PASS, None)
    assert "client.stale-config" in {each.card.id for each in told_of.warnings}
