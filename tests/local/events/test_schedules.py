"""Schedules fire at the times that EventBridge documents, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from accountsctl.localcloud.contracts.event_sources import QueuedInvocation, ScheduledRule
from accountsctl.localcloud.contracts.schedules import ScheduleError, parse
from accountsctl.localcloud.events.schedules import ScheduledRules
from tests.local.events.fake_sources import FakeSources


def _at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("cron(0 10 * * ? *)", "2026-11-29T10:00"),
        ("cron(15 12 * * ? *)", "2026-11-28T12:15"),
        ("cron(0 18 ? * MON-FRI *)", "2026-11-30T18:00"),
        ("cron(0/15 * * * ? *)", "2026-11-28T12:15"),
        ("cron(0 8 1 * ? *)", "2026-12-01T08:00"),
        ("cron(0 8 L * ? *)", "2026-11-30T08:00"),
        ("cron(0 8 ? * 6L *)", "2027-01-29T08:00"),
        ("cron(0 8 ? * 3#2 *)", "2026-12-08T08:00"),
        ("cron(0 8 29W * ? *)", "2026-11-30T08:00"),
        ("cron(0 0 1 1 ? 2027-2028)", "2027-01-01T00:00"),
        ("cron(0 0 29 2 ? *)", "2028-02-29T00:00"),
        ("cron(30 7,19 ? 12 SUN *)", "2026-12-06T07:30"),
        ("rate(5 minutes)", "2026-11-28T12:10"),
        ("rate(1 day)", "2026-11-29T12:05"),
    ],
)
def test_the_next_time_of_an_expression(expression: str, expected: str) -> None:
    anchor = _at("2026-11-28T12:05")
    now = anchor + 10 if expression != "cron(0 8 ? * 6L *)" else _at("2026-12-26T00:00")
    assert parse(expression).after(now, anchor) == _at(expected)


def test_a_year_that_is_over_never_comes() -> None:
    assert parse("cron(0 0 1 1 ? 2020)").after(_at("2026-11-28T12:05"), 0) is None


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minutes)",
        "rate(5 minute)",
        "rate(0 minutes)",
        "rate(5 seconds)",
        "cron(0 10 * * * *)",
        "cron(0 10 ? * ? *)",
        "cron(60 10 * * ? *)",
        "cron(0 10 * FOO ? *)",
        "cron(0 10 * * ?)",
        "every day",
    ],
)
def test_what_is_not_a_schedule_is_refused(expression: str) -> None:
    with pytest.raises(ScheduleError):
        parse(expression)


def test_a_rule_fires_once_at_its_time_and_goes_on_after_a_restart() -> None:
    rule = ScheduledRule("arn:aws:events:eu-west-1:123456789012:rule/r", "eu-west-1", "rate(5 minutes)")
    sources, invoked = FakeSources(scheduled_rules=[rule]), list[QueuedInvocation]()

    def invoke(invocations: Sequence[QueuedInvocation]) -> None:
        invoked.extend(invocations)

    rules = ScheduledRules(sources, invoke)
    assert rules.due(1000.0) == ([], 1300.0)
    jobs, next_at = rules.due(1300.0)
    assert (len(jobs), next_at) == (1, 1600.0)
    jobs[0]()
    assert sources.fired == [(rule.arn, 1300.0)]
    assert [invocation.function_arn for invocation in invoked] == [rule.arn]
    assert rules.due(1301.0) == ([], 1600.0)

    restarted = ScheduledRules(sources, invoke)
    restarted.load(rules.dump())
    assert restarted.due(5000.0) == ([], 5200.0)  # what was missed is not made up for, the rhythm stays
