"""A signal to a wait condition handle is on disk before its sender learns that it came."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accountsctl.localcloud.contracts.dispatch import WAIT_SIGNALS
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.idle_stop import IdleTime
from accountsctl.localcloud.server.router import Router


def test_a_signal_is_saved_before_it_is_answered() -> None:
    story: list[str] = []

    def take_signal(_: Request) -> Response:
        story.append("taken")
        return Response(200)

    services: Any = SimpleNamespace(cloudformation=SimpleNamespace(take_signal=take_signal))
    saver: Any = SimpleNamespace(
        save=lambda: story.append("saved"), flush=lambda: story.append("flushed only")
    )
    router = Router(lambda _: Response(404), IdleTime())
    router.prepare(services)
    router.open(saver)
    assert router.handle_own(Request("PUT", f"{WAIT_SIGNALS}h", body=b"{}")).status == 200
    assert story == ["taken", "saved"]
