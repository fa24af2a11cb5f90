"""A client is installed once, by whichever worker needs it first."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.clients import tools
from tests.clients.tools import Client


@dataclass(frozen=True)
class RecordedClient(Client):
    """A client that another worker needs while it is being installed."""

    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    others: list[Future[Path]] = field(default_factory=list)

    def _pip(self) -> None:
        self.others.append(self.workers.submit(self.installed))
        if len(self.others) == 1:
            wait(self.others, timeout=0.2)  # it would be done by now, if nothing held it up


def test_a_client_that_two_workers_need_at_once_is_installed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "INSTALLED", tmp_path)
    client = RecordedClient("Some CLI", ("some-cli==1.0",))
    folder = client.installed()
    assert [other.result() for other in client.others] == [folder]
    client.workers.shutdown()
