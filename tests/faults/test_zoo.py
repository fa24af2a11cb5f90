"""The zoo is whole: no card without a fault, told by whatever can know it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from tests.faults.all_faults import FAULTS
from tests.faults.facts_and_answers import FACTS_AND_ANSWERS, NOTES
from tests.faults.recorded_sets import RECORDED
from tests.faults.test_pairs import MASKS

# Causes that nobody can bring about in an API, a template, an answer or a recording.
NO_FAULT = {
    "client.no-cors": "The page asks for an answer that nobody can read, and gets it.",
    "auth.cognito-bearer": "Both forms are taken: it is no fault.",
    "preflight.stale-cache": "The API is right by then; what is old is in the browser.",
    "preflight.only-simple": "The request succeeds: it is another one that would not.",
    "expose.missing": "The request succeeds; which header its code reads only the page knows.",
    "gwresp.waf-custom": "What a web ACL answers by itself none of the layers reads.",
}
# Causes that facts tell, and of which no answer comes.
NO_ANSWER = {
    "preflight.method-response-undeclared": "API Gateway refuses to create it.",
    "preflight.unquoted-value": "API Gateway refuses to create it.",
    "client.mixed": "The browser does not send it.",
    "function-url.oac-body": "The response is that of any wrong signature.",
    "edge.cf-headers-policy": "The response is that of a server with another list.",
    "edge.cf-origin-not-forwarded": "The response is that of a bucket without a rule.",
}
BY_FACTS = {
    *(each.id for each in FAULTS if each.static or (each.live and each.deployed)),
    *(each.id for each in (*FACTS_AND_ANSWERS, *NOTES)),
    *MASKS,
}
# Masks are seen in answers beside their causes, by the served faults.
BY_ANSWERS = {
    *(each.id for each in FAULTS if each.live),
    *(each.id for each in FACTS_AND_ANSWERS),
    *(one for each in RECORDED for one in each.ids),
    *(one for each in FAULTS if each.live for one in each.masked),
}


def test_every_card_has_a_fault_or_a_reason_for_none() -> None:
    assert {each.id for each in CARDS} - BY_FACTS - BY_ANSWERS - {"gwresp.masks-preflight"} == set(NO_FAULT)


def test_what_facts_can_know_they_are_shown() -> None:
    """Those of `sure` False, or with `reads`, need an answer beside them: the served faults have all layers."""
    together = {each.id for each in FAULTS if each.live}
    for card in CARDS:
        needs_an_answer = not card.sure or card.reads is not None
        if card.check is not None:
            assert card.id in (BY_FACTS | together if needs_an_answer else BY_FACTS)


def test_what_an_answer_can_know_it_is_shown() -> None:
    knowable = {each.id for each in CARDS if each.refusals or each.reads is not None}
    assert knowable - BY_ANSWERS == set(NO_ANSWER)


def test_every_mask_is_seen_in_an_answer() -> None:
    masks = {one for each in FAULTS if each.live for one in each.masked}
    assert masks == {
        "gwresp.4xx",
        "gwresp.5xx",
        "gwresp.specific-overrides",
        "gwresp.static-origin",
        "gwresp.status-rewritten",
    }


def test_no_fault_is_of_no_card_and_no_two_are_the_same() -> None:
    assert {each.id for each in FAULTS} <= set(BY_ID)
    assert [name for name, count in Counter(map(str, FAULTS)).items() if count > 1] == []


def test_the_file_of_the_fault_that_a_cause_names_holds_it() -> None:
    root = Path(__file__).parents[2]
    for card in CARDS:
        if card.id in NO_FAULT or card.id == "gwresp.masks-preflight":
            assert card.zoo == ""
        else:
            assert f'"{card.id}"' in (root / card.zoo).read_text()
