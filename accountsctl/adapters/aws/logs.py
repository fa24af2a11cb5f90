"""What functions logged, from CloudWatch Logs: the adapter of `ports.LogReader`, and what others read by."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import islice

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
        """Everything that the function logged since then."""
        return log_events(self._session, function, since)


def log_events(
    session: Session, function: str, since: datetime, pattern: str = "", most_pages: int | None = None
) -> list[LogEvent]:
    """A function's events that match CloudWatch's filter pattern, oldest first, of so many pages at most.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
    """
    found: list[LogEvent] = []
    with translated(f"read the log of {function}"):
        pages = (
            service_client(session, "logs")
            .get_paginator("filter_log_events")
            .paginate(
                logGroupName=f"/aws/lambda/{function}",
                startTime=round(since.timestamp() * 1000),
                filterPattern=pattern,
            )
        )
        try:
            for page in islice(pages, most_pages):
                for event in page.get("events") or ():
                    at = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
                    found.append(LogEvent(event.get("eventId", ""), at, event["message"]))
        except ClientError as error:
            # A group that does not exist yet: the function never ran.
            if error_code(error) != "ResourceNotFoundException":
                raise
    return sorted(found, key=lambda event: event.at)
