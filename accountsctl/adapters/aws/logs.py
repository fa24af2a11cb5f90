"""What functions logged, from CloudWatch LogReader: the adapter of `ports.LogReader`."""

from __future__ import annotations

from datetime import UTC, datetime

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.ports.logs import LogEvent


class CloudWatchLogs:
    """`ports.LogReader` over boto3."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def read(self, function: str, since: datetime) -> list[LogEvent]:
        """https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html"""
        found: list[LogEvent] = []
        with translated(f"read the log of {function}"):
            pages = (
                service_client(self._session, "logs")
                .get_paginator("filter_log_events")
                .paginate(logGroupName=f"/aws/lambda/{function}", startTime=round(since.timestamp() * 1000))
            )
            try:
                for page in pages:
                    found += [
                        LogEvent(
                            event["eventId"],
                            datetime.fromtimestamp(event["timestamp"] / 1000, UTC),
                            event["message"],
                        )
                        for event in page.get("events") or ()
                    ]
            except ClientError as error:
                # A group that does not exist yet: the function never ran.
                if error_code(error) != "ResourceNotFoundException":
                    raise
        return sorted(found, key=lambda event: event.at)
