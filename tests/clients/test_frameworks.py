"""Frameworks that make the templates themselves: deploy, change, look, remove."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from tests.clients.tools import PROGRAMS, Client, Shell, exercises
from tests.local.conftest import service_clients

pytestmark = pytest.mark.slow

SERVERLESS = Client("Serverless (osls)", ("osls@4.3.1",))
CDK = Client("CDK", ("aws-cdk@2.1148.1", "aws-cdk-lib@2.276.0", "constructs@10.8.1"))
SERVICE = """
service: clients
provider:
  name: aws
  runtime: nodejs20.x
  region: eu-west-1
  environment: {ANSWER: %s}
functions:
  hello:
    handler: handler.hello
    events:
      - http: {path: 'hello/{name}', method: get, cors: true}
      - httpApi: 'GET /plain'
"""
HANDLER = """
exports.hello = async (event) => {
  console.log("greeting", event.pathParameters?.name);
  return { statusCode: 200, body: process.env.ANSWER };
};
"""


def get(shell: Shell, api: str, path: str) -> tuple[int, str]:
    """Status and body of a request to an API, by its id."""
    url = f"{shell.variables['AWS_ENDPOINT_URL']}/_aws/execute-api/{api}/{path}"
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@exercises(
    SERVERLESS,
    "a REST API and an HTTP API: `deploy`, `deploy` of a change, `invoke`, `logs`, `info`, `remove`",
)
def test_serverless(shell: Shell, tmp_path: Path) -> None:
    program = SERVERLESS.program("osls")

    def run(*words: str) -> str:
        return shell.run(program, *words, SLS_AWS_MONITORING_FREQUENCY="500", NODE_NO_WARNINGS="1").out

    (tmp_path / "handler.js").write_text(HANDLER)
    (tmp_path / "serverless.yml").write_text(SERVICE % "one")
    printed = run("deploy")
    (rest,) = re.findall(r"https://(\w+)\.execute-api\S+/dev/hello", printed)
    (http,) = re.findall(r"https://(\w+)\.execute-api\S+/plain", printed)
    assert get(shell, rest, "dev/hello/ann") == get(shell, http, "$default/plain") == (200, "one")
    (tmp_path / "serverless.yml").write_text(SERVICE % "two")
    run("deploy")
    assert get(shell, rest, "dev/hello/ann") == (200, "two")
    assert '"body": "two"' in run("invoke", "-f", "hello", "--data", '{"pathParameters": {"name": "bob"}}')
    logged = run("logs", "-f", "hello")
    assert [word in logged for word in ("START", "greeting ann", "greeting bob", "Duration")] == [True] * 4
    assert f"{rest}.execute-api" in run("info")
    run("remove")
    assert get(shell, rest, "dev/hello/ann")[0] == 403


@exercises(
    CDK,
    "with `LegacyStackSynthesizer`, a REST API with a Cognito authorizer: `deploy`, nothing to do, `diff`, `deploy` of "
    "a change, `destroy`; not `bootstrap`, and so not the default synthesizer: its stack has an ECR repository",
)
def test_cdk(shell: Shell, tmp_path: Path, cloud: LocalCloudClient) -> None:
    program, app = CDK.program("cdk"), PROGRAMS / "cdk_app.js"
    packages = CDK.folder / "node_modules"

    def synthesized(answer: str) -> str:
        shell.run("node", str(app), NODE_PATH=str(packages), ANSWER=answer, CDK_OUTDIR=str(tmp_path / answer))
        return answer

    def cdk(assembly: str, *words: str, expect: int = 0) -> str:
        plain = ("--app", assembly, "--no-notices", "--progress", "events")
        return shell.run(program, *words, *plain, expect=expect, NODE_NO_WARNINGS="1").out

    deploy = ("deploy", "--require-approval", "never")
    one, two = synthesized("one"), synthesized("two")
    (api,) = re.findall(r"CdkShop\.Id = (\w+)", cdk(one, *deploy))
    assert get(shell, api, "prod/open") == (200, "one")
    assert get(shell, api, "prod/mine")[0] == 401
    assert "(no changes)" in cdk(one, *deploy)
    assert "AWS::Lambda::Function" in cdk(two, "diff", "--fail", expect=1)
    cdk(two, *deploy)
    assert get(shell, api, "prod/open") == (200, "two")
    cdk(two, "destroy", "--force")
    assert get(shell, api, "prod/open")[0] == 403
    bootstrap = (packages / "aws-cdk/lib/api/bootstrap/bootstrap-template.yaml").read_text()
    formation = service_clients(cloud)("cloudformation")
    with pytest.raises(ClientError, match=r"cannot provide these resource types: \[AWS::ECR::Repository\]"):
        formation.create_stack(
            StackName="CDKToolkit", TemplateBody=bootstrap, Capabilities=["CAPABILITY_NAMED_IAM"]
        )
