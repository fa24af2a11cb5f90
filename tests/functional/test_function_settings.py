"""`function env` and `update function`, through the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.workspace import FileWorkspace
from accountsctl.synth import assemble
from tests.functional.shop import contents, do

PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"
DEV, PROD = "amplify/environments/dev.json", "amplify/environments/prod.json"


def function_of(root: Path, environment: str) -> dict[str, Any]:
    """The function's properties, as they would be deployed."""
    (child,) = (
        child
        for child in assemble(FileWorkspace(root).read(environment)).children
        if child.id.category == "function"
    )
    properties: dict[str, Any] = child.template.body["Resources"]["LambdaFunction"]["Properties"]
    return properties


def variables(root: Path, environment: str) -> dict[str, Any]:
    found: dict[str, Any] = function_of(root, environment)["Environment"]["Variables"]
    return found


def test_a_variable_counts_in_the_environment_that_it_is_set_in(sample_project: Path) -> None:
    do("function", "env", "set", "accountsAPI", "PAGE_SIZE=50", "EQUATION=a=b", "-e", "prod")
    assert variables(sample_project, "prod")["PAGE_SIZE"] == "50"
    assert variables(sample_project, "prod")["EQUATION"] == "a=b"
    assert "PAGE_SIZE" not in variables(sample_project, "dev")


def test_the_only_function_need_not_be_named(sample_project: Path) -> None:
    do("function", "env", "set", "LOG_SQL=yes")
    assert variables(sample_project, "dev")["LOG_SQL"] == "yes"
    do("function", "env", "unset", "LOG_SQL")
    assert "LOG_SQL" not in variables(sample_project, "dev")


def test_an_environment_overrides_one_variable_and_keeps_the_others(sample_project: Path) -> None:
    do("function", "env", "set", "--all", "PAGE_SIZE=10", "MODE=plain")
    do("function", "env", "set", "PAGE_SIZE=50", "-e", "prod")
    assert (variables(sample_project, "dev")["PAGE_SIZE"], variables(sample_project, "dev")["MODE"]) == (
        "10",
        "plain",
    )
    assert (variables(sample_project, "prod")["PAGE_SIZE"], variables(sample_project, "prod")["MODE"]) == (
        "50",
        "plain",
    )


def test_one_environment_can_do_without_a_variable_that_all_have(sample_project: Path) -> None:
    do("function", "env", "set", "--all", "PAGE_SIZE=10")
    do("function", "env", "unset", "PAGE_SIZE", "-e", "prod")
    assert "PAGE_SIZE" not in variables(sample_project, "prod")
    assert variables(sample_project, "dev")["PAGE_SIZE"] == "10"


def test_the_list_names_the_file_of_each_value(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("function", "env", "set", "--all", "PAGE_SIZE=10", "MODE=plain")
    do("function", "env", "set", "PAGE_SIZE=50")
    capsys.readouterr()
    do("function", "env", "list", "--json")
    common = {"function": "accountsAPI"}
    assert json.loads(capsys.readouterr().out) == {
        "environment": "dev",
        "variables": [
            {**common, "name": "MODE", "value": "plain", "file": PARAMETERS, "overrides": False},
            {**common, "name": "PAGE_SIZE", "value": "50", "file": DEV, "overrides": True},
        ],
    }
    do("function", "env", "list", "accountsAPI")
    assert "(overrides)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("set", "API_SECRET=hunter22"), "function secret set accountsAPI API_SECRET"),
        (("set", "PAY=sk_live_0123456789abcdef"), "looks like a secret"),
        (("set", "1X=2"), "not a valid name"),
        (("set", "AWS_REGION=eu-west-1"), "set by Lambda itself"),
        (("set", "acountsAPI", "A_B=c"), 'Did you mean "accountsAPI"?'),
        (("set", "accountsAPI"), "no value to set"),
        (("set", "A_B=c", "D_E"), "D_E has no value to set"),
        (("unset", "PAGE_SIZE"), "has no variable PAGE_SIZE"),
        (("unset", "accountsAPI"), "State which variables"),
    ],
)
def test_what_cannot_be_set_is_refused_and_nothing_changes(
    words: tuple[str, ...], said: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(sample_project)
    do("function", "env", *words, expect=2)
    error = capsys.readouterr().err
    assert said in error
    assert "hunter22" not in error
    assert contents(sample_project) == before


def test_with_two_functions_one_must_be_named(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("add", "function", "mailer", "--runtime", "python3.14")
    do("function", "env", "set", "MODE=plain", expect=2)
    assert "accountsAPI, mailer" in capsys.readouterr().err
    do("function", "env", "set", "MODE=plain", "--function", "mailer")
    do("function", "env", "unset", "mailer", "MODE")


def test_settings_are_changed_for_all_environments_or_for_one(sample_project: Path) -> None:
    do("update", "function", "accountsAPI", "--memory", "1024", "--timeout", "10", "--architecture", "x86_64")
    do("update", "function", "--memory", "2048", "--only-here", "-e", "prod")
    dev, prod = function_of(sample_project, "dev"), function_of(sample_project, "prod")
    assert (dev["MemorySize"], dev["Timeout"], dev["Architectures"]) == (1024, 10, ["x86_64"])
    assert (prod["MemorySize"], prod["Timeout"]) == (2048, 10)


def test_an_update_that_an_environment_overrides_says_so(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do("update", "function", "--log-retention", "30", "-e", "prod")
    assert "prod has its own logRetentionDays" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--timeout", "1000"), "1 to 900"),
        (("--memory", "64"), "128 to 10240"),
        (("--architecture", "arm"), 'Did you mean "arm64"?'),
        (("--runtime", "nodejs16.x"), "nodejs"),
        (("--handler", "nowhere.handler"), "src/ holds no nowhere.py"),
        (("--log-level", "loud"), "TRACE"),
        (("nothing", "--memory", "512"), "There is no function nothing"),
        ((), "State what to change."),
    ],
)
def test_settings_that_lambda_refuses_are_refused(
    words: tuple[str, ...], said: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(sample_project)
    do("update", "function", *words, expect=2)
    assert said in capsys.readouterr().err
    assert contents(sample_project) == before


def test_a_function_with_its_own_template_is_refused(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = sample_project / "amplify/backend/function/accountsAPI/template.json"
    template.write_text('{"Resources": {}, "Outputs": {"Name": {"Value": "x"}, "Arn": {"Value": "y"}}}')
    do("function", "env", "set", "MODE=plain", expect=2)
    assert "template of its own" in capsys.readouterr().err
    do("update", "function", "--memory", "512", expect=2)
    assert "template of its own" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"secrets": "KEY"}, '"secrets" must be a list'),
        ({"secrets": ["1"]}, '"secrets" must be a list'),
        ({"secrets": ["MODE"], "variables": {"MODE": 1}}, "MODE is a variable and a secret"),
    ],
)
def test_secrets_that_are_not_names_are_faults(
    parameters: dict[str, object], said: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = sample_project / PARAMETERS
    file.write_text(json.dumps({**json.loads(file.read_text()), **parameters}))
    do("render", expect=2)
    assert said in capsys.readouterr().err
