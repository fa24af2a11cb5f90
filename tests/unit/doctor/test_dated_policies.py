"""A resource policy that lets callers in for a time only."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from accountsctl.doctor.catalogue.policies import allows

NOW = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp())


def policy(*conditions: dict[str, Any], effect: str = "Allow") -> dict[str, Any]:
    """A policy with a statement about everyone for each condition."""
    everyone = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": "execute-api:/*"}
    return {"Statement": [{"Effect": effect, "Condition": condition, **everyone} for condition in conditions]}


def dated(operator: str, date: str) -> dict[str, Any]:
    """A condition about the time."""
    return {operator: {"aws:CurrentTime": date}}


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        (dated("DateLessThan", "2026-04-30T23:59:59Z"), False),
        (dated("DateLessThan", "2026-06-01T00:00:00Z"), True),
        (dated("DateGreaterThan", "2026-06-01"), False),
        ({**dated("DateGreaterThanEquals", "2026-05-01"), **dated("DateLessThanEquals", "2026-05-01")}, True),
        ({**dated("DateLessThan", "2026-01-01"), "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, False),
        ({**dated("DateLessThan", "2026-06-01"), "IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}, None),
        (dated("DateLessThan", "${LastDay}"), None),
        (dated("DateEquals", "2026-05-01"), None),
        ({"DateLessThan": {"aws:TokenIssueTime": "2026-01-01"}}, None),
        ({"DateLessThan": "2026-01-01"}, None),
    ],
)
def test_a_condition_about_the_time_is_evaluated(condition: dict[str, Any], allowed: bool | None) -> None:
    assert allows(policy(condition), "GET", "/", NOW) is allowed


def test_a_denial_that_is_over_denies_nothing() -> None:
    over = policy(dated("DateLessThan", "2026-01-01"), effect="Deny")["Statement"]
    open_ = policy({})["Statement"]
    assert allows({"Statement": [*over, *open_]}, "GET", "/", NOW) is True


def test_without_the_time_nothing_is_concluded() -> None:
    assert allows(policy(dated("DateLessThan", "2026-01-01")), "GET", "/") is None
