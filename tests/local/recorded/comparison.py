"""One recorded sequence, as its steps are compared, and the table of many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.local.recorded.matching import Matcher, plain


class Comparison:
    """Compares the steps of one sequence; `differences` and `refusals` grow."""

    def __init__(self, steps: Mapping[str, Any]) -> None:
        self.differences: list[str] = []
        self.refusals: list[str] = []
        self._matcher = Matcher()
        self._steps = dict(steps)

    def match(self, step: str, answer: Any, place: str = "") -> Any:
        """Compare one answer; gives it back. `place` says what it is: headers of the connection are not compared."""
        recorded = self._steps.pop(step)
        self.differences += [
            f"{step}{text}" for text in self._matcher.differences(recorded, plain(answer), place)
        ]
        return answer

    def missing(self) -> list[str]:
        """The steps that were recorded and never compared."""
        return list(self._steps)

    def verdict(self) -> list[str]:
        """All that differs; a step that was never compared too."""
        return self.differences + [f"{step}: never compared" for step in self.missing()]


def print_table(results: Iterable[tuple[str, str, Comparison]]) -> None:
    """Print a line for each sequence, given as its group, its name and its comparison, and the sums."""
    equal = refused = count = 0
    for group, name, comparison in results:
        differences = comparison.verdict()
        word = "refused" if comparison.refusals else "differs" if differences else "equal"
        equal, refused, count = equal + (word == "equal"), refused + (word == "refused"), count + 1
        print(f"{word:8} {group:14} {name}")
        for line in (comparison.refusals or differences)[:8]:
            print(f"           {line[:300]}")
    print(f"{equal} equal, {refused} refused, of {count}")
