"""What every command prints with --json validates against its schema, and nothing else is on stdout."""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest

from tests.local.project import COMMAND, LocalProject, copy_sample
from tests.unit.cli.test_json_schemas import SCHEMA

COMMANDS = """
env add pr-7; env list; env list --details; env get; env checkout dev; render; validate; policy; status; push --dry-run
push --yes; push --dry-run; status; status --drift; drift
outputs; outputs accountsCluster; outputs accountsCluster Arn; db status; db migrate --dry-run; db init; db migrate
db query "select 1 as a, null as b"; db seed accounts.csv; db export accounts; db export accounts --format json
auth token; auth user add ann@example.com --group admins; auth user list; auth user remove ann@example.com
call GET /accounts; logs; invoke accountsAPI; doctor; doctor cors
export; export --format dotenv; export --format openapi; export --out outputs.json
local start; local status; local list; local env; local logs; local sleep; local delay AWS::RDS::DBCluster 0
function env set accountsAPI LOG_SQL=yes; function env list
function env unset accountsAPI LOG_SQL
function secret set accountsAPI STRIPE_KEY; function secret list; function secret remove accountsAPI STRIPE_KEY
update function accountsAPI --memory 1024; db snapshots; local trust --yes
add trigger accountsAPI --schedule "rate(1 hour)"; remove trigger accountsAPI --schedule "rate(1 hour)"
add function hello --runtime python3.14; add api helloAPI --path /hello --function hello
add rds other --database other
add dependency function/hello other Arn; remove dependency function/hello other Arn
add custom storage files --template template.json; remove resource files --confirm files
restore files; remove resource files --confirm files
import auth mfeaccounts; env remove pr-7 --yes --confirm pr-7; version; explain rds; open api --print
"""
FAIL = {
    "call GET /nope": 1,
    "call GET /accounts --anonymous": 1,
    "psuh": 2,
    "status --jsn": 2,
    "env checkout nowhere": 2,
    "outputs nothing": 2,
    'db query "select :x"': 2,
    "recover": 3,
    "adopt": 2,
    "db restore nothing": 2,
    "add": 2,
    "call": 2,
    "local delay AWS::RDS::DBCluster long": 2,
    "convert function/accountsAPI": 2,
    "init": 2,
    "local reset": 2,
}
ENDS = ("delete --yes --confirm dev", "local reset --yes", "local stop", "status")


def every_line() -> list[str]:
    """The lines that are expected to succeed before the end."""
    return [line.strip() for line in COMMANDS.replace("\n", ";").split(";") if line.strip()]


def schema_of(words: list[str]) -> dict[str, object]:
    """The schema of the longest command that the words begin with."""
    names = [" ".join(words[:count]) for count in (3, 2, 1)]
    name = next(name for name in names if name in SCHEMA["properties"])
    return {"$defs": SCHEMA["$defs"], **SCHEMA["properties"][name]}


def printed(project: LocalProject, line: str, expect: int) -> Iterator[str]:
    """What is wrong with the output of a command."""
    words = shlex.split(line)
    done = project.run(*words, "--json", expect=None, stdin="sk_test")
    if done.code != expect:
        yield f"{line}: exit code {done.code}: {done.out[:300]}{done.err[-300:]}"
        return
    yield from unlike_its_schema(line, done.out)


def unlike_its_schema(line: str, out: str) -> Iterator[str]:
    """What is wrong with what a command printed."""
    words = shlex.split(line)
    try:
        value = json.loads(out)
    except ValueError as error:
        yield f"{line}: {error}: {out[:200]}"
        return
    failed = isinstance(value, dict) and "error" in value
    schema = {"$defs": SCHEMA["$defs"], "$ref": "#/$defs/error"} if failed else schema_of(words)
    problems = jsonschema.Draft202012Validator(schema).iter_errors(value)
    yield from (f"{line}: {list(problem.path)}: {problem.message[:200]}" for problem in problems)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[LocalProject]:
    """The sample, with a cloud of its own that was never used."""
    made = copy_sample(tmp_path / "accounts")
    yield made
    made.run("local", "stop")


def served(project: LocalProject) -> Iterator[str]:
    """What is wrong with the output of `ui`, which goes on until it is interrupted."""
    words = ["ui", "--no-open", "--port", "0"]
    with subprocess.Popen(
        [COMMAND, *words, "--json"],
        cwd=project.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        value = ""
        while not value.endswith("}\n"):
            line = process.stdout.readline()
            assert line, value
            value += line
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    yield from unlike_its_schema(" ".join(words), value + rest)


def test_every_command_that_prints_one_value_has_a_line_here() -> None:
    lines = [shlex.split(line) for line in (*every_line(), *FAIL, *ENDS)]
    begun = {" ".join(words[:count]) for words in lines for count in (1, 2, 3)}
    assert set(SCHEMA["properties"]) - begun == {"ui"}, "`served` runs it"


@pytest.mark.slow  # eighty commands, each a process
def test_every_output_validates_and_stands_alone(project: LocalProject) -> None:
    source = Path(__file__).parents[2] / "examples" / "accounts.csv"
    (project.root / "accounts.csv").write_bytes(source.read_bytes())
    (project.root / "template.json").write_text('{"Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}}}')
    found = [problem for line in every_line() for problem in printed(project, line, 0)]
    found += served(project)
    found += [problem for line, code in FAIL.items() for problem in printed(project, line, code)]
    found += [problem for line in ENDS for problem in printed(project, line, 0)]
    assert found == []
