"""What every linter reports: `cfn_lint` over AWS's schemas, and the fake; and what cfn-lint must not do here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from accountsctl.adapters.cfn_lint import CfnLinter
from accountsctl.adapters.template_cache import CompiledFolder
from accountsctl.ports.linter import Linter, LintFinding
from tests.fakes.linter import FakeLinter

REGION = "eu-west-1"
UNKNOWN_PROPERTY = LintFinding(
    "E3002",
    True,
    ("Resources", "Bucket", "Properties", "BucketNme"),
    "Additional properties are not allowed ('BucketNme' was unexpected. Did you mean 'BucketName'?)",
)
LINT = """
import sys
from pathlib import Path
from accountsctl.adapters.cfn_lint import CfnLinter
from accountsctl.adapters.template_cache import CompiledFolder
findings = CfnLinter(CompiledFolder(Path("cache"))).lint(Path("template.json").read_text(), "eu-west-1")
print(*(finding.rule for finding in findings), "cfnlint" in sys.modules)
"""


def template(type_: str = "AWS::S3::Bucket", metadata: object = None, **properties: object) -> str:
    resources = {"Bucket": {"Type": type_, "Properties": properties}}
    return json.dumps({"Resources": resources} | ({"Metadata": metadata} if metadata else {}))


@pytest.fixture(params=["fake", "cfn-lint"])
def linter(request: pytest.FixtureRequest, tmp_path: Path) -> Linter:
    if request.param == "fake":
        return FakeLinter({"BucketNme": UNKNOWN_PROPERTY})
    return CfnLinter(CompiledFolder(tmp_path / "cache"))


def test_nothing_is_found_in_a_sound_template(linter: Linter) -> None:
    assert linter.lint(template(BucketName="sound"), REGION) == ()


def test_a_finding_has_the_rule_the_path_and_the_message(linter: Linter) -> None:
    text = template(BucketNme="x")
    assert linter.lint(text, REGION) == (UNKNOWN_PROPERTY,)
    assert linter.lint(text, REGION) == (UNKNOWN_PROPERTY,)


def cfn_lint(folder: Path) -> CfnLinter:
    return CfnLinter(CompiledFolder(folder / "cache"))


def test_a_check_that_takes_seconds_is_announced_and_one_from_the_store_is_not(tmp_path: Path) -> None:
    shown: list[str] = []

    @contextmanager
    def busy(text: str) -> Iterator[None]:
        shown.append(f"{text} ...")
        yield
        shown.append("over")

    linter = CfnLinter(CompiledFolder(tmp_path / "cache"), busy)
    for _ in range(2):
        linter.lint(template(), REGION)
    assert shown == ["checking the templates ...", "over"]


def test_a_misspelled_type_is_reported_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (finding,) = cfn_lint(tmp_path).lint(template("AWS::S3::Buckett"), REGION)
    assert (finding.rule, finding.error) == ("E3006", True)
    assert finding.hint == 'Did you mean "AWS::S3::Bucket"?'


def test_a_region_that_the_schemas_do_not_know_is_no_reason_to_stop(tmp_path: Path) -> None:
    assert cfn_lint(tmp_path).lint(template(BucketNme="x"), "xx-nowhere-1") == (UNKNOWN_PROPERTY,)


@pytest.mark.parametrize("stored", [b"", b"{}", b"[]", b'{"findings": [[1]]}', b"\xff"])
def test_a_stored_result_that_cannot_be_read_is_worked_out_again(tmp_path: Path, stored: bytes) -> None:
    linter = cfn_lint(tmp_path)
    assert linter.lint(template(BucketNme="x"), REGION) == (UNKNOWN_PROPERTY,)
    (file,) = (tmp_path / "cache").iterdir()
    file.write_bytes(stored)
    assert linter.lint(template(BucketNme="x"), REGION) == (UNKNOWN_PROPERTY,)


def lint_in(folder: Path) -> list[str]:
    """Lint in a process of its own, in `folder`: the rules found, and whether cfn-lint was loaded."""
    command = [sys.executable, "-c", LINT]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_a_template_that_was_checked_before_is_not_checked_again(tmp_path: Path) -> None:
    (tmp_path / "template.json").write_text(template(BucketNme="x"))
    assert lint_in(tmp_path) == ["E3002", "True"]
    assert lint_in(tmp_path) == ["E3002", "False"]


def test_neither_a_project_nor_a_template_can_run_code_in_the_linter(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "hostile.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    (tmp_path / ".cfnlintrc").write_text(f"append_rules: [{rules}]\nignore_checks: [E]\n")
    config = {
        "append_rules": [str(rules)],
        "regions": ["nowhere"],
        "override_spec": str(rules / "hostile.py"),
    }
    (tmp_path / "template.json").write_text(
        template(BucketNme="x", metadata={"cfn-lint": {"config": config}})
    )
    assert lint_in(tmp_path) == ["E3002", "True"]
    assert not (tmp_path / "ran").exists()


def test_a_template_may_still_silence_a_rule(tmp_path: Path) -> None:
    silent = {"cfn-lint": {"config": {"ignore_checks": ["E3002"]}}}
    assert cfn_lint(tmp_path).lint(template(BucketNme="x", metadata=silent), REGION) == ()
