"""The accounts page of the pushed sample: what is in its table, and how the tree then reads."""

from __future__ import annotations

from tests.local.project import LocalProject

ACCOUNTS = [
    ("Rent", "1200.00", "domestic", "DE89 3704 0044 0532 0130 00"),
    ("Savings", "25000.10", "domestic", "DE12 5001 0517 0648 4898 90"),
    ("Card", "-310.55", "domestic", "DE02 1203 0000 0000 2020 51"),
    ("Villa", "99999999999.99", "international", "FR76 3000 6000 0112 3456 7890 189"),
    ("Studio", "0.01", "international", "CH93 0076 2011 6238 5295 7"),
]
TREE = [
    "Domestic | 3 accounts | 25,889.55",
    "Card | DE02 1203 0000 0000 2020 51 | -310.55",
    "Rent | DE89 3704 0044 0532 0130 00 | 1,200.00",
    "Savings | DE12 5001 0517 0648 4898 90 | 25,000.10",
    "International | 2 accounts | 100,000,000,000.00",
    "Studio | CH93 0076 2011 6238 5295 7 | 0.01",
    "Villa | FR76 3000 6000 0112 3456 7890 189 | 99,999,999,999.99",
]


def fill(project: LocalProject, accounts: list[tuple[str, str, str, str]]) -> None:
    """Have these accounts in the table, and no others."""
    rows = ", ".join(str(each) for each in accounts)
    project.sql("TRUNCATE accounts RESTART IDENTITY")
    if rows:
        columns = "nickname, balance, type, account_number"
        project.sql(f"INSERT INTO accounts ({columns}) VALUES {rows}")


def listed(project: LocalProject) -> list[str]:
    """The nicknames in the table."""
    rows = project.sql("SELECT nickname FROM accounts ORDER BY id")
    return [row["nickname"] for row in rows]
