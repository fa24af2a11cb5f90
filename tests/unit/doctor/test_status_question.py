"""The question about the status: each of its answers, given to the doctor as the console's second line, is right."""

from __future__ import annotations

import pytest

from accountsctl.doctor.reports.json_report import report_json
from tests.faults.test_reported import causes
from tests.unit.doctor.test_unknown_status import HOSTS, MISSING, OF_PREFLIGHT, of_sentence, of_text

STATUSES = {
    "200 to 299": 200,
    "300 to 399": 302,
    "400 to 412, or 500": 404,
    "404 or 405": 405,
    "413, or 502 to 504": 413,
    "500 or 502": 502,
    "500 or more": 500,
    "502 to 504": 502,
    "503 or 504": 504,
}
"""One of each answer's; of others it is the status itself."""


@pytest.mark.parametrize("url", HOSTS[:5])
@pytest.mark.parametrize("words", [MISSING, OF_PREFLIGHT + MISSING], ids=["request", "preflight"])
def test_the_answer_leads_to_one_of_its_causes(url: str, words: str) -> None:
    reported = report_json(of_sentence(url, words, "GET"), {}).get("question")
    assert reported is not None
    if "status" not in reported["ask"]:
        return
    for answer in reported["answers"]:
        status = STATUSES.get(answer["answer"]) or int(answer["answer"][:3])
        method = "OPTIONS" if words.startswith(OF_PREFLIGHT) else "GET"
        found = of_text(
            f"Access to fetch at '{url}' from origin 'https://a.example.com' has been blocked by CORS policy: {words}\n"
            f"{method} {url} net::ERR_FAILED {status}"
        )
        assert set(answer["causes"]) & set(causes(found)), answer
