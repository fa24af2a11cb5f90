"""Whether the embedded cloud lasts: kills under load, and many pushes.

    python bench/endurance.py [--kills 20] [--pushes 20] [--seed 1]

* kills: four writers insert rows by the Data API and put parameters into Parameter Store, and remember what was
  acknowledged. The embedded cloud is killed (SIGKILL) at a random moment and started again; what was acknowledged and
  is not there any more is lost. Printed: writes and losses after each kill; exit code 1 if anything was lost.
* pushes: the handler changes and is pushed again. Printed: memory and threads of the cloud after each tenth.

The full run is `--kills 200 --pushes 500`. For memory and threads over many requests see `bench/local.py --requests`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.clouds import Accountsctl, Cloud, accountsctl
from bench.database import DATABASE
from bench.load import status

HANDLER = Path("amplify/backend/function/accountsAPI/src/index.py")
WRITERS = 4
TABLE = "CREATE TABLE IF NOT EXISTS kept (writer int, number int, PRIMARY KEY (writer, number))"


class Database:
    """The copy's database, through the Data API of the cloud that runs now; nothing is retried."""

    def __init__(self, cloud: Cloud) -> None:
        import boto3
        from botocore.config import Config

        local = cloud.environment or {}
        session: Any = boto3.Session(
            local["AWS_ACCESS_KEY_ID"], local["AWS_SECRET_ACCESS_KEY"], region_name="eu-west-1"
        )
        settings = {"endpoint_url": local["AWS_ENDPOINT_URL"], "config": Config(retries={"max_attempts": 0})}
        self.parameters = session.client("ssm", **settings)
        self._client = session.client("rds-data", **settings)
        cluster = session.client("rds", **settings).describe_db_clusters()["DBClusters"][0]
        secret = cluster["MasterUserSecret"]["SecretArn"]
        self._of = {"resourceArn": cluster["DBClusterArn"], "secretArn": secret, "database": DATABASE}

    def execute(self, sql: str) -> list[Any]:
        """The records of one statement."""
        answered: list[Any] = self._client.execute_statement(**self._of, sql=sql).get("records", [])
        return answered


def write(database: Database, writer: int, start: int, kept: list[int], ended: threading.Event) -> None:
    """Write numbers from `start` on, and remember those that were acknowledged, until the cloud is gone."""
    number = start
    while not ended.is_set():
        try:
            database.execute(f"INSERT INTO kept VALUES ({writer}, {number})")
            database.parameters.put_parameter(
                Name=f"/kept/{writer}", Value=str(number), Type="String", Overwrite=True
            )
        except Exception:  # noqa: BLE001 - the cloud was killed: any error may come, and none was an acknowledgement
            return
        kept.append(number)
        number += 1


def lost(database: Database, kept: Sequence[Sequence[int]]) -> int:
    """How many acknowledged writes are not there."""
    rows = {(row[0]["longValue"], row[1]["longValue"]) for row in database.execute("SELECT * FROM kept")}
    missing = 0
    for writer, numbers in enumerate(kept):
        missing += sum((writer, number) not in rows for number in numbers)
        if numbers:
            value = database.parameters.get_parameter(Name=f"/kept/{writer}")["Parameter"]["Value"]
            missing += int(value) < numbers[-1]
    return missing


def running(subject: Accountsctl, cloud: Cloud) -> Cloud:
    """The cloud as it runs now; what no restart changes is that of `cloud`."""
    now = json.loads((subject.folder / "amplify/.local/cloud.json").read_text())
    environment = {**(cloud.environment or {}), "AWS_ENDPOINT_URL": now["endpoint"]}
    return replace(cloud, process=now["pid"], environment=environment)


def kill(subject: Accountsctl, cloud: Cloud, kept: Sequence[list[int]], number: int, after: float) -> Cloud:
    """Write for a while, kill the cloud, start it again; the cloud as it runs then."""
    database = Database(cloud)
    database.execute(TABLE)
    ended = threading.Event()
    threads = []
    for writer, numbers in enumerate(kept):
        start = number * 1_000_000  # a write that was not acknowledged may have been done
        threads.append(threading.Thread(target=write, args=(database, writer, start, numbers, ended)))
    for thread in threads:
        thread.start()
    time.sleep(after)
    os.kill(cloud.process, signal.SIGKILL)
    ended.set()
    for thread in threads:
        thread.join()
    subject.run("local", "start")
    return running(subject, cloud)


def kills(subject: Accountsctl, count: int, seed: int) -> int:
    """Kill so often; how much was lost in all."""
    moments = random.Random(seed)
    kept: list[list[int]] = [[] for _ in range(WRITERS)]
    total = 0
    cloud = subject.cloud()
    for number in range(1, count + 1):
        cloud = kill(subject, cloud, kept, number, moments.uniform(0.05, 1.5))
        total += lost(Database(cloud), kept)
        writes = sum(map(len, kept))
        print(f"kill {number}: {writes} writes acknowledged, {total} lost", flush=True)
    return total


def pushes(subject: Accountsctl, count: int) -> None:
    """Push a changed handler so often, and print memory and threads."""
    for number in range(1, count + 1):
        with (subject.folder / HANDLER).open("a") as handler:
            handler.write(f"\n# {number}\n")
        subject.run("push", "--yes")
        if number % max(1, count // 10) == 0:
            process = subject.cloud().process
            memory, threads = status(process, "VmRSS") / 1024, status(process, "Threads")
            local = subject.folder / "amplify/.local"
            files = [local / "state", *(local / "blobs").rglob("*")]
            size = sum(file.stat().st_size for file in files if file.is_file()) / 1024
            print(
                f"after {number} pushes: {memory:.0f} MB, {threads} threads, state {size:.0f} kB", flush=True
            )


def main() -> None:
    """Kill, push, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--pushes", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with accountsctl("accountsctl") as subject:
        subject.pushed()
        gone = kills(subject, given.kills, given.seed)
        pushes(subject, given.pushes)
    print(json.dumps({"kills": given.kills, "lost": gone, "pushes": given.pushes}))
    sys.exit(1 if gone else 0)


if __name__ == "__main__":
    main()
