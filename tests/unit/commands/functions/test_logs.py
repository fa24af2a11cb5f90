"""Reading and following the logs of an environment's functions."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from accountsctl.commands.functions.logs import LATE, FunctionLog, chosen, parse_since
from accountsctl.model.errors import UsageError
from accountsctl.ports.logs import LogEvent

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
FUNCTIONS = {"function/pay": "pay-dev", "function/mail": "mail-dev"}


class FakeLogs:
    """`ports.LogReader` in memory, with the times since when it was read."""

    def __init__(self) -> None:
        self.events: dict[str, list[LogEvent]] = {}
        self.since: list[datetime] = []

    def add(self, function: str, seconds: float, message: str, name: str = "") -> None:
        events = self.events.setdefault(function, [])
        events.append(LogEvent(name or f"{message}{len(events)}", NOW + timedelta(seconds=seconds), message))

    def read(self, function: str, since: datetime) -> list[LogEvent]:
        self.since.append(since)
        return [event for event in self.events.get(function, []) if event.at >= since]


def log(logs: FakeLogs, name: str | None = None) -> FunctionLog:
    return FunctionLog(chosen(FUNCTIONS, name), logs)


def test_lines_of_all_functions_stand_in_the_order_of_time() -> None:
    logs = FakeLogs()
    logs.add("pay-dev", 1, "paid")
    logs.add("pay-dev", 3, "paid again")
    logs.add("mail-dev", 2, "sent")
    found = log(logs).lines(NOW)
    assert [(line.function, line.record.text) for line in found] == [
        ("pay", "paid"),
        ("mail", "sent"),
        ("pay", "paid again"),
    ]
    assert [line.record.text for line in log(logs, "mail").lines(NOW)] == ["sent"]


def test_what_only_says_that_an_invocation_began_is_left_out() -> None:
    logs = FakeLogs()
    logs.add("pay-dev", 1, "START RequestId: 1 Version: $LATEST")
    assert log(logs).lines(NOW) == []


def test_a_text_selects_lines() -> None:
    logs = FakeLogs()
    logs.add("pay-dev", 1, "paid")
    logs.add("pay-dev", 1, "refused")
    assert [line.record.text for line in log(logs).lines(NOW, "fuse")] == ["refused"]


@pytest.mark.parametrize("folder", ["/var/task/", "/home/me/shop/amplify/.local/functions/code/0a1b2c/"])
def test_a_trace_names_the_files_of_the_project(folder: str) -> None:
    logs = FakeLogs()
    logs.add("pay-dev", 1, f'[ERROR] KeyError: 1\r  File "{folder}lib/a.py", line 3')
    (line,) = log(logs).lines(NOW)
    assert line.record.text.splitlines()[1] == '  File "amplify/backend/function/pay/src/lib/a.py", line 3'


def test_following_shows_each_event_once_although_it_is_read_again() -> None:
    logs, looks = FakeLogs(), iter(range(1, 100))
    logs.add("pay-dev", -5, "before")

    def wait() -> None:
        number = next(looks)
        logs.add("pay-dev", number, f"event {number}")
        # CloudWatch Logs shows an event some time after the time that it bears.
        logs.add("pay-dev", number - 10, f"late {number}")

    seen = log(logs).follow(NOW - timedelta(minutes=1), "", wait, lambda: NOW)
    assert [line.record.text for line in islice(seen, 5)] == [
        "before",
        "late 1",
        "event 1",
        "late 2",
        "event 2",
    ]


def test_a_function_that_is_added_while_the_log_is_followed_is_followed_too() -> None:
    logs, functions = FakeLogs(), {"pay": "pay-dev"}
    logs.add("pay-dev", 1, "paid")

    def wait() -> None:
        functions["mail"] = "mail-dev"
        logs.add("mail-dev", 2, "sent")

    seen = FunctionLog(functions, logs).follow(NOW, "", wait, lambda: NOW)
    assert [line.function for line in islice(seen, 2)] == ["pay", "mail"]


def test_following_does_not_read_all_from_the_beginning_again() -> None:
    logs, times = FakeLogs(), iter(NOW + timedelta(hours=hour) for hour in range(9))
    logs.add("pay-dev", 0, "first")

    def wait() -> None:
        logs.add("pay-dev", 4 * 3600, "much later")

    list(islice(log(logs, "pay").follow(NOW - timedelta(days=1), "", wait, lambda: next(times)), 2))
    assert logs.since[:2] == [NOW - timedelta(days=1), NOW - LATE]


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("30s", timedelta(seconds=30)),
        ("10m", timedelta(minutes=10)),
        ("2h", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("2026-11-28T11:00", timedelta(hours=1)),
        ("2026-11-28T11:00:00+02:00", timedelta(hours=3)),
    ],
)
def test_a_time_can_be_a_span_or_a_date(text: str, since: timedelta) -> None:
    assert parse_since(text, NOW) == NOW - since


@pytest.mark.parametrize("text", ["", "10", "10x", "m", "yesterday", "-5m"])
def test_another_time_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is not a time"):
        parse_since(text, NOW)


@pytest.mark.parametrize("name", ["pay", "function/pay"])
def test_a_function_has_its_name_with_and_without_its_category(name: str) -> None:
    assert chosen(FUNCTIONS, name) == {"pay": "pay-dev"}


def test_an_unknown_function_is_refused_with_what_may_be_meant() -> None:
    with pytest.raises(UsageError) as refused:
        chosen(FUNCTIONS, "mial")
    assert refused.value.why == "There is mail, pay."
    assert refused.value.hint == 'Did you mean "mail"?'
