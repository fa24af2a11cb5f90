"""From a saved file to the new answer: `push --watch`, beside a push by hand after each save.

    python bench/watch.py [--rounds 10]

Both run on the sample in an embedded cloud of its own, in turns. Each round saves the handler with another answer and
asks the API until it gives that answer. Printed: the median and the slowest of each in seconds, and their ratio.
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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.sample import OURS, SAMPLE

HANDLER = Path("amplify/backend/function/accountsAPI/src/index.py")
CODE = 'def handler(event, context):\n    return {{"statusCode": 200, "body": "{}"}}\n'
ANSWER_SECONDS = 30.0


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

    def wait_for(self, answer: str) -> None:
        """Ask until the API gives an answer; TimeoutError if it does not come."""
        request = urllib.request.Request(self.url, headers={"Authorization": self.token})
        limit = time.perf_counter() + ANSWER_SECONDS
        while time.perf_counter() < limit:
            # Throttled, or answered by code that is just replaced: both pass.
            with suppress(urllib.error.HTTPError), urllib.request.urlopen(request, timeout=10) as response:
                if response.read().decode() == answer:
                    return
            time.sleep(0.02)  # the sample's API allows 50 requests a second
        raise TimeoutError(f"{self.url} did not answer {answer!r}")


def seconds(project: Project, answer: str, after_save: Callable[[], object]) -> float:
    """From the save to the answer."""
    started = time.perf_counter()
    project.save(answer)
    after_save()
    project.wait_for(answer)
    return time.perf_counter() - started


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


def measure(project: Project, rounds: int) -> dict[str, list[float]]:
    """Seconds of each way. The watch is stopped while a push by hand is timed, for it would push as well."""
    found: dict[str, list[float]] = {"push --watch": [], "push by hand": []}
    for number in range(rounds):
        with watching(project.folder):
            # The first push of a process makes its clients, and is timed by the other way.
            seconds(project, f"first {number}", lambda: None)
            found["push --watch"].append(seconds(project, f"watched {number}", lambda: None))
        found["push by hand"].append(
            seconds(project, f"by hand {number}", lambda: project.run("push", "--yes"))
        )
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        project = Project(Path(folder) / "accounts")
        try:
            found = measure(project, rounds)
        finally:
            project.run("local", "stop")
    for way, times in found.items():
        print(f"{way:<14} {statistics.median(times):6.2f} s  slowest {max(times):6.2f} s")
    watched, by_hand = (statistics.median(times) for times in found.values())
    print(f"ratio          {watched / by_hand:6.2f}")


if __name__ == "__main__":
    main()
