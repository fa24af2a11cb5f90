"""Replays a recorded sequence: makes its calls on the embedded cloud, and compares the answers with AWS's."""

from __future__ import annotations

import base64
import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from tests.local.functions.recorded.packages import zipped
from tests.local.recorded.comparison import Comparison

Json = dict[str, Any]
LAMBDA_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
RIGHTS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}
LOG_OF = "log of "
NAMES = ("function", "layer", "bucket", "table", "queue")
UNTYPED = ("ValidationException", "RequestEntityTooLargeException")
"""Errors that Lambda's model does not have, so that a client reads nothing but their code and text."""
_NUMBERS = itertools.count()
_REFERENCE = re.compile(r"\{([a-z0-9_-]+)((?:\.\w+)*)(?::([^{}]*))?\}", re.IGNORECASE)


@cache
def recordings() -> Json:
    """The file: `shapes` and `arguments`, which `like` refers to, and `sequences` by their names."""
    found: Json = json.loads(Path(__file__).with_name("recordings.json").read_text())
    return found


def resolved(value: Any, shapes: Mapping[str, Any]) -> Any:
    """A value with each `like` replaced by the shape that it names; a member that is null there is left out."""
    if isinstance(value, list):
        return [resolved(item, shapes) for item in value]
    if not isinstance(value, dict):
        return value
    own = {name: resolved(item, shapes) for name, item in value.items() if name != "like"}
    if "like" not in value:
        return own
    merged = {**resolved(shapes[value["like"]], shapes), **own}
    return {name: item for name, item in merged.items() if item is not None}


class Replay(Comparison):
    """One run of a sequence. `differences` and `refusals` grow with its steps."""

    def __init__(self, clients: Callable[[str], Any], name: str) -> None:
        self._sequence: list[Json] = recordings()["sequences"][name]["steps"]
        compared = [step for step in self._sequence if "answer" in step or "refused" in step]
        super().__init__({step["name"]: _expected(step) for step in compared})
        self.clients = clients
        self._lambda = clients("lambda")
        unique = f"recorded-call-{next(_NUMBERS)}"
        self._values: Json = {
            **{name: f"{unique}-{name}" for name in NAMES},
            "region": self._lambda.meta.region_name,
            "account": ACCOUNT,
        }

    def run(self) -> None:
        """Make every call, and compare every answer that was recorded."""
        for step in self._sequence:
            if "wait" in step:
                self._wait(self._filled(step["wait"]))
            elif step["call"].startswith(LOG_OF):
                lines = _log(self._values[step["call"].removeprefix(LOG_OF)])
                self.match(step["name"], lines[: len(step["answer"])])
            else:
                self._step(step)

    def _step(self, step: Json) -> None:
        arguments = self._filled(resolved(step["with"], recordings()["arguments"]))
        answer = self._answer(step["call"], arguments)
        if "name" in step:
            self._values[step["name"]] = answer
        if "status" not in step:
            if "Error" in answer:
                self.differences.append(f"{step['call']} was refused: {answer['Error']}")
            return
        self.match(step["name"], answer)

    def _answer(self, call: str, arguments: Json) -> Json:
        service, _, operation = call.rpartition(":")
        client = self.clients(service) if service else self._lambda
        try:
            answer: Json = getattr(client, operation)(**arguments)
        except ClientError as error:
            answer = dict(error.response)
            if answer["Error"]["Code"] == "NotImplemented":
                self.refusals.append(f"{call}: {answer['Error']['Message']}")
        return {
            name: _payload(value) if isinstance(value, StreamingBody) else value
            for name, value in answer.items()
            # The recordings were made before clients gave the status of DeleteFunction as a member.
            if (operation, name) != ("delete_function", "StatusCode")
        }

    def _wait(self, function: str) -> None:
        for kind in ("function_active_v2", "function_updated_v2"):
            config = {"Delay": 0, "MaxAttempts": 1000}
            self._lambda.get_waiter(kind).wait(FunctionName=function, WaiterConfig=config)

    def _filled(self, value: Any) -> Any:
        """Arguments with each `{reference}` replaced: a name, an earlier answer, a zip, a role."""
        if isinstance(value, dict):
            return {name: self._filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._filled(item) for item in value]
        if not isinstance(value, str):
            return value
        whole = _REFERENCE.fullmatch(value)
        if whole:
            return self._referred(whole)
        return _REFERENCE.sub(lambda found: str(self._referred(found)), value)

    def _referred(self, reference: re.Match[str]) -> Any:
        name, path, more = reference.groups()
        match name:
            case "zip":
                return zipped(more or "echo")
            case "hex":
                return bytes.fromhex(more)
            case "text":
                return more.encode()
            case "x":
                return "x" * int(more)
            case "role":
                return self._role(more or "")
        value = self._values[name]
        for part in path.split(".")[1:]:
            value = value[part]
        return value

    def _role(self, rights: str) -> str:
        """The ARN of a role that Lambda may assume; the same one at each call, without rights unless some are named."""
        key = f"role {rights}"
        if key not in self._values:
            iam, name = self.clients("iam"), f"recorded-call-{next(_NUMBERS)}"
            made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(LAMBDA_TRUST))
            if rights:
                iam.put_role_policy(RoleName=name, PolicyName="rights", PolicyDocument=json.dumps(RIGHTS))
            self._values[key] = made["Role"]["Arn"]
        return str(self._values[key])


def _expected(step: Json) -> Any:
    """What a step compares: an answer or error with its status, or the first lines of a log."""
    if step["call"].startswith(LOG_OF):
        return step["answer"]
    status = {"ResponseMetadata": {"HTTPStatusCode": step["status"]}}
    answer = _refusal(step) if "refused" in step else resolved(step["answer"], recordings()["shapes"])
    return {**answer, **status}


def _refusal(step: Json) -> Json:
    """An error as botocore gives it."""
    code, text = step["refused"]
    error: Json = {"Error": {"Code": code, "Message": text}}
    if code in UNTYPED:
        return error
    error["Message" if code == "ResourceNotFoundException" else "message"] = text
    if "reason" in step:
        error["Reason"] = step["reason"]
    return error if step.get("bare") else {**error, "Type": "User"}


def _payload(body: StreamingBody) -> Any:
    """What a function returned; "" if nothing came."""
    content = body.read()
    return json.loads(content) if content else ""


def _log(answer: Json) -> list[str]:
    """The lines of a log that came with an invocation."""
    return base64.b64decode(answer["LogResult"]).decode().splitlines()


def names() -> Iterator[str]:
    """The recorded sequences."""
    return iter(sorted(recordings()["sequences"]))
