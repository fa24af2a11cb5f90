"""How much the accounts page loads, and how long it keeps a browser busy with many accounts.

    python bench/page.py [--accounts 5000]

Needs Chromium, chromedriver and the built page. The sample is copied and pushed to an embedded cloud of its own,
which is stopped at the end. Printed: kilobytes of the first load as they came over the wire; seconds from the
press on "Sign in" to the tree; for ten presses on "Show more", for a word typed into Find and for its deletion,
the longest task that kept the page from answering (0 where none took 50 ms, the browser's own threshold).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from selenium.webdriver.common.keys import Keys

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.sample import pushed
from tests.local.browser import Browser, chromium, read_user
from tests.local.project import COMMAND, LocalProject

WORD = "account 49"
WATCH = """
window.tasks = []
const watcher = new PerformanceObserver(list => tasks.push(...list.getEntries().map(each => each.duration)))
watcher.observe({type: 'longtask'})"""
LOADED = """
return ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))
  .reduce((sum, each) => sum + each.transferSize, 0)"""
ROWS = """
INSERT INTO accounts (nickname, balance, type, account_number)
SELECT 'Account ' || n, n, CASE n % 2 WHEN 0 THEN 'domestic' ELSE 'international' END, 'N' || n
FROM generate_series(1, {}) n"""


def longest(tab: Browser, work: Callable[[], object]) -> float:
    """The longest task, in milliseconds, of what `work` sets off."""
    tab.driver.execute_script("tasks.length = 0")
    work()
    # Two frames and an idle moment later, its tasks are over and were told.
    tab.driver.execute_async_script(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(done)))"
    )
    found: float = tab.driver.execute_script("return Math.max(0, ...tasks)")
    return found


def show_more(tab: Browser) -> None:
    """Press the first "Show more", and wait for what it shows."""
    before = len(tab.rows())
    tab.find(".more").click()
    tab.until(lambda: len(tab.rows()) > before)


def measure(tab: Browser, url: str, user: dict[str, str], accounts: int) -> None:
    """Play it, and print."""
    tab.open(url)
    tab.find("input[name=username]")
    print(f"first load        {tab.driver.execute_script(LOADED) / 1000:8.0f} kB")
    tab.driver.execute_script(WATCH)
    started = time.perf_counter()
    tab.sign_in(user)
    tab.see(f"{accounts:,} accounts")
    print(f"sign-in to tree   {time.perf_counter() - started:8.1f} s")
    print(f"show more, 10 x   {max(longest(tab, lambda: show_more(tab)) for _ in range(10)):8.0f} ms")
    find = tab.find("input[type=search]")
    print(f"type into Find    {max(longest(tab, partial(find.send_keys, key)) for key in WORD):8.0f} ms")
    back = max(longest(tab, lambda: find.send_keys(Keys.BACKSPACE)) for _ in WORD)
    print(f"delete that       {back:8.0f} ms")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--accounts", type=int, default=5000)
    options = parser.parse_args()
    with pushed() as folder:
        project = LocalProject(folder)
        project.sql(ROWS.format(options.accounts))
        play(project, options.accounts)


def play(project: LocalProject, accounts: int) -> None:
    """The page, served and in a browser."""
    command = [str(COMMAND), "ui", "--no-open", "--port", "0"]
    with (
        subprocess.Popen(
            command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as served,
        chromium() as tab,
    ):
        assert served.stdout is not None
        try:
            measure(tab, served.stdout.readline().strip(), read_user(project.root), accounts)
        finally:
            served.terminate()


if __name__ == "__main__":
    main()
