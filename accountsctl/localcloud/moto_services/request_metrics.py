"""What APIs and function URLs have answered, among the metrics that moto's CloudWatch reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.moto_services.apps import models

if TYPE_CHECKING:
    from accountsctl.localcloud.requests_log import MetricValue

SCOPE = "monitoring"
Measured = Callable[[str], "Iterable[MetricValue]"]
"""Gives the values of a region."""
_sources: list[Measured] = []
_installed: list[type] = []
"""The provider: a class knows its subclasses by weak references only."""


def connect(source: Measured) -> None:
    """Report what `source` has measured, and nothing that was connected before: a process has one cloud."""
    _sources[:] = [source]


def install() -> None:
    """Add the metrics to moto.cloudwatch, which asks each subclass of its provider for them. Once per process."""
    datum: Any = models(SCOPE).MetricAggregatedDatum
    provider: Any = models(SCOPE).CloudWatchMetricProvider

    class RequestSum(datum):  # type: ignore[misc]
        """The sum over a minute. The dimensions of a query must be all of those that it has, as on AWS.

        A listing, which names what it has found so far, takes some of them.
        """

        @property
        def of_requests(self) -> list[float]:
            """The value of each request, which is 1 if it is counted."""
            return [1.0] * int(self.sum) + [0.0] * int(self.sample_count - self.sum)

        def filter(
            self,
            namespace: str | None,
            name: str | None,
            dimensions: Any,
            already_present_metrics: Any = None,
        ) -> bool:
            if already_present_metrics is None and dimensions and len(dimensions) != len(self.dimensions):
                return False
            return bool(super().filter(namespace, name, dimensions, already_present_metrics))

    class RequestMetrics(provider):  # type: ignore[misc]
        """What moto's CloudWatch calls to list its own metrics."""

        @staticmethod
        def get_cloudwatch_metrics(_: str, region: str) -> list[RequestSum]:
            return [_datum(RequestSum, value) for source in _sources for value in source(region)]

    _installed.append(RequestMetrics)


def _datum(kind: Callable[..., Any], value: MetricValue) -> Any:
    """moto keeps a time in UTC without a zone. Each request counts as 1 or 0, which minimum and maximum show."""
    return kind(
        namespace=value.namespace,
        name=value.metric,
        min_stat=float(value.total == value.requests),
        max_stat=float(value.total > 0),
        sample_count=float(value.requests),
        sum_stat=float(value.total),
        dimensions=[{"Name": name, "Value": text} for name, text in value.dimensions],
        timestamp=datetime.fromtimestamp(value.seconds, UTC).replace(tzinfo=None),
        unit="Count",
    )
