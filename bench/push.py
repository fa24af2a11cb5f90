"""How long a push takes: the first one, one with nothing to do, and one of a changed function.

    python bench/push.py [--rounds 5] [--against COMMAND] [--sceptre COMMAND]

Each of these is timed beside a reference, in the same run and in turns, so that both meet the same machine:

* Sceptre, on the same endpoint, with the four templates that we render as four stacks of its own. It is
  installed from the package index into a virtual environment of its own on first use. Its function's package
  is uploaded before the clock starts; ours builds and uploads it while the clock runs.
* with `--against`, another accountsctl, such as a checkout of an older commit, in a copy of the sample and an
  embedded cloud of its own. `accountsctl --help` is timed as well.

Printed: median seconds of each, and the ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # for `bench`, which is not installed

from bench.sample import OURS, SAMPLE

REFERENCE = Path(tempfile.gettempdir()) / "accountsctl-bench-sceptre"
HANDLER = Path("amplify/backend/function/accountsAPI/src/index.py")
ENVIRONMENT = "bench"
CHILDREN = ("auth/mfeaccounts", "rds/accountsCluster", "function/accountsAPI", "api/accountsAPI")
CONFIG = """\
template: {{path: {name}.json, type: file}}
parameters: {parameters}
"""


class Accountsctl:
    """One accountsctl with a copy of the sample, and so with an embedded cloud of its own."""

    def __init__(self, command: str, folder: Path) -> None:
        self.command, self.folder = command, folder
        ignored = shutil.ignore_patterns(".local", "build", "local-*")
        shutil.copytree(SAMPLE / "amplify", folder / "amplify", ignore=ignored)
        shutil.copy(SAMPLE / "backend-config.json", folder)
        self.run("env", "checkout", "dev")
        self.run("local", "start")

    def run(self, *words: str) -> str:
        """Standard output of one command, which has to succeed."""
        done = subprocess.run(
            [self.command, *words], cwd=self.folder, check=True, text=True, capture_output=True
        )
        return done.stdout

    @property
    def keeps_log_groups(self) -> bool:
        """Whether its templates keep their log groups: those of commits that had no `local env` yet do not."""
        words = [self.command, "local", "env", "--help"]
        return subprocess.run(words, check=False, capture_output=True).returncode == 0

    def timings(self) -> Iterator[tuple[str, float]]:
        """Seconds of `--help` and of each kind of push; the environment is deleted afterwards."""
        yield "accountsctl --help", seconds(lambda: self.run("--help"))
        yield "first push", seconds(lambda: self.run("push", "--yes"))
        yield "no-op push", seconds(lambda: self.run("push", "--yes"))
        with (self.folder / HANDLER).open("a") as handler:
            handler.write(f"\n# {time.time_ns()}\n")
        yield "one function", seconds(lambda: self.run("push", "--yes"))
        self.run("delete", "--yes", "--confirm", "dev")
        if self.keeps_log_groups:
            delete_log_groups(self)


class Sceptre:
    """A Sceptre project of the templates that accountsctl renders for an environment of its own."""

    def __init__(self, command: Path, ours: Accountsctl, folder: Path) -> None:
        self.command, self.ours, self.folder = command, ours, folder
        self.environment = {**os.environ, **endpoint(ours)}
        ours.run("env", "add", ENVIRONMENT, "--from", "dev")
        ours.run("render", "-e", ENVIRONMENT)
        self.build = ours.folder / "amplify" / "build" / ENVIRONMENT
        self.bucket = f"bench-packages-{os.getpid()}"
        self.packages = [self.upload(ours, number) for number in range(2)]
        self.write(self.packages[0])

    def upload(self, ours: Accountsctl, number: int) -> str:
        """Put one of two packages of the handler into a bucket; its key."""
        bucket = client(ours, "s3")
        if not number:
            bucket.create_bucket(
                Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
            )
        with tempfile.TemporaryDirectory() as temporary:
            source = Path(temporary) / "src"
            shutil.copytree((ours.folder / HANDLER).parent, source)
            (source / "number.txt").write_text(str(number))
            package = shutil.make_archive(str(Path(temporary) / "package"), "zip", source)
            bucket.put_object(Bucket=self.bucket, Key=f"{number}.zip", Body=Path(package).read_bytes())
        return f"{number}.zip"

    def write(self, package: str) -> None:
        """Write the project's files: one stack for each resource, fed by the outputs of the others."""
        fed = json.loads((self.build / "root.json").read_text())["Resources"]
        config, templates = self.folder / "config", self.folder / "templates"
        (config / "dev").mkdir(parents=True, exist_ok=True)
        templates.mkdir(exist_ok=True)
        region = self.environment["AWS_DEFAULT_REGION"]
        (config / "config.yaml").write_text(f"project_code: bench\nregion: {region}\n")
        for child in CHILDREN:
            name = child.replace("/", "")
            shutil.copy(self.build / f"{child}.json", templates / f"{name}.json")
            values = fed[name]["Properties"].get("Parameters", {})
            lines = {key: self.parameter(value, package) for key, value in values.items()}
            written = "{" + ", ".join(f"{key}: {value}" for key, value in lines.items()) + "}"
            (config / "dev" / f"{name}.yaml").write_text(CONFIG.format(name=name, parameters=written))

    def parameter(self, value: str | Mapping[str, object], package: str) -> str:
        """A parameter of a nested stack, as Sceptre spells it."""
        match value:
            case {"Fn::GetAtt": [stack, output]}:
                return f"!stack_output 'dev/{stack}.yaml::{str(output).removeprefix('Outputs.')}'"
            case {"Ref": "DeploymentBucket"}:
                return self.bucket
        return package

    def run(self, *words: str) -> None:
        """Run one command of Sceptre's over the four stacks, which has to succeed."""
        command = [str(self.command), *words, "-y", "dev"]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, check=False, text=True, capture_output=True
        )
        if done.returncode:
            sys.exit(f"Sceptre failed:\n{done.stdout}{done.stderr}")

    def timings(self) -> Iterator[tuple[str, float]]:
        """Seconds of each kind of launch; the stacks are deleted afterwards."""
        self.write(self.packages[0])
        yield "first push", seconds(lambda: self.run("launch"))
        yield "no-op push", seconds(lambda: self.run("launch"))
        self.write(self.packages[1])
        yield "one function", seconds(lambda: self.run("launch"))
        self.run("delete")
        delete_log_groups(self.ours)


def delete_log_groups(ours: Accountsctl) -> None:
    """Delete the log groups that our templates keep when their stacks are deleted.

    Without this, only the first of several first pushes would create them: Sceptre fails at one that exists,
    and accountsctl imports it.
    """
    logs = client(ours, "logs")
    for group in logs.describe_log_groups()["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])


def client(ours: Accountsctl, service: str) -> Any:
    """A boto3 client of a copy's embedded cloud; its class depends on the service."""
    import boto3

    local = endpoint(ours)
    session: Any = boto3.Session(
        local["AWS_ACCESS_KEY_ID"],
        local["AWS_SECRET_ACCESS_KEY"],
        region_name=local["AWS_DEFAULT_REGION"],
    )
    return session.client(service, endpoint_url=local["AWS_ENDPOINT_URL"])


def endpoint(ours: Accountsctl) -> dict[str, str]:
    """The environment variables by which any AWS client reaches a copy's embedded cloud."""
    return {**json.loads(ours.run("local", "env", "--json")), "AWS_DEFAULT_REGION": "eu-west-1"}


def seconds(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@contextmanager
def copy(command: str) -> Iterator[Accountsctl]:
    """A copy of the sample; its cloud is stopped and its folder deleted at the end."""
    with tempfile.TemporaryDirectory() as temporary:
        subject = Accountsctl(command, Path(temporary))
        try:
            yield subject
        finally:
            subject.run("local", "stop")


def sceptre() -> Path:
    """Sceptre's command, installed on first use."""
    command = REFERENCE / "bin" / "sceptre"
    if not command.exists():
        venv.create(REFERENCE, with_pip=True)
        subprocess.run([REFERENCE / "bin" / "pip", "install", "-q", "sceptre"], check=True)
    return command


def compare(subjects: Mapping[str, Accountsctl | Sceptre], rounds: int) -> None:
    """Time each subject in turns, and print the medians and the first one's ratio to each other one."""
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for round_number in range(rounds + 1):
        for name, subject in subjects.items():
            for what, taken in subject.timings():
                if round_number:
                    times[what][name].append(taken)
    ours, *others = subjects
    for what, taken_by in times.items():
        medians = {name: statistics.median(taken) for name, taken in taken_by.items()}
        ratios = [f"{medians[ours] / medians[other]:.2f} of {other}" for other in others if other in medians]
        figures = "  ".join(f"{name} {median:6.3f} s" for name, median in medians.items())
        print(f"{what:<20}{figures}  {', '.join(ratios)}")


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--against", help="another accountsctl to compare with")
    parser.add_argument("--sceptre", type=Path, help="a Sceptre that is installed already")
    given = parser.parse_args(words)
    with copy(OURS) as ours, tempfile.TemporaryDirectory() as project:
        if given.against:
            with copy(given.against) as other:
                compare({"accountsctl": ours, "the other one": other}, given.rounds)
        else:
            reference = Sceptre(given.sceptre or sceptre(), ours, Path(project))
            compare({"accountsctl": ours, "Sceptre": reference}, given.rounds)


if __name__ == "__main__":
    main()
