"""The code of functions, past CloudFormation: read by its hash, updated from the deployment bucket.

An update is over when LastUpdateStatus is Successful; until then Lambda invokes the code before, and refuses the next
update with ResourceConflictException, also while CloudFormation or someone else updates the function.

Source: https://docs.aws.amazon.com/lambda/latest/dg/functions-states.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

LIMIT = 120.0
"""Seconds for one update, and for those before it that are still in progress."""
PACE = Pace(0.2, 2.0)


class LambdaCode:
    """`ports.FunctionCodes` over boto3. `sleep` and `clock` (seconds) are passed in, so that no test waits."""

    def __init__(
        self,
        session: Session,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._sleep = sleep
        self._clock = clock

    def digest(self, function: str) -> str | None:
        """CodeSha256 of https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html"""
        with translated(f"read the configuration of {function}"):
            try:
                return self._client.get_function_configuration(FunctionName=function)["CodeSha256"]
            except ClientError as error:
                if error_code(error) == "ResourceNotFoundException":
                    return None
                raise

    def update(self, function: str, bucket: str, key: str) -> None:
        """https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html"""
        end = self._clock() + LIMIT
        for wait in PACE:
            if self._accepted(function, bucket, key, last=self._clock() >= end):
                break
            self._sleep(wait)
        for wait in PACE:
            if self._finished(function):
                return
            if self._clock() >= end:
                raise CloudError(
                    f"Lambda has not updated {function} within {LIMIT:.0f} seconds.",
                    why="Its LastUpdateStatus is still InProgress; until it ends, the code before runs.",
                    hint="Save again, or push without --watch.",
                )
            self._sleep(wait)

    @property
    def _client(self) -> LambdaClient:
        return service_client(self._session, "lambda")

    def _accepted(self, function: str, bucket: str, key: str, *, last: bool) -> bool:
        """Whether Lambda took the update; False if another one is in progress and this is not the `last` attempt."""
        with translated(f"update the code of {function}"):
            try:
                self._client.update_function_code(FunctionName=function, S3Bucket=bucket, S3Key=key)
            except ClientError as error:
                if last or error_code(error) != "ResourceConflictException":
                    raise
                return False
        return True

    def _finished(self, function: str) -> bool:
        """Whether the update has succeeded; CloudError if it failed."""
        with translated(f"read the configuration of {function}"):
            now = self._client.get_function_configuration(FunctionName=function)
        if now.get("LastUpdateStatus") == "Failed":
            code = now.get("LastUpdateStatusReasonCode", "")
            raise CloudError(
                f"Lambda did not update the code of {function}.",
                why=f"{now.get('LastUpdateStatusReason') or 'It gave no reason.'} ({code})",
                hint="The code before still runs. Change what it names, and save again.",
                code=code,
            )
        return now.get("LastUpdateStatus") != "InProgress"
