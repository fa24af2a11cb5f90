"""The messages of docs/troubleshooting.md are ours: one that was reworded is found by no reader."""

from __future__ import annotations

import re

from tests.unit.source_trees import constants_of
from tests.unit.test_words import ROOT, modules

FOREIGN = re.compile(r'^(CORS error|\{"message".*)$')
"""What a browser and API Gateway say."""


def headings() -> list[str]:
    page = (ROOT / "docs/troubleshooting.md").read_text("utf-8")
    return [
        heading for heading in re.findall(r"^### `([^`]+)`", page, re.MULTILINE) if not FOREIGN.match(heading)
    ]


def test_every_message_of_the_page_is_one_of_the_code() -> None:
    texts = [text for path in modules() for _, text in constants_of(path)]
    missing = [
        heading
        for heading in headings()
        if not all(
            any(part.strip() in text for text in texts) for part in heading.split("…") if part.strip(' ".')
        )
    ]
    assert headings()
    assert missing == []
