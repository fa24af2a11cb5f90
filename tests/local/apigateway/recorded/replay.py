"""One sequence of calls, and its comparison with what was recorded: the tools that the cases share."""

from __future__ import annotations

import io
import itertools
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import urllib3
from botocore.exceptions import ClientError

from tests.local.recorded.comparison import Comparison

ECHO = """import json
def handler(event, context):
    return {"statusCode": 200, "headers": {}, "isBase64Encoded": False, "body": json.dumps(event)}
"""
GIVEN = """import json
def handler(event, context):
    return json.loads(event["body"])
"""
SAME = """def handler(event, context):
    return event
"""
SERVICES = ["lambda.amazonaws.com", "apigateway.amazonaws.com"]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": SERVICES}, "Action": "sts:AssumeRole"}],
}
INVOKE = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}],
}
_NUMBERS = itertools.count()


@cache
def recordings() -> dict[str, Any]:
    """Every recorded sequence, by its name."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("recordings.json").read_text())
    return found


@dataclass
class HttpAnswer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The body as JSON, or as text."""
        try:
            return json.loads(self.text)
        except ValueError:
            return self.text


@dataclass
class Builder:
    """Makes APIs, functions and methods in the embedded cloud at `url`."""

    clients: Callable[[str], Any]
    url: str

    def __post_init__(self) -> None:
        self.gateway = self.clients("apigateway")

    def api(self, **settings: Any) -> tuple[str, str]:
        """A new REST API: its id and its root's."""
        made = self.gateway.create_rest_api(name=f"recorded-{next(_NUMBERS)}", **settings)
        return made["id"], made["rootResourceId"]

    def resource(self, api: str, parent: str, part: str) -> str:
        return str(self.gateway.create_resource(restApiId=api, parentId=parent, pathPart=part)["id"])

    def function(self, code: str, module: str = "index") -> tuple[str, str]:
        """A new function: its name and ARN."""
        name = f"recorded-{next(_NUMBERS)}"
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(f"{module}.py", code)
        made = self.clients("lambda").create_function(
            FunctionName=name, Runtime="python3.12", Handler=f"{module}.handler", Role=self.role(),
            Code={"ZipFile": buffer.getvalue()}, Timeout=20,
        )  # fmt: skip
        return name, made["FunctionArn"]

    def role(self) -> str:
        """The ARN of a new role that may invoke functions."""
        iam, name = self.clients("iam"), f"recorded-{next(_NUMBERS)}"
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=json.dumps(INVOKE))
        return str(made["Role"]["Arn"])

    def invocation(self, function: str) -> str:
        """The URI of an integration with a function."""
        return f"arn:aws:apigateway:{self.region}:lambda:path/2015-03-31/functions/{function}/invocations"

    @property
    def region(self) -> str:
        return str(self.gateway.meta.region_name)

    def proxy(self, api: str, resource: str, code: str, verb: str = "ANY", **integration: Any) -> str:
        """A method with a proxy integration; gives its function's ARN."""
        arn = self.function(code)[1]
        self.gateway.put_method(restApiId=api, resourceId=resource, httpMethod=verb, authorizationType="NONE")
        settings = {"integrationHttpMethod": "POST", "credentials": self.role(), **integration}
        self.gateway.put_integration(
            restApiId=api, resourceId=resource, httpMethod=verb, type="AWS_PROXY", uri=self.invocation(arn), **settings
        )  # fmt: skip
        return arn

    def mock(
        self, api: str, resource: str, verb: str, response: str, request: str = '{"statusCode": 200}'
    ) -> None:
        """A method that answers 200 with a template."""
        place = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
        self.gateway.put_method(**place, authorizationType="NONE")
        self.gateway.put_method_response(**place, statusCode="200")
        templates = {"application/json": request}
        self.gateway.put_integration(**place, type="MOCK", requestTemplates=templates)
        self.gateway.put_integration_response(
            **place, statusCode="200", selectionPattern="", responseTemplates={"application/json": response}
        )  # fmt: skip

    def deploy(self, api: str, stage: str) -> Any:
        return self.gateway.create_deployment(restApiId=api, stageName=stage)


class Replay(Builder, Comparison):
    """Makes calls for one sequence; `differences` and `refusals` grow as its steps are compared."""

    def __init__(self, clients: Callable[[str], Any], url: str, name: str) -> None:
        Builder.__init__(self, clients, url)
        Comparison.__init__(self, recordings()[name]["steps"])

    def ask(self, operation: str, **arguments: Any) -> Any:
        """The answer of API Gateway's control plane, an error's too."""
        try:
            return getattr(self.gateway, operation)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NotImplemented":
                self.refusals.append(f"{operation}: {error.response['Error']['Message']}")
            return error.response

    def send(
        self,
        api: str,
        verb: str,
        target: str,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        text: str | None = None,
    ) -> HttpAnswer:
        """A request by the API's own host name; `target` begins with the stage.

        `body` is sent as JSON, `text` as it is, without a type.
        """
        host = f"{api}.execute-api.{self.region}.amazonaws.com"
        sent = {
            "Host": host,
            "Accept": "*/*",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": "python/test",
        }
        sent.update(headers or {})
        payload = text if body is None else json.dumps(body)
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        place = urlsplit(self.url)
        with urllib3.HTTPConnectionPool(place.hostname or "", place.port, retries=False) as pool:
            answer = pool.urlopen(verb, target, payload, sent)
            return HttpAnswer(answer.status, dict(answer.headers), answer.data.decode("utf-8", "replace"))


Case = Callable[[Replay], None]
CASES: dict[str, Case] = {}


def case(function: Case) -> Case:
    """Register the replay of the recording that has the function's name."""
    CASES[function.__name__] = function
    return function
