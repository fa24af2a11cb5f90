"""A real answer beside a template's facts: which causes the facts strike, and which they cannot."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from accountsctl.doctor.diagnosis import Diagnosis, diagnose
from accountsctl.doctor.facts import Exchange, Layer
from accountsctl.doctor.reading import read_templates
from accountsctl.doctor.walk import Subject
from tests.faults.base import template
from tests.faults.recorded import CORS, Recorded, ask, passed
from tests.faults.test_templates import ORIGIN, POOL_ARN
from tests.faults.zoo import Change, codes, sets

BAD_ANSWER = Recorded((), 502, "InternalServerErrorException", "Internal server error", headers=CORS)
RAISES = codes(("    return answer(200", '    raise KeyError("owner")\n    return answer(200'))


def found(change: Change | None, actual: Exchange, layer: Layer = Layer.STATIC) -> Diagnosis:
    """What is said of an answer with a template's facts beside it."""
    body: dict[str, Any] = template(ORIGIN)
    if change is not None:
        change(body, ORIGIN)
    (api,) = read_templates({"api.json": json.dumps(body)}, {"authusersUserPoolArn": POOL_ARN})
    return diagnose(Subject((replace(api, layer=layer),), passed(), actual), ask())


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


def test_of_a_token_that_is_not_known_every_claim_may_be_wrong() -> None:
    refused = Recorded((), 401, "UnauthorizedException", "Unauthorized", headers=CORS).exchange()
    assert ids(found(None, refused)) == {
        "auth.pool-unreachable",
        "auth.cognito-wrong-pool",
        "auth.cognito-expired",
        "auth.cognito-access-no-scope",
    }


def test_an_answer_that_no_fact_explains_is_of_a_snapshot_that_was_not_looked_at() -> None:
    refused = Recorded(
        (), 403, "IncompleteSignatureException", "requires 'Credential'", headers=CORS
    ).exchange()
    assert ids(found(None, refused)) == {"deploy.stale"}
    deployed = found(None, refused, Layer.DEPLOYED)
    assert (ids(deployed), deployed.exit_code) == (set(), 3)
