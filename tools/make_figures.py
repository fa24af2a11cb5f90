"""Write the tables of speed in README.md and docs/embedded-cloud.md from bench/local.json.

python tools/make_figures.py            write them
python tools/make_figures.py --check    exit 1 if they are out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # for `bench` and `tools`, which are not installed

from bench.figures import Rate, Saved, read  # noqa: E402
from tools.marked import filled  # noqa: E402

SCRIPT = "tools/make_figures.py"
OURS, NODE, MINISTACK, DRIVER = "accountsctl", "serverless-offline", "MiniStack", "psycopg"
CLOUDS = {
    OURS: "accountsctl",
    NODE: "serverless-offline 13.9",
    MINISTACK: "MiniStack 1.5 (executor `local`)",
    DRIVER: "psycopg without the Data API",
}
PARTS = {
    "end to end": "end to end: authorizer, gateway, function, Data API, PostgreSQL",
    "Data API": "the Data API: one row by its key, plain HTTP",
    "without database": "a function without a database",
}


def earlier(saved: Saved) -> str:
    """The commit that the run compared with."""
    others = {rate.cloud for rate in saved.rates} - CLOUDS.keys()
    if len(others) != 1:
        raise SystemExit("The run compared with no earlier commit: bench/local.py --against REVISION --save")
    return others.pop()


def whole(saved: Saved) -> Iterator[str]:
    """Every row of the run, and its starts and memory."""
    before = earlier(saved)
    names = {**CLOUDS, before: f"the same at commit {before}"}
    machine = f"{saved.rounds} rounds on {saved.processors} quiet processors"
    yield f"Measured on {saved.day:%-d %B %Y}: {machine}, the load of the clients included."
    yield from ("`CPU` is the processor time of a request in the server and all its children.", "")
    yield "| what | connections | cloud | p50 | p99 | requests/s | CPU |"
    yield "|---|---|---|---|---|---|---|"
    last = ""
    for rate in saved.rates:
        part = "" if rate.what == last else f"{PARTS[rate.what]} "
        last = rate.what
        yield f"| {part}| {rate.connections} | {names[rate.cloud]} |{_times(rate)}"
    cold, warm = (saved.single(f"start-up, {what}", OURS) for what in ("cold", "warm"))
    rest, after = (saved.single(what, OURS) for what in ("at rest", "after the requests"))
    old = saved.single("at rest", before)
    yield ""
    yield f"A start takes {cold:.1f} s cold and {warm:.1f} s warm. At rest the embedded cloud's process takes"
    yield f"{rest:.0f} MB ({old:.0f} MB at commit {before}), and after the requests {after:.0f} MB."


def _times(rate: Rate) -> str:
    """The last four cells."""
    if not rate.p50:
        return f" | | {rate.rate:,.0f} | |"
    return f" {rate.p50:.1f} ms | {rate.p99:.1f} ms | {rate.rate:,.0f} | {rate.cpu:.1f} ms |"


def short(saved: Saved) -> Iterator[str]:
    """What a reader of the README asks: how fast, and how others do."""
    one, eight = (saved.rate("end to end", OURS, number) for number in (1, 8))
    yield from ("| the embedded cloud | measured |", "|---|---|")
    both = f"{one.p50:.1f} ms; {eight.rate:,.0f}/s at 8 connections"
    yield f"| a request from authorizer to PostgreSQL and back | {both} |"
    rates = {name: saved.rate("without database", name, 8).rate for name in (OURS, NODE, MINISTACK)}
    others = "; ".join(f"{CLOUDS[name]}: {rates[name]:,.0f}/s" for name in (NODE, MINISTACK))
    yield f"| a function without a database, 8 connections | {rates[OURS]:,.0f}/s ({others}) |"
    ours, driver = (saved.rate("Data API", name, 8).rate for name in (OURS, DRIVER))
    yield f"| the Data API, 8 connections | {ours:,.0f}/s (psycopg alone: {driver:,.0f}/s) |"
    warm, rest = saved.single("start-up, warm", OURS), saved.single("at rest", OURS)
    yield f"| a start; memory at rest | {warm:.1f} s; {rest:.0f} MB |"
    yield from (
        "",
        f"{saved.day:%-d %B %Y}, {saved.processors} processors, the load of the clients included:",
    )
    yield "[docs/embedded-cloud.md](docs/embedded-cloud.md#how-fast-it-is)."


PAGES = {"README.md": short, "docs/embedded-cloud.md": whole}


def main() -> int:
    """Write or check."""
    saved = read()
    wanted = {
        name: filled((ROOT / name).read_text("utf-8"), SCRIPT, lines(saved)) for name, lines in PAGES.items()
    }
    if "--check" in sys.argv[1:]:
        return int(any((ROOT / name).read_text("utf-8") != text for name, text in wanted.items()))
    for name, text in wanted.items():
        (ROOT / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
