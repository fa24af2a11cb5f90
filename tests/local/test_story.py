"""The story of the README, told by the commands alone: a backend on this machine, and what can happen to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from tests.local.project import HANDLER, RDS, LocalProject


def account(**changes: object) -> dict[str, object]:
    return {
        "nickname": "Rent",
        "balance": 12.5,
        "type": "domestic",
        "account_number": uuid.uuid4().hex[:12],
        **changes,
    }


def create(project: LocalProject, **changes: object) -> dict[str, object]:
    body: dict[str, object] = project.run(
        "call", "POST", "/accounts", "-d", json.dumps(account(**changes))
    ).json
    return body


def http(url: str, *, method: str = "GET", **headers: str) -> tuple[int, Message, str]:
    """What plain HTTP gets: status, headers, body."""
    request = urllib.request.Request(url, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def url(project: LocalProject) -> str:
    return project.run("outputs", "api/accountsAPI", "RootUrl").out.strip()


def token(project: LocalProject) -> str:
    return project.run("auth", "token").out.strip()


def test_an_account_that_was_posted_is_listed_by_the_api_and_stands_in_postgresql(
    deployed: LocalProject,
) -> None:
    made = create(deployed, nickname="Savings", type="international")
    assert made in deployed.run("call", "GET", "/accounts").json
    sql = "select nickname, balance, type from accounts where account_number = :number"
    rows = deployed.run("db", "query", sql, "--json", "-p", f"number:text={made['account_number']}").json
    assert rows == [{"nickname": "Savings", "balance": 12.5, "type": "international"}]


@pytest.mark.parametrize("prefix", ["", "Bearer "])
def test_plain_http_with_the_token_is_let_in(deployed: LocalProject, prefix: str) -> None:
    status, headers, body = http(f"{url(deployed)}/accounts", Authorization=f"{prefix}{token(deployed)}")
    assert status == 200
    assert isinstance(json.loads(body), list)
    assert headers["Access-Control-Allow-Origin"] == "*"


def forged(token: str) -> str:
    """The same claims with another signature."""
    head, claims, signature = token.split(".")
    return f"{head}.{claims}.{signature[::-1]}"


@pytest.mark.parametrize("kind", ["none", "forged", "garbage"])
def test_no_token_or_a_forged_one_is_unauthorized_with_cors_headers(
    deployed: LocalProject, kind: str
) -> None:
    given = {"forged": forged(token(deployed)), "garbage": "abc"}.get(kind)
    headers = {"Authorization": given} if given else {}
    status, answered, body = http(f"{url(deployed)}/accounts", **headers)
    assert (status, json.loads(body)) == (401, {"message": "Unauthorized"})
    assert answered["x-amzn-ErrorType"] == "UnauthorizedException"
    assert answered["Access-Control-Allow-Origin"] == "*"


def test_an_access_token_is_no_id_token(deployed: LocalProject) -> None:
    access = deployed.run("auth", "token", "--access").out.strip()
    assert http(f"{url(deployed)}/accounts", Authorization=access)[0] == 401


def test_an_unknown_path_is_missing_authentication_token(deployed: LocalProject) -> None:
    status, headers, body = http(f"{url(deployed)}/nosuch")
    assert (status, json.loads(body)) == (403, {"message": "Missing Authentication Token"})
    assert headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


def test_a_preflight_needs_no_token(deployed: LocalProject) -> None:
    status, headers, _ = http(
        f"{url(deployed)}/accounts",
        method="OPTIONS",
        Origin="http://localhost:4200",
        **{"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"},
    )
    assert status == 204
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    assert "GET" in headers["Access-Control-Allow-Methods"]


def test_call_exits_one_on_an_answer_that_is_not_2xx_and_still_prints_it(deployed: LocalProject) -> None:
    done = deployed.run("call", "GET", "/accounts", "--anonymous", expect=1)
    assert json.loads(done.out) == {"message": "Unauthorized"}
    assert done.err.startswith("401")


def test_call_shows_the_head_of_the_answer_where_it_is_asked_for(deployed: LocalProject) -> None:
    made = create(deployed)
    done = deployed.run("call", "GET", f"/accounts/{made['id']}", "-i")
    head, _, body = done.out.partition("\n\n")
    assert head.startswith("HTTP/1.1 200 OK\n")
    assert '\nETag: "' in head
    assert json.loads(body) == made
    assert done.err == ""


def test_new_code_updates_one_stack_in_place_and_the_rows_stay(deployed: LocalProject) -> None:
    made = create(deployed)
    handler = deployed.root / HANDLER
    handler.write_text(handler.read_text() + f"\n# {uuid.uuid4()}\n")
    pushed = deployed.run("push", "--json").json
    assert pushed["changed"]
    assert {c["resource"] for c in pushed["changes"] if c["action"] != "none"} == {"function/accountsAPI"}
    assert made in deployed.run("call", "GET", "/accounts").json


def test_a_push_without_a_change_sends_no_update(deployed: LocalProject) -> None:
    before = deployed.run("db", "query", "select 1", "--json").json
    pushed = deployed.run("push", "--json").json
    assert not pushed["changed"]
    assert {c["action"] for c in pushed["changes"]} == {"none"}
    assert before == [{"?column?": 1}]


@pytest.mark.slow
def test_renaming_the_database_is_planned_as_replacing_the_cluster(deployed: LocalProject) -> None:
    original = (deployed.root / RDS).read_text()
    deployed.edit(RDS, DatabaseName="otherDatabase")
    planned = deployed.run("push", "--dry-run", "--json").json
    (change,) = [c for c in planned["changes"] if c["resource"] == "rds/accountsCluster"]
    assert "RDSCluster" in change["replaces"]
    assert planned["loses"] == ["rds/accountsCluster"]
    deployed.run("push", "--dry-run", "--exit-code", expect=11)
    for flags in ((), ("--yes",), ("--yes", "--allow-data-loss", "rds/other")):
        refused = deployed.run("push", *flags, expect=2)
        assert "--allow-data-loss rds/accountsCluster" in refused.err
    (deployed.root / RDS).write_text(original)


@pytest.mark.slow
def test_a_resource_that_aws_refuses_rolls_everything_back_and_names_the_first_cause(
    deployed: LocalProject,
) -> None:
    made = create(deployed)
    original = (deployed.root / RDS).read_text()
    deployed.edit(RDS, EngineVersion="9")
    failed = deployed.run("push", "--json", expect=4).json["error"]
    assert (failed["resource"], failed["logicalId"]) == ("rds/accountsCluster", "RDSCluster")
    assert "Cannot find version 9" in failed["reason"]
    assert made in deployed.run("call", "GET", "/accounts").json
    (deployed.root / RDS).write_text(original)
    handler = deployed.root / HANDLER
    handler.write_text(handler.read_text() + f"\n# {uuid.uuid4()}\n")
    assert deployed.run("push", "--json").json["changed"]
    assert made in deployed.run("call", "GET", "/accounts").json


def postgres_pids(project: LocalProject) -> list[int]:
    """The postmasters of this project's embedded cloud."""
    folder = project.root / "amplify" / ".local" / "postgres"
    return [int(file.read_text().split("\n", 1)[0]) for file in folder.rglob("postmaster.pid")]


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["daemon", "postgres", "both"])
def test_after_kill_9_the_next_command_brings_everything_back(deployed: LocalProject, victim: str) -> None:
    made = create(deployed)
    where = url(deployed)
    daemon = deployed.cloud()["pid"]
    victims = {"daemon": [daemon], "postgres": postgres_pids(deployed)}
    for pid in victims.get(victim) or [*victims["postgres"], daemon]:
        os.kill(pid, signal.SIGKILL)
    assert made in deployed.run("call", "GET", "/accounts").json
    assert not deployed.run("push", "--json").json["changed"]
    assert url(deployed) == where


def listening(pid: int) -> set[str]:
    """The addresses that a process listens on (IPv4 and IPv6, as /proc writes them)."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        target = str(link.readlink())
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(fields[1].split(":")[0])
    return found


def test_nothing_listens_beyond_loopback(deployed: LocalProject) -> None:
    deployed.run("call", "GET", "/accounts")
    assert listening(deployed.cloud()["pid"]) == {"0100007F"}
    for pid in postgres_pids(deployed):
        assert listening(pid) == set()


@pytest.mark.slow
def test_the_same_push_goes_the_road_for_aws_where_the_endpoint_says_so(deployed: LocalProject) -> None:
    aws = deployed.aws()
    deployed.run("env", "checkout", "prod")
    pushed = deployed.run("push", "--yes", "--json", **aws).json
    deployed.run("env", "checkout", "dev")
    assert (pushed["cloud"], pushed["stackName"], pushed["changed"]) == ("aws", "accounts-prod", True)
    status, _, body = http(f"{pushed['outputs']['api/accountsAPI']['RootUrl']}/accounts")
    assert (status, json.loads(body)) == (401, {"message": "Unauthorized"})


def test_a_push_to_aws_without_a_terminal_needs_a_flag(deployed: LocalProject) -> None:
    aws = deployed.aws()
    handler = deployed.root / HANDLER
    original = handler.read_text()
    handler.write_text(original + f"\n# {uuid.uuid4()}\n")
    refused = deployed.run("push", "-e", "prod", expect=2, **aws)
    assert "--yes" in refused.err
    handler.write_text(original)
    deployed.run("push")


def test_neither_a_proxy_nor_a_broken_aws_configuration_stands_between_us_and_the_embedded_cloud(
    deployed: LocalProject, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[broken")
    surroundings: dict[str, Any] = {
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "AWS_PROFILE": "nosuch",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
    }
    assert not deployed.run("push", "--json", **surroundings).json["changed"]
    deployed.run("call", "GET", "/accounts", **surroundings)


def test_a_push_with_nothing_to_do_loads_only_what_it_needs(
    deployed: LocalProject,
) -> None:
    program = (
        "import sys\n"
        "from accountsctl.cli import cli\n"
        "from accountsctl.cli.boundary import run\n"
        "assert run(cli, ['push', '--yes']) == 0\n"
        "heavy = {'boto3', 's3transfer', 'awscrt.auth', 'jinja2', 'cfnlint', 'moto', 'yaml'} & set(sys.modules)\n"
        "ours = {'planning.compared', 'ui.results.registered', 'localcloud.state.contents', 'synth.rendering'}\n"
        "heavy |= {f'accountsctl.{module}' for module in ours} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)\n"
    )
    deployed.run("push", "--yes")
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=deployed.root, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "is up to date" in ended.stderr
