"""`push --watch`: what is saved is what answers."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.local.project import COMMAND, HANDLER, RDS, LocalProject, copy_sample

pytestmark = pytest.mark.slow

SECONDS = 120
"""How long a command that watches may run in a test."""
FUNCTION = 'def handler(event, context):\n    return {"statusCode": 200, "body": "%s"}\n'
PARAMETERS = "amplify/backend/function/accountsAPI/parameters.json"


class Watch:
    """A `push --watch` that runs."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def says(self, *texts: str) -> str:
        """Read messages until one line has all texts; everything that was read."""
        assert self.process.stderr is not None
        read = ""
        for line in self.process.stderr:
            read += line
            if all(text in line for text in texts):
                return read
        raise AssertionError(f"it ended without {texts}:\n{read}")

    def prints(self, text: str) -> bool:
        """Read what it prints until a line has the text; whether there was one."""
        assert self.process.stdout is not None
        return any(text in line for line in self.process.stdout)


@contextmanager
def running(project: LocalProject, *words: str, **variables: str) -> Iterator[Watch]:
    """A command that watches; killed at the end, and before it if a line that is waited for does not come."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [str(COMMAND), *words],
        cwd=project.root,
        stdout=pipe,
        stderr=pipe,
        text=True,
        env={**os.environ, **variables},
    ) as process:
        limit = threading.Timer(SECONDS, process.kill)
        limit.start()
        try:
            watch = Watch(process)
            watch.says("Watching", "Ctrl-C")
            yield watch
        finally:
            limit.cancel()
            process.kill()


@contextmanager
def watching(project: LocalProject, *more: str, **variables: str) -> Iterator[Watch]:
    with running(project, "push", "--watch", "--yes", *more, **variables) as watch:
        yield watch


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = copy_sample(tmp_path_factory.mktemp("watched") / "accounts")
    (made.root / HANDLER).write_text(FUNCTION % "zero")
    yield made
    made.run("local", "stop")


def test_every_save_is_deployed_until_ctrl_c(project: LocalProject) -> None:
    with watching(project) as watch:
        for answer in ("one", "two"):
            (project.root / HANDLER).write_text(FUNCTION % answer)
            watch.says("pushed function/accountsAPI in")
            assert project.run("call", "GET", "/accounts").out == f"{answer}\n"
        watch.process.send_signal(signal.SIGINT)
        assert watch.process.wait(timeout=30) == 0


def test_a_mistake_is_shown_and_the_next_save_is_deployed(project: LocalProject) -> None:
    before = (project.root / PARAMETERS).read_text()
    with watching(project) as watch:
        (project.root / PARAMETERS).write_text("{")
        assert "parameters.json:1" in watch.says("parameters.json:1")
        (project.root / PARAMETERS).write_text(before)
        (project.root / HANDLER).write_text(FUNCTION % "mended")
        watch.says("pushed function/accountsAPI in")
        assert project.run("call", "GET", "/accounts").out == "mended\n"


def test_no_save_loses_data(project: LocalProject) -> None:
    before = json.loads((project.root / RDS).read_text())
    with watching(project) as watch:
        project.edit(RDS, DBClusterName="another")
        watch.says("--allow-data-loss rds/accountsCluster")
        (project.root / RDS).write_text(json.dumps(before))
        (project.root / HANDLER).write_text(FUNCTION % "kept")
        watch.says("pushed function/accountsAPI in")
    assert project.run("push", "--json").json["changed"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--dry-run",), "--watch and --dry-run"), (("--plan-file", "plan.json"), "--watch and --plan-file")],
)
def test_what_cannot_be_watched_is_refused(project: LocalProject, words: tuple[str, ...], said: str) -> None:
    assert said in project.run("push", "--watch", *words, expect=2).err


def test_a_protected_environment_is_refused(project: LocalProject) -> None:
    file = project.root / "amplify/environments/dev.json"
    before = file.read_text()
    project.edit("amplify/environments/dev.json", protected=True)
    assert "is protected, so --watch does not push to it" in project.run("push", "--watch", expect=2).err
    file.write_text(before)


def test_dev_also_shows_the_log_and_where_the_page_is(project: LocalProject) -> None:
    (project.root / HANDLER).write_text(FUNCTION % "silent")
    with running(project, "dev", "--yes", "--port", "0") as watch:
        assert project.run("call", "GET", "/accounts").out == "silent\n"
        (project.root / HANDLER).write_text('print("loaded by dev")\n' + FUNCTION % "dev")
        watch.says("pushed function/accountsAPI in")
        assert project.run("call", "GET", "/accounts").out == "dev\n"
        assert watch.prints("loaded by dev")


def test_dev_follows_a_function_that_is_added_later(project: LocalProject) -> None:
    with running(project, "dev", "--yes", "--no-page") as watch:
        project.run("add", "function", "later", "--runtime", "python3.13")
        watch.says("pushed function/later in")
        handler = project.root / "amplify/backend/function/later/src/index.py"
        handler.write_text('def handler(event, context):\n    print("spoken by the later one")\n')
        watch.says("pushed function/later in")
        project.run("invoke", "later")
        assert watch.prints("later  spoken by the later one")


def test_dev_has_no_json(project: LocalProject) -> None:
    assert "dev has no result that could be JSON." in project.run("dev", "--json", expect=2).out


def test_on_aws_code_goes_to_lambda_and_the_next_push_corrects_the_drift(project: LocalProject) -> None:
    handler, file = project.root / HANDLER, project.root / "amplify/environments/prod.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "protected": False}))
    aws = project.aws()

    def answers() -> str:
        return str(json.loads(project.run("invoke", "accountsAPI", "--env", "prod", **aws).out)["body"])

    handler.write_text(FUNCTION % "first")
    project.run("push", "-e", "prod", "--yes", **aws)
    with watching(project, "-e", "prod", **aws) as watch:
        handler.write_text(FUNCTION % "second")
        watch.says("pushed function/accountsAPI in")
        handler.write_text(FUNCTION % "third")
        watch.says("pushed the code of function/accountsAPI in")
        watch.says("The stack still names the code before: drift")
        assert answers() == "third"
    assert "/Code" in project.run("drift", "-e", "prod", expect=1, **aws).out
    handler.write_text(FUNCTION % "second")  # what the stack deployed: the templates are equal
    dry = project.run("push", "-e", "prod", "--dry-run", "--exit-code", expect=10, **aws)
    assert "Its code in Lambda is not what the stack deployed" in dry.err
    assert project.run("push", "-e", "prod", "--yes", "--json", **aws).json["changed"] is True
    assert answers() == "second"
    project.run("drift", "-e", "prod", **aws)
    assert project.run("push", "-e", "prod", "--yes", "--json", **aws).json["changed"] is False


def test_code_that_another_tool_updated_is_named_by_drift_and_deployed_again_by_name(
    project: LocalProject,
) -> None:
    (project.root / HANDLER).write_text(FUNCTION % "ours")
    project.run("push")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.py", FUNCTION % "theirs")
    name = project.run("outputs", "function/accountsAPI", "Name").out.strip()
    updated = project.client("lambda").update_function_code(FunctionName=name, ZipFile=content.getvalue())
    assert updated["LastUpdateStatus"] == "InProgress"
    assert project.run("call", "GET", "/accounts").out == "theirs\n"
    assert "accountsctl push function/accountsAPI" in project.run("drift", expect=1).err
    assert project.run("push", "function/accountsAPI", "--json").json["changed"] is True
    assert project.run("call", "GET", "/accounts").out == "ours\n"
    project.run("drift")
