"""From a saved file to the new answer: `push --watch`, beside a push by hand and serverless-offline's reload.

    python bench/watch.py [--rounds 10] [--without-rival]

All run in turns. Each round saves the handler with another answer and asks the API until it gives that answer; the
sample's API in an embedded cloud, and one without an authorizer in serverless-offline. Printed: the median and the
slowest of each in seconds, and what one more request takes then, which shows a reload that is paid for by each request.

* serverless-offline (npm) reads a changed handler only with ``--reloadHandler``: it starts a process for each request.
  Without this flag, a function in Python answers with the code that it was started with.
* ``sam local start-api`` runs functions in Docker only, so it cannot run here.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.clouds import serverless_offline, wait
from bench.sample import OURS, SAMPLE

HANDLER = Path("amplify/backend/function/accountsAPI/src/index.py")
CODE = 'def handler(event, context):\n    return {{"statusCode": 200, "body": "{}"}}\n'
ANSWER_SECONDS = 30.0


class Subject(Protocol):
    """An API whose handler can be saved."""

    def save(self, answer: str) -> None:
        """Save the handler, so that it gives an answer."""

    def request(self) -> str:
        """What the API answers; empty if that is no success."""


class Project:
    """A copy of the sample, pushed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns(".local", "build", "local-*")
        shutil.copytree(SAMPLE / "amplify", folder / "amplify", ignore=ignored)
        shutil.copy(SAMPLE / "backend-config.json", folder)
        self.run("env", "checkout", "dev")
        self.run("push", "--yes")
        self.url = self.run("outputs", "api/accountsAPI", "RootUrl").strip() + "/accounts"
        self.token = self.run("auth", "token").strip()

    def run(self, *words: str) -> str:
        """Standard output of one command, which has to succeed."""
        done = subprocess.run([OURS, *words], cwd=self.folder, check=True, text=True, capture_output=True)
        return done.stdout

    def save(self, answer: str) -> None:
        """Save the handler, so that it gives an answer."""
        (self.folder / HANDLER).write_text(CODE.format(answer))

    def request(self) -> str:
        """What the API answers to a signed-in user."""
        return body_of(urllib.request.Request(self.url, headers={"Authorization": self.token}))


@dataclass(frozen=True)
class Rival:
    """serverless-offline, started in a folder of its own."""

    folder: Path
    url: str

    def save(self, answer: str) -> None:
        """Save the handler, so that it gives an answer."""
        (self.folder / "index.py").write_text(CODE.format(answer))

    def request(self) -> str:
        """What the API answers."""
        return body_of(urllib.request.Request(self.url))


def body_of(request: urllib.request.Request) -> str:
    """The body of a success; empty for what passes: throttled, or answered by code that is just replaced."""
    with suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=10) as response:
        body: str = response.read().decode()
        return body
    return ""


def wait_for(subject: Subject, answer: str) -> None:
    """Ask until the API gives an answer; TimeoutError if it does not come."""
    limit = time.perf_counter() + ANSWER_SECONDS
    while time.perf_counter() < limit:
        if subject.request() == answer:
            return
        time.sleep(0.02)  # the sample's API allows 50 requests a second
    raise TimeoutError(f"{subject} did not answer {answer!r}")


@dataclass
class Times:
    """Seconds from a save to the answer, and of the request after that."""

    reload: list[float] = field(default_factory=list)
    request: list[float] = field(default_factory=list)

    def take(self, subject: Subject, answer: str, after_save: Callable[[], object] = lambda: None) -> None:
        """Save, wait for the answer, and request once more."""
        started = time.perf_counter()
        subject.save(answer)
        after_save()
        wait_for(subject, answer)
        answered = time.perf_counter()
        subject.request()
        self.reload.append(answered - started)
        self.request.append(time.perf_counter() - answered)


@contextmanager
def watching(folder: Path) -> Iterator[None]:
    """`push --watch` in a folder."""
    words = [OURS, "push", "--watch", "--yes"]
    with subprocess.Popen(
        words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as watch:
        assert watch.stderr is not None
        try:
            next(line for line in watch.stderr if "Watching" in line)
            yield
        finally:
            watch.terminate()


def measure(project: Project, rival: Rival | None, rounds: int) -> dict[str, Times]:
    """The times of each way. The watch is stopped while a push by hand is timed, for it would push as well."""
    found: dict[str, Times] = defaultdict(Times)
    for number in range(rounds):
        with watching(project.folder):
            # The first push of a process makes its clients, and is timed by the other way.
            Times().take(project, f"first {number}")
            found["push --watch"].take(project, f"watched {number}")
        found["push by hand"].take(project, f"by hand {number}", lambda: project.run("push", "--yes"))
        if rival is not None:
            found["serverless-offline --reloadHandler"].take(rival, f"rival {number}")
    return found


@contextmanager
def started_rival() -> Iterator[Rival]:
    """serverless-offline, which answers."""
    with serverless_offline("--reloadHandler") as cloud:
        assert cloud.folder is not None
        wait(cloud.echo)
        yield Rival(cloud.folder, cloud.echo)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--without-rival", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        project = Project(Path(folder) / "accounts")
        stack.callback(project.run, "local", "stop")
        rival = None if given.without_rival else stack.enter_context(started_rival())
        found = measure(project, rival, given.rounds)
    print(f"{'':<34} {'reload':>8} {'slowest':>9} {'request':>10}")
    for way, times in found.items():
        reload, request = statistics.median(times.reload), statistics.median(times.request)
        print(f"{way:<34} {reload:6.2f} s {max(times.reload):7.2f} s {request * 1000:7.1f} ms")


if __name__ == "__main__":
    main()
