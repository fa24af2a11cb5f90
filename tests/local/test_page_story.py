"""The article's story, from an empty folder to the tree in a browser.

A team follows the commands, takes IAM for "signed-in users only", has a template of its own without CORS on the
gateway's errors, and meets the browser's one sentence: IAM where a Cognito authorizer belonged, behind a mask. The
doctor names both, mends both, and the accounts are there. Screenshots are kept, see `tests.local.browser`.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.local.browser import Browser, chromium, keep, read_user
from tests.local.processes import free_port
from tests.local.project import COMMAND, SAMPLE, LocalProject

pytestmark = pytest.mark.slow

SCREENFUL = {"domestic": "Domestic | 16 accounts | ", "international": "International | 14 accounts | "}
PARTIAL = "templates/_partials/cors.j2"
ALLOW_ORIGIN = "        gatewayresponse.header.Access-Control-Allow-Origin:"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[LocalProject]:
    """An empty folder; whatever cloud is started in it is stopped."""
    project = LocalProject(tmp_path / "bank")
    project.root.mkdir()
    yield project
    if (project.root / "backend-config.json").exists():
        project.run("local", "stop")


def test_from_an_empty_folder_over_the_cors_error_to_the_tree(empty: LocalProject) -> None:
    make_the_backend(empty)
    port = free_port()
    origin = f"http://localhost:{port}"
    with chromium() as tab, page(empty, port):
        meet_the_cors_error(tab, origin, read_user(empty.root))
        ask_the_doctor(empty, origin)
        mend(empty, origin)
        see_the_tree(tab)


def make_the_backend(project: LocalProject) -> None:
    """By commands alone, but for the template that the team has overridden."""
    project.run("init", "bank")
    project.run("import", "auth", "users")
    project.run("add", "rds", "db", "--database", "bank", "--example", "accounts")
    function = ["add", "function", "accounts", "--runtime", "python3.14", "--example", "accounts"]
    project.run(*function, "--depends-on", "rds/db:Arn,SecretArn")
    project.run("add", "api", "accounts", "--example", "accounts", "--function", "accounts", "--auth", "iam")
    before, _, rest = (SAMPLE / PARTIAL).read_text().partition(ALLOW_ORIGIN)
    target = project.root / PARTIAL
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(before + rest.partition("\n")[2])
    project.run("push", "--yes")
    project.run("db", "init")
    project.run("db", "seed", str(SAMPLE / "examples" / "accounts.csv"))


def meet_the_cors_error(tab: Browser, origin: str, user: dict[str, str]) -> None:
    tab.open(origin)
    tab.sign_in(user)
    tab.see("The browser got no answer that it may show to this page.")
    tab.see(f"accountsctl doctor cors --origin {origin}")
    assert any("blocked by CORS policy" in each for each in tab.screen.complaints())
    tab.screen.picture("story-1-cors-error")


def ask_the_doctor(project: LocalProject, origin: str) -> None:
    """The cause, what hides it, and the evidence of three layers."""
    asked = ["doctor", "cors", "--origin", origin, "--path", "/accounts", "--method", "GET"]
    found = project.run(*asked, "--json", expect=1).json
    assert found["rootCause"] == {"id": "auth.iam-not-cognito", "certainty": "certain", "alternatives": []}
    assert found["maskedBy"] == ["gwresp.4xx"]
    assert {each["layer"] for each in found["evidence"]} == {"static", "deployed", "live"}
    assert found["browser"]["code"] == "MissingAllowOriginHeader"
    report = project.run(*asked, expect=1).out
    assert "auth.iam-not-cognito" in report
    keep("story-2-doctor.txt", report)


def mend(project: LocalProject, origin: str) -> None:
    """The doctor mends what it named; after the push it finds nothing, on no path."""
    project.run("doctor", "cors", "--origin", origin, "--path", "/accounts", "--fix", "--apply", expect=0)
    project.run("push", "--yes")
    after = project.run("doctor", "cors", "--origin", origin, "--json").json
    assert {each["verdict"] for each in after} == {"pass"}
    assert not [one for one in after if "warnings" in one]


def see_the_tree(tab: Browser) -> None:
    tab.press("Try now")
    tab.until(tab.rows)
    rows = tab.rows()
    assert len(rows) == 2 + 16 + 14
    assert rows[0].startswith(SCREENFUL["domestic"])
    assert rows[17].startswith(SCREENFUL["international"])
    assert any(row.startswith("Rent | DE40815908301661318609 | ") for row in rows)
    tab.screen.picture("story-3-tree")


@contextmanager
def page(project: LocalProject, port: int) -> Iterator[str]:
    """`accountsctl ui`, serving; gives what it said until then."""
    command = [str(COMMAND), "ui", "--no-open", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=project.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        try:
            assert run.stdout.readline() == f"http://localhost:{port}/\n"
            said = [run.stderr.readline()]
            while "Ctrl-C ends it." not in said[-1]:
                assert said[-1], said
                said.append(run.stderr.readline())
            yield "".join(said)
        finally:
            run.terminate()
