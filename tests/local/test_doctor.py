"""`doctor` over the embedded cloud: what a user reads, and the exit code that a script gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.project import LocalProject, copy_sample


def outcomes(project: LocalProject, expect: int) -> dict[str, tuple[str, str]]:
    told = project.run("doctor", "--json", expect=expect).json
    assert told["healthy"] is (expect == 0)
    # The first of a name counts: which versions of languages this machine has is noted after the tools.
    return {each["check"]: (each["outcome"], each["told"]) for each in reversed(told["checks"])}


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    """A project for this file only: its functions fail here."""
    project = copy_sample(tmp_path_factory.mktemp("doctor") / "accounts")
    project.run("push")
    yield project
    project.run("local", "stop")


def test_a_pushed_project_is_healthy_and_what_was_not_checked_says_why(pushed: LocalProject) -> None:
    found = outcomes(pushed, 0)
    assert {name for name, (outcome, _) in found.items() if outcome == "ok"} == {
        "project",
        "tools",
        "credentials",
        "stack",
        "changes",
        "deployment",
        "database",
        "functions",
        "calls",
    }
    assert found["pools"] == (
        "not checked",
        "The embedded cloud makes the pools that an environment imports by itself.",
    )


def test_the_table_is_data_and_its_verdict_is_talk(pushed: LocalProject) -> None:
    done = pushed.run("doctor")
    assert "ok           stack        accounts-dev is" in done.out
    assert "Healthy." in done.err


def test_a_change_on_disk_is_noted_and_is_no_finding(pushed: LocalProject) -> None:
    file = "amplify/backend/function/accountsAPI/parameters.json"
    before = (pushed.root / file).read_text()
    pushed.edit(file, timeout=20)
    try:
        assert outcomes(pushed, 0)["changes"] == ("note", "A push would change function/accountsAPI.")
    finally:
        (pushed.root / file).write_text(before)


def test_a_function_that_crashed_is_found_with_what_it_said(pushed: LocalProject) -> None:
    from accountsctl.adapters.invocation import Settings
    from accountsctl.bootstrap import Application

    wiring = Application(Settings(pushed.root))
    name = wiring.deployed_outputs["function/accountsAPI"]["Name"]
    wiring.session.client("lambda").invoke(FunctionName=name, Payload=b"[]")
    outcome, told = outcomes(pushed, 1)["functions"]
    assert outcome == "finding"
    assert "function/accountsAPI has failed once in the last hour. Last: AttributeError" in told


def test_options_before_the_subcommand_are_not_lost_in_silence(pushed: LocalProject) -> None:
    done = pushed.run("doctor", "--env", "nosuch", "cors", "--layer", "static", expect=2)
    assert "nosuch" in done.err


@pytest.mark.slow
def test_a_broken_project_that_was_never_pushed_has_both_findings(tmp_path: Path) -> None:
    project = copy_sample(tmp_path / "accounts")
    (project.root / "amplify/backend/rds/accountsCluster/parameters.json").write_text("{")
    try:
        found = outcomes(project, 1)
        assert found["project"][0] == found["stack"][0] == "finding"
        assert "amplify/backend/rds/accountsCluster/parameters.json:1" in found["project"][1]
    finally:
        project.run("local", "stop")


def test_without_credentials_the_cloud_cannot_be_looked_at(tmp_path: Path) -> None:
    project = copy_sample(tmp_path / "accounts")
    nowhere = {
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ACCESS_KEY_ID": "",
        "AWS_PROFILE": "",
    }
    done = project.run("doctor", "--env", "prod", expect=4, **nowhere)
    assert "not checked  credentials" in done.out
    assert "The cloud could not be looked at." in done.err
