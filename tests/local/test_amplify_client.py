"""The real aws-amplify, configured by what `export` wrote, signs in and reads the accounts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

CLIENT = Path(__file__).parent / "amplify_client"


@pytest.fixture(scope="session")
def amplify() -> Path:
    """The folder of the client, with its packages as the lock file has them."""
    if not shutil.which("npm"):
        pytest.skip("aws-amplify comes from npm, and there is none")
    installed = CLIENT / "node_modules" / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < (CLIENT / "package-lock.json").stat().st_mtime:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=CLIENT, check=True, capture_output=True)
    return CLIENT


def test_amplify_takes_the_exported_file_as_it_is(deployed: LocalProject, amplify: Path) -> None:
    deployed.run("export", "--out", "amplify_outputs.json")
    user = json.loads((deployed.root / "amplify/.local/demo-user.json").read_text())
    environment = {
        **os.environ,
        "ACCOUNTSCTL_USER": user["username"],
        "ACCOUNTSCTL_PASSWORD": user["password"],
    }
    command = ["node", str(amplify / "client.mjs"), str(deployed.root / "amplify_outputs.json"), "/accounts"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["isSignedIn"], answer["statusCode"]) == (True, 200)
    assert answer["body"] == deployed.run("call", "GET", "/accounts").json


def test_the_other_formats_say_the_same(deployed: LocalProject) -> None:
    url = deployed.run("outputs", "api/accountsAPI", "RootUrl").out.strip()
    exports = deployed.run("export", "--format", "aws-exports").out
    body = json.loads(exports[exports.index("{") : exports.rindex("}") + 1])
    (api,) = body["aws_cloud_logic_custom"]
    assert api == {
        "name": "accountsAPI",
        "endpoint": url,
        "region": "eu-west-1",
        "authorizationType": "AMAZON_COGNITO_USER_POOLS",
    }
    assert body["custom"]["rds/accountsCluster"]["DatabaseName"] == "accountsDatabase"
    assert f"API_ACCOUNTSAPI_ROOTURL={url}\n" in deployed.run("export", "--format", "dotenv").out
    plain = deployed.run("export", "--format", "json").json
    assert plain["outputs"] == deployed.run("outputs", "--json").json
