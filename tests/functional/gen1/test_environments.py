"""Environments of a project that Amplify made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.gen1.amplify_project import BACKEND, FUNCTION, STACK_ID, contents, do, loaded, write


def test_init_takes_over_each_environment_and_changes_no_file_of_amplify(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(project)
    do("init")
    after = contents(project)
    assert {path: after[path] for path in before} == before
    assert sorted(after.keys() - before.keys()) == [
        ".gitignore",
        "amplify/.config/local-env-info.json",
        "amplify/environments/dev.json",
        "amplify/environments/prod.json",
    ]
    assert loaded(project, "amplify/environments/prod.json") == {
        "cloud": "aws",
        "region": "eu-central-1",
        "stackName": "amplify-shop-prod-1",
        "stackId": STACK_ID,
        "accountId": "111122223333",
        "bucket": "amplify-shop-prod-1-deployment",
        "parameters": {},
        "imported": {},
    }
    said = capsys.readouterr().err
    assert "Took over 2 environments" in said
    assert "api/web: rendered from its cli-inputs.json" in said


def test_init_changes_nothing_where_there_is_an_environment(project: Path) -> None:
    do("init")
    before = contents(project)
    do("init", expect=2)
    assert contents(project) == before


@pytest.mark.parametrize("checked_out", [None, "dev"])
def test_what_an_error_proposes_leads_to_an_environment(
    project: Path, capsys: pytest.CaptureFixture[str], checked_out: str | None
) -> None:
    """Amplify's own file may name an environment that has no file of ours yet."""
    if checked_out:
        write(
            project, "amplify/.config/local-env-info.json", {"envName": checked_out, "defaultEditor": "vim"}
        )
    do("status", expect=2)
    assert "accountsctl init" in capsys.readouterr().err
    do("env", "add", "dev", "--cloud", "local")
    do("env", "checkout", "dev")
    do("status")
    environment = loaded(project, "amplify/environments/dev.json")
    assert (environment["cloud"], environment["region"]) == ("local", "eu-west-1")
    assert environment["stackName"] == "amplify-shop-dev-1"
    kept = loaded(project, "amplify/.config/local-env-info.json")
    assert kept.get("defaultEditor") == ("vim" if checked_out else None)


def test_a_first_environment_needs_no_file_of_amplify(project: Path) -> None:
    (project / "amplify/team-provider-info.json").unlink()
    do("env", "add", "test")
    assert loaded(project, "amplify/environments/test.json")["cloud"] == "local"


def test_a_damaged_team_provider_info_is_named_and_nothing_is_written(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(project, "amplify/team-provider-info.json", '{"dev": {"awscloudformation": ')
    before = contents(project)
    do("init", expect=2)
    assert "amplify/team-provider-info.json:1" in capsys.readouterr().err
    assert contents(project) == before


def test_an_environment_copied_from_one_of_amplify_has_its_values(project: Path) -> None:
    do("init")
    do("env", "add", "laptop", "--cloud", "local", "--from", "prod")
    environment = loaded(project, "amplify/environments/laptop.json")
    assert environment["parameters"] == {"function": {"work": {"tableName": "orders"}}}
    assert "eu-central-1_Abc" not in json.dumps(environment), "the pool of AWS is not for the embedded cloud"
    do("render", "-e", "laptop")


def test_no_secret_of_amplifys_values_is_copied_into_a_file_that_is_committed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    team: Any = loaded(project, "amplify/team-provider-info.json")
    secrets = {"stripe": "sk_live_" + "a" * 24, "API_KEY": "between us", "hooks": ["https://a:b@example.com"]}
    team["prod"]["categories"]["function"]["work"] |= secrets
    write(project, "amplify/team-provider-info.json", team)
    do("init")
    do("env", "add", "laptop", "--cloud", "local", "--from", "prod")
    environment = loaded(project, "amplify/environments/laptop.json")
    assert environment["parameters"] == {"function": {"work": {"tableName": "orders"}}}
    said = capsys.readouterr().err
    for key in ("stripe", "API_KEY", "hooks.0"):
        assert f"Not copied, since it looks like a secret: function.work.{key}." in said
    assert "between us" not in said
    assert "Secrets Manager" in said


def test_what_amplify_would_act_on_and_a_push_does_not_is_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    backend = {**BACKEND, "hosting": {"amplifyhosting": {"type": "cicd"}}}
    write(project, "amplify/backend/backend-config.json", backend)
    write(project, "amplify/backend/api/web/override.ts", "export function override() {}\n")
    write(project, "amplify/backend/api/web/custom-policies.json", [])
    write(project, "amplify/backend/awscloudformation/override.ts", "")
    write(project, "amplify/hooks/pre-push.sh", "make all\n")
    write(project, "amplify/hooks/post-push.sh.sample", "")
    write(project, "package.json", {"scripts": {"amplify:work": "tsc", "amplify:other": "tsc"}})
    tags = [{"Key": "user:Stack", "Value": "{project-env}"}, {"Key": "cost-centre", "Value": "7"}]
    write(project, "amplify/backend/tags.json", tags)
    expected = [
        "hosting/amplifyhosting: passed over; hosting belongs to the front end, and stays where it is.",
        "amplify/backend/api/web/override.ts is not applied: run `amplify build` once",
        "amplify/backend/api/web/custom-policies.json is not applied",
        "amplify/backend/awscloudformation/override.ts is not applied",
        "Amplify's hooks are not run: amplify/hooks/pre-push.sh.",
        "package.json has the script amplify:work, which a push does not run: npm run amplify:work",
        "amplify/backend/tags.json is not applied: the stacks do not get the tags cost-centre.",
    ]
    do("init")
    said = capsys.readouterr().err
    assert [sentence for sentence in expected if sentence not in said] == []
    do("env", "add", "laptop", "--cloud", "local", "--from", "prod")
    capsys.readouterr()
    do("status", "-e", "laptop")
    said = capsys.readouterr().err
    assert [sentence for sentence in expected if sentence not in said] == []


def test_what_amplify_built_has_its_override(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, "amplify/backend/api/web/override.ts", "export function override() {}\n")
    write(project, "amplify/backend/api/web/build/web-cloudformation-template.json", FUNCTION)
    do("init")
    assert "not applied" not in capsys.readouterr().err
