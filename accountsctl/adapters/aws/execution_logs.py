"""Why calls of REST APIs failed, from their execution logs in CloudWatch Logs: an adapter of `ports.ApiLog`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.doctor.browser.redact import text as redacted
from accountsctl.formats.lambda_logs import error_in_short
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import ApiLogged, FailedCall

GROUP = "API-Gateway-Execution-Logs_{}/{}"
FAILED = '?"Execution failed" ?"execution failed"'
REQUEST = re.compile(r"^\([0-9a-f-]+\) ")
SAYS_WHY = re.compile(r"failed|error|denied|not authorized|unauthorized|forbidden|no match", re.IGNORECASE)
AROUND = timedelta(minutes=10)
"""How far the clocks of a browser and of AWS may differ."""
TURN_ON = (
    "aws apigateway update-stage --rest-api-id {} --stage-name {} "
    "--patch-operations op=replace,path=/*/*/logging/loglevel,value=ERROR"
)


class ExecutionLogs:
    """`ports.ApiLog` over boto3. HTTP APIs and function URLs have no execution log."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, endpoint: HttpEndpoint, since: datetime) -> ApiLogged:
        """The failures that the stage's execution log has; not written if its stage has no logging."""
        if endpoint.kind is not HttpEndpointKind.REST:
            return ApiLogged(written=False)
        try:
            events = self._events(GROUP.format(endpoint.id, endpoint.stage), since)
        except CloudError:
            return ApiLogged(written=False)  # the metric is enough to say that calls fail
        return ApiLogged(tuple(events or ()), written=events is not None)

    def of_request(self, api: str, stage: str, request: str, at: datetime, /) -> tuple[str, ...]:
        """The lines that say why: the others repeat headers and bodies."""
        group = GROUP.format(api, stage)
        times = [round((at + side * AROUND).timestamp() * 1000) for side in (-1, 1)]
        with translated(f"read the log {group}"):
            try:
                page = service_client(self._session, "logs").filter_log_events(
                    logGroupName=group, startTime=times[0], endTime=times[1], filterPattern=f'"{request}"'
                )
            except ClientError as error:
                if error_code(error) != "ResourceNotFoundException":
                    raise
                raise CloudError(
                    f"The stage {stage} writes no execution log.", hint=TURN_ON.format(api, stage)
                ) from error
        events = sorted(page.get("events") or (), key=lambda event: event["timestamp"])
        return tuple(_reason(event["message"]) for event in events if SAYS_WHY.search(event["message"]))

    def _events(self, group: str, since: datetime) -> list[FailedCall] | None:
        """The failures of one page, which is enough for the last reason; None if there is no such log."""
        with translated(f"read the log {group}"):
            try:
                page = service_client(self._session, "logs").filter_log_events(
                    logGroupName=group, startTime=round(since.timestamp() * 1000), filterPattern=FAILED
                )
            except ClientError as error:
                if error_code(error) == "ResourceNotFoundException":
                    return None
                raise
        events = sorted(page.get("events") or (), key=lambda event: event["timestamp"])
        return [
            FailedCall(datetime.fromtimestamp(event["timestamp"] / 1000, UTC), "", _reason(event["message"]))
            for event in events
        ]


def _reason(message: str) -> str:
    return error_in_short(redacted(REQUEST.sub("", message)))
