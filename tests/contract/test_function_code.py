"""The code of functions past CloudFormation: over the embedded cloud, in memory, and what Lambda answers meanwhile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from accountsctl.adapters.aws.artifacts import S3Artifacts
from accountsctl.adapters.aws.function_code import LIMIT, LambdaCode
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError
from accountsctl.ports.function_code import FunctionCodes
from tests.fakes.function_codes import FakeCodes
from tests.fakes.session import Scripted
from tests.fakes.stacks import sha256
from tests.iam import LAMBDA_TRUST


@dataclass
class DeployedFunction:
    """A function whose code is the first of two objects of a bucket."""

    port: FunctionCodes
    name: str
    bucket: str
    contents: Mapping[str, bytes]


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("index.py", text)
    return out.getvalue()


CONTENTS = {"1.zip": zipped("x = 1"), "2.zip": zipped("x = 2")}


@pytest.fixture(params=["embedded", "fake"])
def deployed(request: pytest.FixtureRequest) -> Iterator[DeployedFunction]:
    if request.param == "fake":
        fake = FakeCodes(CONTENTS, {"work": sha256(CONTENTS["1.zip"])})
        yield DeployedFunction(fake, "work", "bucket", CONTENTS)
        return
    session: Session = request.getfixturevalue("session")
    name = f"codes-{uuid4().hex[:8]}"
    s3, lambdas, iam = session.client("s3"), session.client("lambda"), session.client("iam")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": session.region})
    for key, content in CONTENTS.items():
        s3.put_object(Bucket=name, Key=key, Body=content)
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=LAMBDA_TRUST)["Role"]["Arn"]
    code = {"S3Bucket": name, "S3Key": "1.zip"}
    settings = {"FunctionName": name, "Runtime": "python3.13", "Handler": "index.handler", "Role": role}
    lambdas.create_function(**settings, Code=code)
    yield DeployedFunction(LambdaCode(session), name, name, CONTENTS)
    lambdas.delete_function(FunctionName=name)
    iam.delete_role(RoleName=name)
    S3Artifacts(session).empty(name)
    s3.delete_bucket(Bucket=name)


def test_a_function_gets_the_code_of_an_object_and_its_digest_is_that_of_the_object(
    deployed: DeployedFunction,
) -> None:
    assert deployed.port.digest(deployed.name) == sha256(CONTENTS["1.zip"])
    deployed.port.update(deployed.name, deployed.bucket, "2.zip")
    assert deployed.port.digest(deployed.name) == sha256(CONTENTS["2.zip"])
    assert deployed.port.digest("no-such-function") is None


class Clock:
    """Seconds that pass in sleeps only."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def in_turn(answers: Iterator[Any]) -> Callable[[Any], Any]:
    """An operation that gives these answers one after another; an error is raised."""

    def answer(_: Any) -> Any:
        given = next(answers)
        if isinstance(given, Exception):
            raise given
        return given

    return answer


def codes(clock: Clock, *, updates: Iterator[Any], configurations: Iterator[Any]) -> LambdaCode:
    answers = {
        "UpdateFunctionCode": in_turn(updates),
        "GetFunctionConfiguration": in_turn(configurations),
    }
    session: Any = Scripted({}, answers)
    return LambdaCode(session, sleep=clock.sleep, clock=lambda: clock.now)


def forever(answer: Any) -> Iterator[Any]:
    while True:
        yield answer


def conflict() -> ClientError:
    message = "The operation cannot be performed at this time. An update is in progress for resource"
    return ClientError(
        {"Error": {"Code": "ResourceConflictException", "Message": message}}, "UpdateFunctionCode"
    )


WORKING, DONE = {"LastUpdateStatus": "InProgress"}, {"LastUpdateStatus": "Successful"}


def test_an_update_is_waited_for_until_it_is_successful() -> None:
    clock, configurations = Clock(), iter([WORKING, WORKING, DONE])
    codes(clock, updates=iter([WORKING]), configurations=configurations).update("work", "bucket", "key")
    assert list(configurations) == []
    assert 0 < clock.now < 2


def test_an_update_in_progress_is_waited_for_and_the_call_repeated() -> None:
    clock, updates = Clock(), iter([conflict(), conflict(), WORKING])
    codes(clock, updates=updates, configurations=iter([DONE])).update("work", "bucket", "key")
    assert list(updates) == []


def test_a_conflict_that_does_not_end_is_an_error() -> None:
    clock = Clock()
    with pytest.raises(CloudError, match="update the code of work"):
        codes(clock, updates=forever(conflict()), configurations=iter([])).update("work", "bucket", "key")
    assert LIMIT <= clock.now < LIMIT + 5


def test_an_update_that_does_not_end_is_an_error() -> None:
    clock = Clock()
    with pytest.raises(CloudError, match="within 120 seconds") as error:
        codes(clock, updates=iter([WORKING]), configurations=forever(WORKING)).update("work", "bucket", "key")
    assert "InProgress" in error.value.why


def test_a_failed_update_is_an_error_with_lambdas_reason() -> None:
    failed = {
        "LastUpdateStatus": "Failed",
        "LastUpdateStatusReason": "The KMS key is disabled.",
        "LastUpdateStatusReasonCode": "DisabledKMSKey",
    }
    with pytest.raises(CloudError, match="did not update the code of work") as error:
        codes(Clock(), updates=iter([WORKING]), configurations=iter([failed])).update("work", "bucket", "key")
    assert error.value.why == "The KMS key is disabled. (DisabledKMSKey)"
    assert "before still runs" in error.value.hint


def test_what_lambda_refuses_is_an_error_at_once() -> None:
    clock, session = Clock(), Scripted({"UpdateFunctionCode": "AccessDeniedException"})
    refusing: Any = session
    with pytest.raises(CloudError, match="update the code of work"):
        LambdaCode(refusing, sleep=clock.sleep, clock=lambda: clock.now).update("work", "bucket", "key")
    assert clock.now == 0


def test_a_function_that_does_not_exist_has_no_digest() -> None:
    missing: Any = Scripted({"GetFunctionConfiguration": "ResourceNotFoundException"})
    assert LambdaCode(missing).digest("work") is None
    present: Any = Scripted({}, {"GetFunctionConfiguration": {"CodeSha256": "abc="}})
    assert LambdaCode(present).digest("work") == "abc="
