"""The workflows of docs/ci.md, step by step as a runner runs them; AWS is the embedded cloud of another project."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.local.project import COMMAND, SAMPLE, Done, LocalProject, copy_sample
from tests.sample import copy_sample_files

pytestmark = pytest.mark.slow
PAGE = SAMPLE / "docs/ci.md"
FUNCTION = "amplify/backend/function/accountsAPI/parameters.json"
ON_AWS = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")


def workflows() -> dict[str, Any]:
    """The page's workflows by name."""
    blocks = re.findall(r"```yaml\n(name: .*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return {workflow["name"]: workflow for workflow in map(yaml.safe_load, blocks)}


@dataclass(frozen=True)
class Runner:
    """Runs the jobs of a workflow in a fresh checkout each, as the event starts them."""

    root: Path
    aws: Mapping[str, str]

    def job(self, workflow: str, job: str, event: Mapping[str, Any]) -> Done:
        """Run a job's commands until one fails; its exit code, and the summary as stdout."""
        described = workflows()[workflow]
        steps = described["jobs"][job]["steps"]
        variables = {name: expanded(value, event) for name, value in described["env"].items()}
        summary = self.root / "summary.md"
        summary.unlink(missing_ok=True)
        log = ""
        for step in steps:
            if "run" not in step or step["run"].startswith("pip install") or not runs(step, event):
                continue
            ended = subprocess.run(
                # As a runner runs a step that names no shell.
                ["bash", "-e", "-c", step["run"]],
                cwd=self.root,
                env={
                    **{"PATH": f"{COMMAND.parent}:/usr/bin:/bin", "HOME": str(self.root), "CI": "true"},
                    **{"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)},
                    **{"GITHUB_WORKSPACE": str(self.root)},
                    **self.aws,
                    **variables,
                },
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            log += ended.stdout + ended.stderr
            if ended.returncode:
                return Done(ended.returncode, summary.read_text() if summary.exists() else "", log)
        return Done(0, summary.read_text() if summary.exists() else "", log)


def expanded(text: str, event: Mapping[str, Any]) -> str:
    """A value with its one kind of expression."""
    return text.replace("${{ github.event.number }}", str(event.get("number")))


def runs(step: Mapping[str, str], event: Mapping[str, Any]) -> bool:
    """Whether the condition of a step holds; only the page's conditions are understood."""
    match re.fullmatch(r"github\.event\.action (==|!=) '(\w+)'", step.get("if", "")):
        case None:
            assert "if" not in step, step
            return True
        case condition:
            return (event["action"] == condition[2]) is (condition[1] == "==")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    project = copy_sample(tmp_path_factory.mktemp("aws") / "accounts")
    variables = project.aws()
    yield {name: variables[name] for name in ON_AWS}
    project.run("local", "stop")


def checkout(root: Path, aws: Mapping[str, str]) -> Runner:
    copy_sample_files(root)
    return Runner(root, aws)


def status(runner: Runner, environment: str) -> str:
    found = LocalProject(runner.root).run("status", "--json", "-e", environment, expect=0, **runner.aws).json
    return str(found["stackStatus"])


def test_a_pull_request_is_planned_a_merge_pushed_and_the_next_plan_names_what_is_lost(
    aws: Mapping[str, str], tmp_path: Path
) -> None:
    runner = checkout(tmp_path / "first", aws)
    planned = runner.job("backend", "plan", {})
    assert (planned.code, "create rds/accountsCluster" in planned.out) == (0, True), planned.err
    assert "Plan for `prod`" in planned.out
    pushed = runner.job("backend", "push", {})
    assert (pushed.code, "Pushed `prod`" in pushed.out) == (0, True), pushed.err
    assert "up to date" in runner.job("backend", "plan", {}).out

    project = LocalProject(runner.root)
    project.edit("amplify/backend/rds/accountsCluster/parameters.json", DBClusterName="renamed")
    losing = runner.job("backend", "plan", {})
    assert (losing.code, "final snapshot" in losing.out) == (1, True), losing.err

    project.edit(FUNCTION, timout=5)
    faulty = runner.job("backend", "plan", {})
    assert faulty.code == 2
    assert f"::error file={FUNCTION}," in faulty.err
    assert "timout" in faulty.out


def test_a_preview_is_made_pushed_again_and_removed_with_its_pull_request(
    aws: Mapping[str, str], tmp_path: Path
) -> None:
    for number, action in enumerate(("opened", "synchronize", "closed")):
        runner = checkout(tmp_path / str(number), aws)
        done = runner.job("preview", "preview", {"number": 12, "action": action})
        assert done.code == 0, done.err
        assert "pr-12" in done.out or action == "closed"
        expected = "NOT_DEPLOYED" if action == "closed" else "UPDATE_COMPLETE"
        assert status(runner, "pr-12") == expected


def test_the_page_has_no_other_workflow() -> None:
    assert set(workflows()) == {"backend", "preview"}
