"""How fast the embedded cloud is, beside other clouds for one machine, with the same handler in the same run.

    python bench/local.py [--rounds 3] [--seconds 4] [--against REVISION] [--without-rivals]
        [--only PART] [--requests 0] [--save]

* end to end: GET /accounts of the sample, by Cognito authorizer, gateway, function, Data API and PostgreSQL, with 1, 8
  and 16 connections
* a function without a database, beside serverless-offline (npm) and MiniStack (PyPI), which are installed on first use
* the Data API by plain HTTP, beside psycopg on the same server
* start-up with and without state, memory at rest and after the requests, and threads

With `--against`, the same figures of an earlier commit, in turns, and the ratio of the rates. `CPU` is the processor
time of a request in the server and all its children: unlike the rates it hardly depends on what else the machine does.
`--requests N` sends N more requests end to end and prints memory and threads after each tenth of them.
`--save` keeps the figures in bench/local.json: `tools/make_figures.py` makes tables of them.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.clouds import Accountsctl, Cloud, accountsctl, checkout, ministack, serverless_offline, wait
from bench.database import by_http, by_psycopg
from bench.figures import Figures, Rate, Single
from bench.load import Load, load, median, request, status

CONNECTIONS = (1, 8, 16)
Measure = Callable[[Cloud, int], Load]


def end_to_end(seconds: float) -> Measure:
    """GET /accounts as a signed-in user."""

    def measure(cloud: Cloud, connections: int) -> Load:
        message = request(cloud.accounts, [("Authorization", cloud.token)])
        return load(cloud.accounts, message, connections, seconds, cloud.process)

    return measure


def without_database(seconds: float) -> Measure:
    """GET of the function that only responds."""
    return lambda cloud, connections: load(
        cloud.echo, request(cloud.echo), connections, seconds, cloud.process
    )


def compare(what: str, measure: Measure, clouds: Sequence[Cloud], rounds: int, figures: Figures) -> None:
    """Measure the clouds in turns after one round that does not count; print medians and the first one's ratios."""
    for connections in CONNECTIONS:
        loads: dict[str, list[Load]] = defaultdict(list)
        for number in range(rounds + 1):
            for cloud in clouds:
                result = measure(cloud, connections)
                if number:
                    loads[cloud.name].append(result)
        medians = {name: median(taken) for name, taken in loads.items()}
        first = next(iter(medians.values()))
        for name, result in medians.items():
            ratio = "" if result is first else f"  {first.rate / result.rate:5.2f} x"
            print(f"{what:<20} {connections:2} {name:<20} {result}{ratio}", flush=True)
            figures.rates.append(Rate.of(what, name, connections, result))


def started(subject: Accountsctl, what: str, figures: Figures) -> None:
    """Print how long a start takes, until the cloud has answered a call that needs its state."""
    begun = time.perf_counter()
    subject.run("local", "start")
    subject.run("outputs" if what == "warm" else "status")
    taken = time.perf_counter() - begun
    print(f"{'start-up, ' + what:<20}    {subject.name:<20} {taken:6.2f} s", flush=True)
    figures.singles.append(Single(f"start-up, {what}", subject.name, round(taken, 1)))


def rest(cloud: Cloud, what: str, figures: Figures) -> None:
    """Print memory and threads of the cloud's own process."""
    memory, threads = status(cloud.process, "VmRSS") / 1024, status(cloud.process, "Threads")
    print(f"{what:<20}    {cloud.name:<20} {memory:6.0f} MB  {threads} threads", flush=True)
    figures.singles.append(Single(what, cloud.name, round(memory)))


def endure(cloud: Cloud, requests: int, figures: Figures) -> None:
    """Send so many requests over eight connections, and print memory and threads after each tenth."""
    message = request(cloud.accounts, [("Authorization", cloud.token)])
    done = 0
    for tenth in range(1, 11):
        while done < requests * tenth / 10:
            seconds = 5.0
            done += int(load(cloud.accounts, message, 8, seconds, cloud.process).rate * seconds)
        rest(cloud, f"after {done} requests", figures)


def arguments(words: Sequence[str] | None) -> argparse.Namespace:
    """What is typed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each measurement")
    parser.add_argument("--against", metavar="REVISION", help="a commit to compare with")
    parser.add_argument("--without-rivals", action="store_true")
    parser.add_argument("--only", choices=("end-to-end", "data-api", "function"))
    parser.add_argument("--requests", type=int, default=0, help="for memory and threads")
    parser.add_argument("--save", action="store_true", help="keep the figures for the documentation")
    return parser.parse_args(words)


def running(subjects: Sequence[Accountsctl], figures: Figures) -> list[Cloud]:
    """Start and push each subject, and start it again; print how long a start takes, and what it holds."""
    for subject in subjects:
        started(subject, "cold", figures)
        subject.pushed()
        subject.run("local", "stop")
    for subject in subjects:
        started(subject, "warm", figures)
    clouds = [subject.cloud() for subject in subjects]
    for cloud in clouds:
        rest(cloud, "at rest", figures)
    return clouds


def measured(clouds: Sequence[Cloud], given: argparse.Namespace, figures: Figures) -> None:
    """Measure each part that was asked for."""
    if given.only in (None, "end-to-end"):
        compare("end to end", end_to_end(given.seconds), clouds, given.rounds, figures)
    if given.only in (None, "data-api"):
        compare("Data API", by_http(given.seconds), clouds, given.rounds, figures)
        by_psycopg(clouds[0], given.seconds, figures)
    if given.only in (None, "function"):
        rivals = [] if given.without_rivals else [serverless_offline(), ministack()]
        with contextlib.ExitStack() as stack:
            others = [stack.enter_context(rival) for rival in rivals]
            for cloud in others:
                wait(cloud.echo)
            every = [*clouds, *others]
            compare("without database", without_database(given.seconds), every, given.rounds, figures)


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    given, figures = arguments(words), Figures()
    with contextlib.ExitStack() as stack:
        subjects = [stack.enter_context(accountsctl("accountsctl"))]
        if given.against:
            files = stack.enter_context(checkout(given.against))
            subjects.append(stack.enter_context(accountsctl(given.against, files)))
        clouds = running(subjects, figures)
        measured(clouds, given, figures)
        for cloud in clouds:
            rest(cloud, "after the requests", figures)
        if given.requests:
            endure(clouds[0], given.requests, figures)
    if given.save:
        figures.save(given.rounds)


if __name__ == "__main__":
    main()
