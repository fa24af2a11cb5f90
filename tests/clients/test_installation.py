"""A client is installed once, by whichever worker needs it first."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from tests.clients.tools import Client


@dataclass(frozen=True)
class RecordedClient(Client):
    """A client below `root` that another worker needs while it is being installed."""

    root: Path = Path()
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))
    others: list[Future[Path]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "some-cli"

    def _pip(self) -> None:
        self.others.append(self.workers.submit(self.installed))
        if len(self.others) == 1:
            wait(self.others, timeout=0.2)  # it would be done by now, if nothing held it up


def test_a_client_that_two_workers_need_at_once_is_installed_once(tmp_path: Path) -> None:
    client = RecordedClient("Some CLI", ("some-cli==1.0",), root=tmp_path)
    folder = client.installed()
    assert [other.result() for other in client.others] == [folder]
    client.workers.shutdown()
