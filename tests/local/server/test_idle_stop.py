"""A cloud that nothing calls for a while stops by itself; what counts as use, and the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.localcloud import idle_stop
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.idle_stop import IdleTime
from accountsctl.localcloud.server.router import Router


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += minutes * 60


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def idle(clock: Clock) -> IdleTime:
    return IdleTime(clock)


def ask(idle: IdleTime, path: str) -> Response:
    router = Router(lambda _: Response(200, (), b"{}"), idle)
    return router.handle(Request("GET", path, "", (("Host", "127.0.0.1"),), b"", "127.0.0.1"))


def test_its_time_is_over_when_nothing_used_it_for_as_long_as_its_limit(idle: IdleTime, clock: Clock) -> None:
    clock.pass_minutes(59)
    assert not idle.is_over(60)
    clock.pass_minutes(1)
    assert idle.is_over(60)
    assert not idle.is_over(None)


def test_what_runs_on_is_use_until_it_ends_and_the_time_begins_again(idle: IdleTime, clock: Clock) -> None:
    with idle.use(), idle.use():
        clock.pass_minutes(600)
        assert not idle.is_over(60)
    clock.pass_minutes(59)
    assert not idle.is_over(60)
    clock.pass_minutes(1)
    assert idle.is_over(60)


def test_use_that_fails_has_ended_too(idle: IdleTime, clock: Clock) -> None:
    with pytest.raises(ZeroDivisionError), idle.use():
        raise ZeroDivisionError
    clock.pass_minutes(60)
    assert idle.is_over(60)


def test_a_request_is_use(idle: IdleTime, clock: Clock) -> None:
    clock.pass_minutes(60)
    assert ask(idle, "/_accountsctl/pools").status == 200
    assert not idle.is_over(60)


@pytest.mark.parametrize("question", ["health", "status"])
def test_a_question_whether_it_runs_is_no_use(idle: IdleTime, clock: Clock, question: str) -> None:
    clock.pass_minutes(60)
    assert ask(idle, f"/_accountsctl/{question}").status == 200
    assert idle.is_over(60)


def test_the_setting_is_eight_hours_until_another_is_chosen(tmp_path: Path) -> None:
    assert idle_stop.minutes(tmp_path) == 480
    idle_stop.choose(tmp_path, 1.5)
    assert idle_stop.minutes(tmp_path) == 1.5
    idle_stop.choose(tmp_path, None)
    assert idle_stop.minutes(tmp_path) is None


def test_a_setting_that_cannot_be_read_is_the_usual_one(tmp_path: Path) -> None:
    (tmp_path / "idle-stop").write_text("soon")
    assert idle_stop.minutes(tmp_path) == 480
