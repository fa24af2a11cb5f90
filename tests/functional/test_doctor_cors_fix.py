"""`doctor cors --fix` as its user calls it, on the project's files."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from tests.functional.doctor_cors import ORIGIN, PARAMETERS, STATIC, cors, reported, set_authorization


@pytest.fixture
def project(sample_project: Path) -> Path:
    return sample_project


def test_a_fix_is_shown_as_a_diff_and_written_only_when_asked(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    before = (project / PARAMETERS).read_text()
    shown = cors("--fix", *STATIC)
    assert '+  "authorization": "COGNITO_USER_POOLS",' in shown.stdout
    assert (project / PARAMETERS).read_text() == before
    cors("--fix", "--apply", *STATIC)
    assert cors(*STATIC).exit_code == 0


def test_a_header_is_added_to_those_that_the_template_allows_by_default(project: Path) -> None:
    asked = ("--path", "/accounts", "--method", "GET", "--header", "X-Tenant", *STATIC)
    shown = cors(*asked, "--fix").stdout
    assert '+      "X-Tenant"' in shown
    # The end of the run says what to do with the diff, and how this project is deployed.
    assert "Add --fix" not in shown
    assert "sam deploy" not in shown
    assert cors(*asked, "--fix", "--apply").exit_code == 0
    allowed = json.loads((project / PARAMETERS).read_text())["cors"]["allowHeaders"]
    assert {"Authorization", "If-Match", "X-Tenant"} <= set(allowed)
    assert cors(*asked).exit_code == 0


def test_a_fix_lets_an_api_that_knew_no_pool_depend_on_the_projects(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    file = project / "backend-config.json"
    backend = json.loads(file.read_text())
    before = backend["api"]["accountsAPI"]["dependsOn"]
    backend["api"]["accountsAPI"]["dependsOn"] = [each for each in before if each["category"] != "auth"]
    file.write_text(json.dumps(backend))
    asked = ("--path", "/accounts", "--method", "GET", "--origin", ORIGIN, *STATIC)
    assert cors(*asked, "--header", "Authorization", "--fix", "--apply").exit_code == 0
    edges = json.loads(file.read_text())["api"]["accountsAPI"]["dependsOn"]
    assert sorted(edges, key=str) == sorted(before, key=str)
    assert cors(*asked).exit_code == 0


def test_an_origin_missing_from_the_list_of_an_api_is_named_and_added(project: Path) -> None:
    file = project / PARAMETERS
    parameters = json.loads(file.read_text())
    parameters["cors"] = {"allowOrigins": ["https://one.example", "https://two.example"]}
    file.write_text(json.dumps(parameters))
    request = ("--path", "/accounts", "--method", "GET", "--origin", ORIGIN, *STATIC)
    found = reported(cors(*request, "--json"))
    assert found["rootCause"]["id"] == "httpapi.origin-not-listed"
    assert "https://one.example, https://two.example" in found["evidence"][0]["observed"]
    assert "allowOrigins" in found["fix"][0]["text"]
    cors(*request, "--fix", "--apply")
    origins = json.loads(file.read_text())["cors"]["allowOrigins"]
    assert origins == ["https://one.example", "https://two.example", ORIGIN]
    assert cors(*request).exit_code == 0


def test_a_fix_changes_the_file_that_states_the_value(project: Path) -> None:
    set_authorization(project, "AWS_IAM")
    request = ("-e", "prod", "--path", "/accounts", "--method", "GET", "--origin", ORIGIN, *STATIC)
    cors(*request, "--fix", "--apply")
    parameters = json.loads((project / PARAMETERS).read_text())
    assert parameters["cors"] == {"allowOrigins": ["*"]}
    overlay = json.loads((project / "amplify/environments/prod.json").read_text())["parameters"]
    assert overlay["api"]["accountsAPI"]["cors"]["allowOrigins"][2:] == [ORIGIN]
    assert cors(*request).exit_code == 0


def test_an_environment_with_its_own_list_of_origins_is_named_too(project: Path) -> None:
    request = ("--path", "/accounts", "--method", "GET", "--origin", ORIGIN, *STATIC)
    report = reported(cors("-e", "prod", *request, "--json"))
    assert report["rootCause"]["id"] == "httpapi.origin-not-listed"


def test_the_command_that_writes_a_fix_repeats_what_was_given_but_no_secret(project: Path) -> None:
    request = ("-e", "prod", "--path", "/accounts", "--method", "GET", "--origin", ORIGIN, *STATIC)
    result = cors("--fix", "--header", "X-A: a b", "--token", "hush", *request)
    words = result.stderr.partition("Write it: ")[2].partition("; then: accountsctl push")[0]
    assert words.startswith("accountsctl doctor cors ")
    for part in (
        " -e prod",
        " --path /accounts",
        f" --origin {ORIGIN}",
        " --header 'X-A: a b'",
        " --token -",
    ):
        assert part in words
    assert words.endswith(" --fix --apply") or words.endswith(" --apply")
    assert "hush" not in result.stderr
    cors(*shlex.split(words)[3:], stdin="hush")
    assert "X-A" in (project / "amplify/environments/prod.json").read_text()
    overlay = json.loads((project / "amplify/environments/prod.json").read_text())["parameters"]
    assert ORIGIN in overlay["api"]["accountsAPI"]["cors"]["allowOrigins"]
