"""The one question that splits the suspects of an answer: it loses none, and leaves fewer whatever the answer is."""

from __future__ import annotations

from collections import defaultdict

import pytest

from accountsctl.doctor.catalogue.cards import BY_ID, CARDS
from accountsctl.doctor.catalogue.questions import QUESTIONS, best_question


def suspects_by_answer() -> dict[str, tuple[str, ...]]:
    """Causes that give the same answer, by that answer."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for card in CARDS:
        for refusal in card.refusals:
            found[f"{refusal.status} {refusal.error_type} {refusal.message}".strip()][card.id] = None
    return {answer: tuple(ids) for answer, ids in found.items() if len(ids) > 1}


GROUPS = suspects_by_answer()


@pytest.mark.parametrize("answer", GROUPS)
def test_every_answer_with_several_causes_has_a_question_that_splits_them(answer: str) -> None:
    suspects = GROUPS[answer]
    question = best_question(suspects)
    assert question is not None
    split = question.split(suspects)
    assert sorted(cause for left in split.values() for cause in left) == sorted(suspects)
    assert max(map(len, split.values())) < len(suspects)


def test_no_other_question_leaves_fewer() -> None:
    for suspects in GROUPS.values():
        best = best_question(suspects)
        assert best is not None
        worst = max(len(left) for left in best.split(suspects).values())
        assert worst == min(max(len(left) for left in each.split(suspects).values()) for each in QUESTIONS)


def test_one_cause_needs_no_question() -> None:
    assert best_question(["auth.no-token"]) is None
    assert best_question([]) is None


def test_every_question_names_causes_that_exist_once() -> None:
    for question in QUESTIONS:
        named = [cause for _, causes in question.answers for cause in causes]
        assert set(named) <= set(BY_ID)
        assert len(named) == len(set(named))
        assert question.text.endswith("?")
        assert question.otherwise not in [answer for answer, _ in question.answers]


def test_the_answers_are_in_the_order_of_the_suspects() -> None:
    question = best_question(["auth.cognito-wrong-pool", "auth.cognito-expired"])
    assert question is not None
    assert question.split(["auth.cognito-wrong-pool", "auth.cognito-expired"]) == {
        "it is expired": ("auth.cognito-expired",),
        "it is of another pool or client": ("auth.cognito-wrong-pool",),
    }
