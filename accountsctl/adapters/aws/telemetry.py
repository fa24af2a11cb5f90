"""CloudWatch: how often functions failed, and how much capacity a cluster has: the adapter of `ports.Telemetry`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.logs import log_events
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.function_logs import failed_invocations
from accountsctl.model.errors import CloudError
from accountsctl.ports.telemetry import Errors

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.literals import StatisticType
    from mypy_boto3_cloudwatch.type_defs import DatapointTypeDef

# Every failed invocation logs one of these; an application's own errors have the level ERROR.
FAILED = '?ERROR ?CRITICAL ?FATAL ?"Task timed out" ?"Runtime exited" ?"Runtime.ExitError"'
MOST_PAGES = 5
RECENT = timedelta(minutes=15)


class CloudWatch:
    """`ports.Telemetry` over boto3. `summary` makes one line, without secrets, of a log event."""

    def __init__(
        self,
        session: Session,
        summary: Callable[[str], str],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._session = session
        self._summary = summary
        self._now = now

    def errors(self, function: str, since: datetime) -> Errors:
        """Failed invocations by the metric, and logged errors by the log: whichever number is higher.

        An application that answers 500 by itself fails no invocation, and a crash may leave no line. If
        one of the two is refused the other counts; CloudError if both are.
        """
        try:
            logged = self._logged(function, since)
        except CloudError:
            return Errors(self._counted(function, since))
        try:
            counted = self._counted(function, since)
        except CloudError:
            counted = 0
        latest = self._summary(logged[-1]) if logged else ""
        return Errors(max(counted, failed_invocations(logged)), latest)

    def capacity(self, cluster: str, /) -> float | None:
        """https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2-auto-pause.html"""
        points = self._points(
            "AWS/RDS",
            "ServerlessDatabaseCapacity",
            {"DBClusterIdentifier": cluster},
            self._now() - RECENT,
            60,
            "Maximum",
        )
        latest = max(points, key=lambda point: point["Timestamp"], default=None)
        return float(latest["Maximum"]) if latest else None

    def _counted(self, function: str, since: datetime) -> int:
        period = max(60, -(-round((self._now() - since).total_seconds()) // 60) * 60)
        points = self._points("AWS/Lambda", "Errors", {"FunctionName": function}, since, period, "Sum")
        return sum(int(point["Sum"]) for point in points)

    def _points(
        self,
        namespace: str,
        metric: str,
        dimensions: dict[str, str],
        since: datetime,
        period: int,
        statistic: StatisticType,
    ) -> list[DatapointTypeDef]:
        with translated(f"tell the metric {metric}"):
            response = service_client(self._session, "cloudwatch").get_metric_statistics(
                Namespace=namespace,
                MetricName=metric,
                Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
                StartTime=since,
                EndTime=self._now(),
                Period=period,
                Statistics=[statistic],
            )
        return response.get("Datapoints") or []

    def _logged(self, function: str, since: datetime) -> list[str]:
        """The errors in a function's log, oldest first; none if it has no log yet."""
        return [event.message for event in log_events(self._session, function, since, FAILED, MOST_PAGES)]
