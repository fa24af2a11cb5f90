"""A project of which Git holds only what Amplify's CLI keeps runs on the embedded cloud, without `amplify build`."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from accountsctl.localcloud.client import LocalCloudClient
from tests.functional.gen1.full_project import OF_FUNCTION, write_full_project
from tests.local.conftest import REGION
from tests.local.project import LocalProject

WORK = "amplify/backend/function/work"
HANDLER = """\
const fs = require("fs");
const tools = require("tools");
exports.handler = async () => ({
  statusCode: 200,
  body: JSON.stringify([tools.one, fs.readFileSync("/opt/data.txt", "utf8"), process.env.API_TOKEN]),
});
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
PASSWORD = "Passw0rd!long"


@pytest.fixture
def pushed(tmp_path: Path) -> Iterator[LocalProject]:
    """The project with every format, pushed without the storage of other stacks."""
    write_full_project(tmp_path)
    for file in tmp_path.rglob("*-cloudformation-template.json"):
        template = json.loads(file.read_text())
        template["Resources"]["LambdaExecutionRole"]["Properties"]["AssumeRolePolicyDocument"] = TRUST
        file.write_text(json.dumps(template))
    (tmp_path / WORK / "src/index.js").write_text(HANDLER)
    ours = {**OF_FUNCTION, "lambdaLayers": [{"type": "ProjectLayer", "resourceName": "tools"}]}
    (tmp_path / WORK / "function-parameters.json").write_text(json.dumps(ours))
    project = LocalProject(tmp_path)
    project.run("init")
    project.run("env", "add", "laptop", "--cloud", "local", "--from", "dev")
    project.run("env", "checkout", "laptop")
    omitted = ("--omit", "storage/archive", "--omit", "storage/ledger")
    project.run("push", "--yes", *omitted)
    yield project
    project.run("local", "stop")


class Shoppers:
    """The users and guests of the pushed project."""

    def __init__(self, project: LocalProject) -> None:
        self.outputs: dict[str, dict[str, str]] = project.run("outputs", "--json").json
        cloud = LocalCloudClient(project.root / "amplify/.local")
        session: Any = boto3.Session(*cloud.credentials(), region_name=REGION)
        url = cloud.start().url
        self._admin = session.client("cognito-idp", endpoint_url=url)
        config = Config(signature_version=UNSIGNED)
        self._identities = session.client("cognito-identity", endpoint_url=url, config=config)

    def credentials(self, name: str = "", group: str = "") -> Credentials:
        """Of a user, in a group if one is named; of a guest if no one is."""
        auth = self.outputs["auth/users"]
        logins = {}
        if name:
            pool = auth["UserPoolId"]
            logins = {f"cognito-idp.{REGION}.amazonaws.com/{pool}": self.tokens(name, group)["IdToken"]}
        identity = self._identities.get_id(IdentityPoolId=auth["IdentityPoolId"], Logins=logins)["IdentityId"]
        made = self._identities.get_credentials_for_identity(IdentityId=identity, Logins=logins)[
            "Credentials"
        ]
        return Credentials(made["AccessKeyId"], made["SecretKey"], made["SessionToken"])

    def tokens(self, name: str, group: str = "") -> dict[str, str]:
        auth = self.outputs["auth/users"]
        pool, client = auth["UserPoolId"], auth["AppClientIDWeb"]
        flows = ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        self._admin.update_user_pool_client(UserPoolId=pool, ClientId=client, ExplicitAuthFlows=flows)
        attributes = [{"Name": "email", "Value": name}]
        self._admin.admin_create_user(
            UserPoolId=pool, Username=name, MessageAction="SUPPRESS", UserAttributes=attributes
        )
        self._admin.admin_set_user_password(UserPoolId=pool, Username=name, Password=PASSWORD, Permanent=True)
        if group:
            self._admin.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=group)
        given = {"USERNAME": name, "PASSWORD": PASSWORD}
        flow = "ADMIN_USER_PASSWORD_AUTH"
        answer = self._admin.admin_initiate_auth(
            UserPoolId=pool, ClientId=client, AuthFlow=flow, AuthParameters=given
        )
        tokens: dict[str, str] = answer["AuthenticationResult"]
        return tokens

    def call(self, who: Credentials | None, method: str, path: str, api: str = "web", token: str = "") -> int:
        """The status of a request, signed unless `who` is None."""
        url = f"{self.outputs[f'api/{api}']['RootUrl']}{path}"
        request = AWSRequest(method, url, headers={"Authorization": token} if token else {})
        if who is not None:
            SigV4Auth(who, "execute-api", REGION).add_auth(request)
        try:
            sent = urllib.request.Request(url, method=method, headers=dict(request.headers))
            with urllib.request.urlopen(sent, timeout=30) as response:
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code


@pytest.mark.slow
def test_users_guests_and_groups_may_call_what_the_project_states(pushed: LocalProject) -> None:
    shop = Shoppers(pushed)
    with urllib.request.urlopen(f"{shop.outputs['api/web']['RootUrl']}/open", timeout=30) as response:
        assert json.loads(response.read()) == [1, "from opt", "/amplify/d1234/laptop/AMPLIFY_work_API_TOKEN"]

    guest = shop.credentials()
    assert [shop.call(guest, method, "/news/7") for method in ("GET", "POST")] == [200, 403]
    assert shop.call(guest, "GET", "/mine") == 403
    user = shop.credentials("ann@example.com")
    assert [shop.call(user, method, "/mine") for method in ("GET", "PUT", "DELETE")] == [200, 200, 403]
    assert shop.call(user, "GET", "/team") == 403
    admin = shop.credentials("bob@example.com", "Admins")
    assert [shop.call(admin, "GET", path) for path in ("/team", "/mine")] == [200, 403]

    access = shop.tokens("cid@example.com")["AccessToken"]
    assert shop.call(None, "GET", "/listUsers", "AdminQueries", token="nothing") == 401
    assert shop.call(None, "GET", "/listUsers", "AdminQueries", token=access) == 502  # its handler returns 1
    nothing = pushed.run("push", "--yes", "--omit", "storage/archive", "--omit", "storage/ledger").err
    assert "is up to date" in nothing
