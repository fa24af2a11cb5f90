"""The time that a push reports is all that passed, but for its questions."""

from __future__ import annotations

from accountsctl.ui.stopwatch import Stopwatch


def test_only_waiting_for_an_answer_is_not_counted() -> None:
    now = [100.0]
    watch = Stopwatch(lambda: now[0])
    now[0] += 10
    with watch:
        now[0] += 60
    now[0] += 5
    assert watch.passed == 15
