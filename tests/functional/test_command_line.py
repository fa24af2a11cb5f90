"""The command line as people type it: options anywhere, near misses, aliases, and errors that programs can read."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
import yaml

from accountsctl.cli import cli
from accountsctl.cli.groups import ALIASES, LazyGroup
from tests.functional.command_line import typed
from tests.unit.test_words import every_command


@pytest.mark.parametrize(
    "words",
    [
        ("-C", "{}", "env", "list", "--json"),
        ("env", "-C", "{}", "list", "--json"),
        ("env", "list", "-C", "{}", "--json"),
        ("--json", "--project={}", "env", "ls"),
        ("-o", "json", "env", "-C{}", "ls", "-q"),
        ("-C", "/nowhere", "env", "-C", "{}", "ls", "-ojson"),
    ],
    ids=" ".join,
)
def test_the_shared_options_stand_before_and_after_the_subcommand(
    words: tuple[str, ...],
    sample_project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir("/")
    code, out, _ = typed(capsys, *(word.format(sample_project) for word in words))
    assert code == 0
    assert json.loads(out)["envs"] == ["dev", "prod"]


def test_an_environment_before_the_subcommand_is_the_environment(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert json.loads(typed(capsys, "-e", "prod", "--json", "render")[1])["environment"] == "prod"
    assert json.loads(typed(capsys, "--json", "render")[1])["environment"] == "dev"


def test_the_variables_name_environment_and_project_and_the_options_win(
    sample_project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir("/")
    monkeypatch.setenv("ACCOUNTSCTL_PROJECT", str(sample_project))
    monkeypatch.setenv("ACCOUNTSCTL_ENV", "prod")
    assert json.loads(typed(capsys, "render", "--json")[1])["environment"] == "prod"
    assert json.loads(typed(capsys, "-e", "dev", "render", "--json")[1])["environment"] == "dev"


def test_an_option_before_a_command_that_does_not_take_it_is_an_error_unless_it_is_about_looks(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = typed(capsys, "-e", "prod", "env", "list")
    assert (code, "`accountsctl env list` does not take --env" in err) == (2, True)
    assert typed(capsys, "--json", "--debug", "completion", "bash")[0] == 0


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("psuh", '"push"'),
        ("stat", '"status"'),
        ("deploy", '"push"'),
        ("diff", '"push --dry-run"'),
        ("env lst", '"list"'),
        ("db qurey", '"query"'),
        ("add fucntion", '"function"'),
        ("local log", '"logs"'),
        ("status --jsn", '"--json"'),
        ("push --yse", '"--yes"'),
        ("doctor cros", '"cors"'),
        ("help psuh", '"push"'),
        ("checkout", '"env checkout"'),
        ("list", '"env list" or "local list"'),
        ("ls", '"status"'),
        ("console", '"open"'),
    ],
)
def test_a_misspelled_command_or_option_is_answered_with_the_nearest(
    words: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = typed(capsys, *words.split())
    assert (code, out) == (2, "")
    assert f"Did you mean {near}?" in err


@pytest.mark.parametrize("words", ["push --follow", "status --zzz", "xyzzy"])
def test_nothing_is_suggested_if_nothing_is_near(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Did you mean" not in typed(capsys, *words.split())[2]


@pytest.mark.parametrize(
    "words",
    ["psuh", "status --jsn", "env remove", "export --format x", "env checkout staging", "logs --since"],
)
@pytest.mark.parametrize("form", ["--json", "-o json", "--output=json", "-ojson"])
def test_a_usage_error_is_json_as_any_other(
    words: str, form: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = typed(capsys, *form.split(), *words.split())
    assert (code, err) == (2, "")
    assert set(json.loads(out)["error"]) >= {"what", "why", "hint"}


def test_yaml_says_what_json_says(sample_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("env list", "render", "env checkout nowhere"):
        as_json, as_yaml = (typed(capsys, *words.split(), "-o", form)[1] for form in ("json", "yaml"))
        assert yaml.safe_load(as_yaml) == json.loads(as_json)
        assert not as_yaml.startswith("{")


def test_help_and_version_are_words_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(capsys, "help") == typed(capsys, "--help")
    assert typed(capsys, "help", "env", "add")[1] == typed(capsys, "env", "add", "--help")[1]
    assert typed(capsys, "version") == typed(capsys, "-V") == typed(capsys, "--version")


def test_ls_and_rm_are_list_and_remove_wherever_these_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        typed(capsys, "rm", "--help")[1].splitlines()[2:]
        == typed(capsys, "remove", "--help")[1].splitlines()[2:]
    )
    groups = [command for command, _ in every_command().values() if isinstance(command, LazyGroup)]
    context = click.Context(cli)
    for group in groups:
        for alias, name in ALIASES.items():
            assert group.get_command(context, alias) is group.get_command(context, name)


def test_every_group_is_one_of_ours() -> None:
    groups = [command for command, _ in every_command().values() if isinstance(command, click.Group)]
    assert {type(group) for group in groups} == {LazyGroup}


@pytest.mark.parametrize("path", sorted(every_command()))
def test_every_command_that_has_a_result_takes_all_options_about_looks(path: str) -> None:
    command, _ = every_command()[path]
    flags = {flag for parameter in command.params for flag in parameter.opts}
    looks = {"--json", "--output", "--color", "--no-color", "--quiet", "--verbose", "--debug"}
    assert flags & looks in (set(), looks)


def test_debug_shows_where_an_error_was_raised(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Traceback" in typed(capsys, "--debug", "env", "checkout", "nowhere")[2]
    assert "Traceback" not in typed(capsys, "env", "checkout", "nowhere")[2]


@pytest.mark.parametrize(
    ("variables", "colored"),
    [({"CLICOLOR_FORCE": "1"}, True), ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False), ({}, False)],
)
def test_the_variables_of_colour_are_respected(
    variables: dict[str, str],
    colored: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in typed(capsys, "env", "list", "-C", "/nowhere")[2]) is colored
    assert "\x1b[" not in typed(capsys, "env", "list", "-C", "/nowhere", "--no-color")[2]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("env checkout prd", 'Did you mean "prod"?'),
        ("-e prd status", 'Did you mean "prod"?'),
        ("update function accountsAPI --env LOG=1", "accountsctl function env set KEY=VALUE"),
        ("remove accountAPI", 'Did you mean "api/accountsAPI"?'),
        ("remove function/acountsAPI", 'Did you mean "function/accountsAPI"?'),
        ("remove accountsAPI", "These are: function/accountsAPI, api/accountsAPI."),
        ("push --dry-run --omit accountsCluste", 'Did you mean "rds/accountsCluster"?'),
        ("remove zzz", "Name one of these."),
    ],
)
def test_a_misspelled_environment_or_resource_is_answered_with_the_nearest(
    words: str, shown: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = typed(capsys, *words.split())
    assert (code, shown in err) == (2, True), err
    assert "has 1 fault" not in err


def test_a_resource_needs_no_category_if_its_name_is_unique(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = typed(capsys, "add", "dependency", "api/accountsAPI", "accountsCluster", "Arn", "--json")
    assert json.loads(done[1])["done"] == "api/accountsAPI depends on rds/accountsCluster and gets its Arn."


@pytest.mark.parametrize("name", ["pr-12", "feature-a-b", "dev2"])
def test_an_environment_may_be_named_after_a_pull_request(
    name: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(capsys, "env", "add", name)[0] == 0
    assert typed(capsys, "render", "-e", name)[0] == 0
    assert typed(capsys, "validate", "-e", name)[0] == 0


@pytest.mark.parametrize("name", ["pr-", "pr--1", "-pr", "Pr-1", "1-pr", "p", "p" * 17, "pr_1", "pr-1\n"])
def test_a_name_that_a_cluster_could_not_have_is_refused(
    name: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = typed(capsys, "env", "add", "--", name)
    assert (code, "single hyphens" in err) == (2, True)


def test_status_says_unknown_for_what_it_could_not_see(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert {row["action"] for row in json.loads(typed(capsys, "status", "--json")[1])["resources"]} == {
        "import",
        "create",
    }
    (sample_project / "amplify/.local/state").mkdir(parents=True)
    found = json.loads(typed(capsys, "status", "--json")[1])
    assert {row["action"] for row in found["resources"]} == {"unknown"}
    assert "was not seen" in found["note"]
    assert " unknown" in typed(capsys, "status")[1]


def test_a_group_without_a_command_shows_its_commands_and_no_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = typed(capsys, "add")
    assert (code, out, err.startswith("Usage: accountsctl add")) == (2, "", True)
    for words in (("add", "--json"), ("--json", "add")):
        code, out, _ = typed(capsys, *words)
        assert (code, json.loads(out)["error"]["what"]) == (2, "Missing command.")


def test_the_status_of_a_new_project_is_a_sentence_and_no_empty_table(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(capsys, "init", "shop", "-C", str(project))[0] == 0
    _, out, err = typed(capsys, "status", "-C", str(project))
    assert (out, "no resources yet" in err) == ("", True)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("add api web --function accountsAPI --path //", "--path // cannot be used"),
        ("add rds db --database 1st --username 2nd", "--database 1st and --username 2nd cannot be used"),
        ("add rds db --database first --min-capacity 900", "--min-capacity 900 cannot be used"),
        ("update function accountsAPI --memory 1", "--memory 1 cannot be used"),
    ],
)
def test_an_edit_that_is_refused_names_the_flags_and_no_file(
    words: str, named: str, sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = typed(capsys, *words.split())
    assert (code, f"Error: {named}; nothing was changed." in err) == (2, True), err
    assert "parameters.json" not in err
    assert "Fix the lines" not in err
