"""A SAM source and what AWS's own translator makes of it are judged alike, in every form that the translator takes.

The translator's corpus of inputs is not in its package; tests/data/doctor/sam/inputs.json has its forms.
Asked is every request that a page may send to either: with a token, a key, a signature and cookies, and without.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from accountsctl.doctor.browser.fetch import Headers
from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.diagnosis.diagnose import DiagnosisOutcome, diagnose
from accountsctl.doctor.diagnosis.subject import Subject
from accountsctl.doctor.diagnosis.targets import Query, page_requests
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates import read_templates
from accountsctl.model.api_gateway import ApiKind
from tests.unit.doctor.facts.test_sam_translated import ORIGIN, Json, translated

FOLDER = Path(__file__).parents[3] / "data" / "doctor" / "sam"
INPUTS: dict[str, Json] = json.loads((FOLDER / "inputs.json").read_text())
EVERY = 6
"""Of how many inputs one is compared in the fast tests."""
SENT: tuple[tuple[Headers, bool], ...] = (
    ((), False),
    ((), True),
    ((("authorization", "x"),), False),
    ((("x-api-key", "x"),), False),
    ((("x-amz-date", "x"),), False),
)
Named = dict[tuple[str, str], Api]


def apis_of(template: Json) -> Named:
    """The APIs of a template, by kind and name: a function URL has another name once it is translated."""
    apis = read_templates({"template.json": json.dumps(template)})
    return {
        (api.kind, api.name.removesuffix("Url") if api.kind == ApiKind.FUNCTION_URL else api.name): api
        for api in apis
    }


def asked_of(apis: Iterable[Api]) -> Iterator[Query]:
    """Every request of a page to the routes of any of the APIs."""
    routes = {(ask.path, ask.method) for api in apis for ask in page_requests(api, Query(origin=ORIGIN), ())}
    for path, method in sorted(routes):
        for headers, credentials in SENT:
            yield Query(origin=ORIGIN, path=path, method=method, headers=headers, credentials=credentials)


def judged(api: Api, queries: Sequence[Query]) -> list[tuple[object, ...]]:
    """What is said of each request: the outcome, the suspects, and what comes after them."""
    asks: list[PageRequest] = [ask for query in queries for ask in page_requests(api, query, ())]
    found = [diagnose(Subject((api,)), ask) for ask in asks]
    return [
        (
            ask.method,
            ask.path,
            diagnosis.outcome,
            diagnosis.root and diagnosis.root.card.id,
            diagnosis.next,
            [suspect.card.id for suspect in diagnosis.alternatives],
        )
        for ask, diagnosis in zip(asks, found, strict=True)
    ]


def differences(template: Json) -> list[object]:
    """What is judged differently of a source and of its translation."""
    source, made = apis_of(template), apis_of(translated(template))
    found: list[object] = [*sorted(source.keys() ^ made.keys())]
    for key in source.keys() & made.keys():
        queries = list(asked_of((source[key], made[key])))
        pairs = zip(judged(source[key], queries), judged(made[key], queries), strict=True)
        found += [(key, one, other) for one, other in pairs if one != other]
    return found


@pytest.mark.parametrize("name", sorted(INPUTS)[::EVERY])
def test_source_and_translation_are_judged_alike(name: str) -> None:
    assert differences(INPUTS[name]) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", INPUTS)
def test_every_source_and_its_translation_are_judged_alike(name: str) -> None:
    assert differences(INPUTS[name]) == []


@pytest.mark.slow
def test_the_inputs_are_of_every_outcome_and_of_many_causes() -> None:
    """Inputs that all pass would show nothing."""
    found = [
        diagnose(Subject((api,)), ask)
        for template in INPUTS.values()
        for api in apis_of(template).values()
        for query in asked_of([api])
        for ask in page_requests(api, query, ())
    ]
    causes = {diagnosis.root.card.id for diagnosis in found if diagnosis.root}
    assert {diagnosis.outcome for diagnosis in found} >= {DiagnosisOutcome.PASS, DiagnosisOutcome.BLOCKED}
    assert len(found) > 1000
    assert len(causes) > 15
