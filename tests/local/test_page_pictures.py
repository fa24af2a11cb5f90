"""What the documentation shows: the seeded accounts on a desk and on a phone, dialogs, and a database that sleeps.

ACCOUNTSCTL_SCREENSHOTS=docs/images pytest -n0 tests/local/test_page_pictures.py -m slow    takes the pictures again
"""

from __future__ import annotations

import pytest

from tests.local.accounts_page import fill
from tests.local.browser import Browser, read_user
from tests.local.project import SAMPLE, LocalProject

pytestmark = pytest.mark.slow

SEED = SAMPLE / "examples/accounts.csv"
STEADY = (
    "document.querySelectorAll('.host').forEach(host => { host.lastChild.textContent = ' 127.0.0.1:4566' })"
)
"""The embedded cloud has another port in every run; a picture changes only if the page does."""


@pytest.fixture
def seeded(page: Browser, deployed: LocalProject) -> Browser:
    """A visitor; the table holds what the example's file holds."""
    fill(deployed, [])
    deployed.run("db", "seed", str(SEED), "--again")
    return page


def take(tab: Browser, name: str, *, width: int, height: int, scheme: str = "light") -> None:
    """Take a picture of a screen of this size."""
    tab.screen.emulate(width=width, height=height, scheme=scheme)
    tab.driver.execute_script(STEADY)
    tab.screen.picture(name)


def test_the_seeded_accounts_are_a_tree(seeded: Browser, deployed: LocalProject) -> None:
    take(seeded, "sign-in", width=1000, height=720)
    seeded.sign_in(read_user(deployed.root))
    seeded.see("30 accounts")
    rows = seeded.rows()
    assert [row for row in rows if " accounts | " in row] == [
        "Domestic | 16 accounts | 245,763.24",
        "International | 14 accounts | 1,807,036.73",
    ]
    assert sorted(rows) == sorted([*rows[:1], *rows[17:18], *expected()])
    take(seeded, "tree-light", width=1000, height=620)
    take(seeded, "tree-phone", width=360, height=640, scheme="dark")
    seeded.screen.emulate(width=1000, height=620)
    seeded.press("Edit Rent")
    seeded.fill("account_number", rows[1].split(" | ")[1])
    seeded.press("Save")
    seeded.see("The account number is taken by another account.")
    take(seeded, "edit-dark", width=1000, height=620, scheme="dark")


def expected() -> list[str]:
    """The rows of the file's accounts."""
    lines = [line.split(",") for line in SEED.read_text().splitlines()[1:]]
    return [f"{name} | {number} | {float(balance):,.2f}" for name, balance, _, number in lines]


def test_a_database_that_sleeps_longer_than_the_api_waits_is_asked_again(
    seeded: Browser, deployed: LocalProject
) -> None:
    deployed.run("local", "sleep", "--wakes-in", "25")
    seeded.screen.emulate(width=1000, height=400)
    seeded.sign_in(read_user(deployed.root))
    seeded.see("The database is waking up.")
    seeded.see("(attempt 2)")
    take(seeded, "asleep", width=1000, height=400)
    seeded.see("30 accounts")
