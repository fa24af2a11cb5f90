"""The article's story: IAM where a Cognito authorizer belonged, hidden by gateway errors without CORS headers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.local.browser import chromium, read_user
from tests.local.project import SAMPLE, LocalProject, copy_sample
from tests.local.test_page_story import RENT, free_port, page

PARAMETERS = "amplify/backend/api/accountsAPI/parameters.json"
PARTIAL = "templates/_partials/cors.j2"
ACCOUNTS = ["doctor", "cors", "--path", "/accounts", "--method", "GET"]


@pytest.fixture
def broken(tmp_path: Path) -> LocalProject:
    """The sample as the article had it: AWS_IAM, and a template of its own without CORS on the gateway's errors."""
    project = copy_sample(tmp_path / "article")
    parameters = json.loads((project.root / PARAMETERS).read_text())
    project.edit(PARAMETERS, **{**parameters, "authorization": "AWS_IAM"})
    text = (SAMPLE / PARTIAL).read_text()
    before, _, rest = text.partition("        gatewayresponse.header.Access-Control-Allow-Origin:")
    target = project.root / PARTIAL
    target.parent.mkdir(parents=True)
    target.write_text(before + rest.partition("\n")[2])
    return project


def test_the_doctor_ends_the_article(broken: LocalProject) -> None:
    try:
        broken.run("push", "--yes")
        broken.run("db", "init")
        port = free_port()
        origin = f"http://localhost:{port}"
        with chromium() as tab, page(broken, port):
            tab.open(origin)
            tab.sign_in(read_user(broken.root))
            tab.see("The browser got no answer that it may show to this page.")
            found = broken.run(*ACCOUNTS, "--origin", origin, "--json", expect=1).json
            assert found["rootCause"] == {
                "id": "auth.iam-not-cognito",
                "certainty": "certain",
                "alternatives": [],
            }
            assert found["maskedBy"] == ["gwresp.4xx"]
            assert {each["layer"] for each in found["evidence"]} == {"static", "deployed", "live"}
            assert found["browser"]["code"] == "MissingAllowOriginHeader"
            broken.run(*ACCOUNTS, "--origin", origin, "--fix", "--apply", expect=1)
            broken.run("push", "--yes")
            after = broken.run("doctor", "cors", "--origin", origin, "--json").json
            assert {each["verdict"] for each in after} == {"pass"}
            assert not [one for one in after if "warnings" in one]
            broken.run("call", "POST", "/accounts", "-d", json.dumps(RENT))
            tab.press("Try now")
            tab.until(tab.rows)
            assert tab.rows()[1] == f"Rent | {RENT['account_number']} | -1,200.00"
    finally:
        broken.run("local", "stop", expect=None)
