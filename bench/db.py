"""How fast `db seed` is, beside a plain loop of execute_statement over the same kind of rows, in the same run.

    python bench/db.py [--rows 100000] [--loop 2000]

The sample is copied and pushed to an embedded cloud of its own, which is stopped at the end. Printed: rows a
second of both, and their ratio.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from accountsctl.adapters.invocation import Settings
from accountsctl.bootstrap import Application
from bench.sample import OURS, pushed

INSERT = "INSERT INTO accounts (nickname, balance, type, account_number) VALUES (:nickname, :balance, :type, :number)"


def written(folder: Path, rows: int) -> Path:
    """A CSV file of so many accounts."""
    file = folder / "accounts.csv"
    with file.open("w") as out:
        out.write("nickname,balance,type,account_number\n")
        out.writelines(f"Account {n},{n}.50,domestic,SEED{n:016}\n" for n in range(rows))
    return file


def seeded(folder: Path, rows: int) -> float:
    """Rows a second of `db seed`, start-up included."""
    file = written(folder, rows)
    started = time.perf_counter()
    subprocess.run([OURS, "db", "seed", str(file)], cwd=folder, check=True, capture_output=True)
    return rows / (time.perf_counter() - started)


def looped(folder: Path, rows: int) -> float:
    """Rows a second of one execute_statement after the other."""
    database = Application(Settings(folder, "dev")).database(None)
    database.execute("SELECT 1")
    started = time.perf_counter()
    for n in range(rows):
        row = {"nickname": f"Account {n}", "balance": n + 0.5, "type": "domestic", "number": f"LOOP{n:016}"}
        database.execute(INSERT, row)
    return rows / (time.perf_counter() - started)


def main() -> None:
    """Push a copy of the sample, seed, loop, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--loop", type=int, default=2_000)
    asked = parser.parse_args()
    with pushed() as folder:
        loop, seed = looped(folder, asked.loop), seeded(folder, asked.rows)
    print(f"db seed, {asked.rows} rows             {seed:10.0f} rows/s")
    print(f"execute_statement, {asked.loop} rows   {loop:10.0f} rows/s")
    print(f"ratio                              {seed / loop:10.1f} x")


if __name__ == "__main__":
    main()
