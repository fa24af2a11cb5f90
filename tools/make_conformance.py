"""Write docs/conformance.md: what AWS documents, and the tests that hold the embedded cloud to it.

python tools/make_conformance.py            write it
python tools/make_conformance.py --check    exit 1 if it is out of date
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "tests/data/documented.json"
TARGET = ROOT / "docs/conformance.md"


class Documented(TypedDict):
    """A feature that AWS documents on the page `source`, and tests of it: names without ``test_``, in a `file` below
    tests/local."""

    service: str
    feature: str
    source: str
    file: str
    tests: list[str]


def lines() -> Iterator[str]:
    """The page's lines."""
    rows: list[Documented] = json.loads(SOURCE.read_text("utf-8"))
    count = sum(len(row["tests"]) for row in rows)
    yield "# Conformance of the embedded cloud"
    yield ""
    yield f"{count} tests, each of a behavior that AWS documents on the page that is linked. `pytest tests/local`"
    yield "runs them, and all have to pass before a change is accepted. The table names a part of what is"
    yield "tested; what is refused is listed in [embedded-cloud.md](embedded-cloud.md). Written by"
    yield "`python tools/make_conformance.py` from `tests/data/documented.json`."
    service = ""
    for row in rows:
        if row["service"] != service:
            service = row["service"]
            yield from ("", f"## {service}", "", "| feature | behavior | tests in |", "|---|---|---|")
        feature = f"[{row['feature']}]({row['source']})"
        for test in row["tests"]:
            yield f"| {feature} | {test.replace('_', ' ')} | tests/local/{row['file']} |"


def page() -> str:
    """The whole page."""
    return "\n".join(lines()) + "\n"


def main() -> int:
    """Write or check."""
    if "--check" in sys.argv[1:]:
        return int(not TARGET.exists() or TARGET.read_text("utf-8") != page())
    TARGET.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
