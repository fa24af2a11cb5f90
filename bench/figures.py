"""What a run of `bench/local.py` measured, as the file that `--save` writes and `tools/make_figures.py` reads."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.load import Load

SAVED = Path(__file__).parent / "local.json"


@dataclass(frozen=True)
class Rate:
    """The median of a cloud's rounds. `p50`, `p99` and `cpu` are milliseconds, 0 where they were not measured."""

    what: str
    cloud: str
    connections: int
    p50: float
    p99: float
    rate: float
    cpu: float

    @classmethod
    def of(cls, what: str, cloud: str, connections: int, load: Load) -> Rate:
        """Round what was measured to what it is good for."""
        p50, p99, cpu = (round(seconds * 1e3, 2) for seconds in (load.p50, load.p99, load.cpu))
        return cls(what, cloud, connections, p50, p99, round(load.rate), cpu)


@dataclass(frozen=True)
class Single:
    """One figure of a cloud: seconds of a start, MB of its own process."""

    what: str
    cloud: str
    value: float


@dataclass
class Figures:
    """Everything that one run measured, in its order."""

    rates: list[Rate] = field(default_factory=list)
    singles: list[Single] = field(default_factory=list)

    def save(self, rounds: int, target: Path = SAVED) -> None:
        """Write the figures with the day, the commit and the number of processors."""
        measured = {
            "day": datetime.datetime.now(datetime.UTC).date().isoformat(),
            "commit": _commit(),
            "processors": os.cpu_count(),
            "rounds": rounds,
            "rates": [asdict(rate) for rate in self.rates],
            "singles": [asdict(single) for single in self.singles],
        }
        target.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")


@dataclass(frozen=True)
class Saved:
    """A saved run."""

    day: datetime.date
    commit: str
    processors: int
    rounds: int
    rates: Sequence[Rate]
    singles: Sequence[Single]

    def rate(self, what: str, cloud: str, connections: int) -> Rate:
        """The row of a cloud. Raises LookupError if the run has none."""
        key = (what, cloud, connections)
        found = [rate for rate in self.rates if (rate.what, rate.cloud, rate.connections) == key]
        if not found:
            raise LookupError(f"{SAVED.name} has no figure for {key}")
        return found[0]

    def single(self, what: str, cloud: str) -> float:
        """The figure of a cloud. Raises LookupError if the run has none."""
        found = [single.value for single in self.singles if (single.what, single.cloud) == (what, cloud)]
        if not found:
            raise LookupError(f"{SAVED.name} has no figure for {what}, {cloud}")
        return found[0]


def read(path: Path = SAVED) -> Saved:
    """The run that was saved last."""
    content: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Saved(
        datetime.date.fromisoformat(content["day"]),
        content["commit"],
        content["processors"],
        content["rounds"],
        [Rate(**rate) for rate in content["rates"]],
        [Single(**single) for single in content["singles"]],
    )


def _commit() -> str:
    words = ["git", "rev-parse", "--short=8", "HEAD"]
    done = subprocess.run(words, cwd=SAVED.parent, check=True, text=True, capture_output=True)
    return done.stdout.strip()
