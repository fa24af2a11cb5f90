"""What someone types on the first day, where other tools have taught what to expect."""

from __future__ import annotations

import io
import json
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from accountsctl.__main__ import main
from accountsctl.model import errors
from accountsctl.ui.plan import show_plan
from accountsctl.ui.screen import Screen
from tests.functional.command_line import typed
from tests.functional.push_world import RDS, World


@pytest.mark.parametrize("variable", ["AWS_REGION", "AWS_DEFAULT_REGION"])
def test_a_new_project_is_in_the_region_of_the_variable(
    variable: str, project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(variable, "us-east-1")
    assert typed(capsys, "init", "shop")[0] == 0
    assert json.loads((project / "amplify/environments/dev.json").read_text())["region"] == "us-east-1"


def test_the_console_of_aws_is_opened_without_a_request(
    sample_project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = typed(capsys, "open", "-e", "prod", "--print")
    assert out == (
        "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1"
        "#/stacks?filteringText=accounts-prod\n"
    )
    code, _, err = typed(capsys, "open", "--print")
    assert (code, "accountsctl open api" in err) == (2, True)


def test_open_page_serves_what_ui_serves(sample_project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused = typed(capsys, "ui", "-e", "prod")
    assert refused[0] == 3
    assert typed(capsys, "open", "page", "-e", "prod", "--print") == refused


def test_the_help_lists_every_exit_code_that_an_error_has(capsys: pytest.CaptureFixture[str]) -> None:
    listed = re.findall(
        r"^    (\d[\d, ]*?)  +\S", typed(capsys, "--help")[1].split("Exit codes:")[1], re.MULTILINE
    )
    known = {int(number) for text in listed for number in text.split(",")}
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and hasattr(kind, "exit_code")]
    assert len(kinds) > 5
    assert {kind.exit_code for kind in kinds} - known == set()


def test_ctrl_c_while_the_program_is_loaded_leaves_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted(ModuleType):
        """A module in the middle of whose loading Ctrl-C is pressed."""

        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "accountsctl.cli", Interrupted("accountsctl.cli"))
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr() == ("", "")


def test_a_plan_states_each_replacement_once_with_both_values_and_hides_what_is_unchanged(
    world: World,
) -> None:
    world.push()
    world.edit(RDS, DBClusterName="renamed")
    err = io.StringIO()
    show_plan(Screen(io.StringIO(), err), world.plan())
    lines = err.getvalue().splitlines()
    replaced = [line.split()[1] for line in lines if line.strip().startswith("! ")]
    assert "RDSCluster" in replaced
    assert len(replaced) == len(set(replaced))
    assert any(re.search(r'RDSCluster\.DBClusterIdentifier: "\S+" -> "renamed-dev"', line) for line in lines)
    assert lines[-1] == "    2 unchanged"
    assert not any(line.strip().startswith("none") for line in lines)
