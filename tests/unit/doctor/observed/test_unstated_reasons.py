"""Chromium's sentence that was pasted without its end, as articles and questions have it."""

from __future__ import annotations

import pytest

from tests.faults.reported.pasted import Pasted, diagnosis_of_text
from tests.faults.test_reported import causes

AT = "Access to fetch at 'https://api.example.com/items'"
FROM = "from origin 'https://app.example.com'"
HEADER = "No 'Access-Control-Allow-Origin' header is present on the requested resource."


@pytest.mark.parametrize(
    "text",
    [f"{AT} {FROM} has been blocked by CORS policy", f"{AT}\n{FROM}\nhas been blocked by CORS policy."],
)
def test_a_sentence_without_its_reason_has_the_request_and_says_what_is_assumed(text: str) -> None:
    found = diagnosis_of_text(Pasted("", (), text))
    assert found.ask.url == "https://api.example.com/items"
    assert found.ask.origin == "https://app.example.com"
    assert causes(found)[0] == "acao.missing-actual"
    assert "assumed" in dict(found.not_checked)["the reason"]
    assert "which of the two requests failed" in dict(found.not_checked)


def test_a_sentence_with_its_reason_assumes_none() -> None:
    found = diagnosis_of_text(Pasted("", (), f"{AT} {FROM} has been blocked by CORS policy: {HEADER}"))
    assert "the reason" not in dict(found.not_checked)
