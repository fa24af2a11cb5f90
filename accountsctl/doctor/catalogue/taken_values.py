"""What is taken for a header's value of which the deployment alone knows all: the right one, if it may be that."""

from __future__ import annotations

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.browser.page_verdict import browser_verdict
from accountsctl.doctor.browser.verdict import FetchResponse, Phase
from accountsctl.doctor.catalogue.simulate import ideal, with_header
from accountsctl.doctor.facts.unknown import example_of, is_unknown, may_be, possible_texts
from accountsctl.model.cors_headers import ALLOW_ORIGIN


def settled(
    answer: FetchResponse, ask: PageRequest, *, preflight: bool
) -> tuple[FetchResponse, tuple[str, ...]]:
    """An answer whose unknown values are taken to be right if they may be, and the headers that have one."""
    right = dict(ideal(ask, preflight).headers)
    taken = []
    for name, value in answer.headers:
        if not is_unknown(value):
            continue
        wrong = _wrong_value(name, value, ask, preflight=preflight)
        if wrong is None:
            taken.append(name)
        settled_value = right.get(name) if wrong is None else wrong
        answer = answer if settled_value is None else with_header(answer, name, settled_value)
    return answer, tuple(taken)


def _wrong_value(name: str, value: str, ask: PageRequest, *, preflight: bool) -> str | None:
    """A value that a header may have, if the browser takes none of those; None if it may take one."""
    texts = possible_texts(value)
    if name == ALLOW_ORIGIN:
        allowed = any(may_be(value, text) for text in (ask.origin, "*"))
        return None if allowed else example_of(value)
    if not texts or any(_takes(name, text, ask, preflight=preflight) for text in texts):
        return None
    return texts[0]


def _takes(name: str, text: str, ask: PageRequest, *, preflight: bool) -> bool:
    """Whether the browser takes a value of a header in an answer that is right otherwise."""
    answer = with_header(ideal(ask, preflight), name, text)
    verdict = browser_verdict(ask, answer if preflight else ideal(ask, preflight=True), answer)
    return verdict is None or verdict.ok or (preflight and verdict.phase is not Phase.PREFLIGHT)
