"""How often calls of APIs and function URLs fail, by CloudWatch's metrics: the adapter of `ports.ApiTelemetry`.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
https://docs.aws.amazon.com/lambda/latest/dg/urls-monitoring.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import translated
from accountsctl.adapters.aws.session import Session
from accountsctl.model.endpoints import HttpEndpoint, HttpEndpointKind
from accountsctl.ports.telemetry import ApiErrors, ApiLog, Minute

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import DimensionTypeDef, MetricDataQueryTypeDef

METRICS: Mapping[HttpEndpointKind, tuple[str, str, tuple[str, str, str]]] = {
    HttpEndpointKind.REST: ("AWS/ApiGateway", "ApiName", ("Count", "4XXError", "5XXError")),
    HttpEndpointKind.HTTP: ("AWS/ApiGateway", "ApiId", ("Count", "4xx", "5xx")),
    HttpEndpointKind.URL: ("AWS/Lambda", "FunctionName", ("UrlRequestCount", "Url4xxCount", "Url5xxCount")),
}
"""Namespace, first dimension, and the metrics of all requests, of client errors and of server errors."""
NAMES = ("requests", "refused", "failed")


class ApiMetrics:
    """`ports.ApiTelemetry` over boto3. `log` is where the reasons are."""

    def __init__(
        self, session: Session, log: ApiLog, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._session = session
        self._log = log
        self._now = now

    def api_errors(self, endpoint: HttpEndpoint, since: datetime) -> ApiErrors:
        """By minutes, which is the resolution of these metrics; the log is read only if a call failed."""
        minutes = self._minutes(endpoint, since.replace(second=0, microsecond=0))
        return ApiErrors(minutes, self._log.read(endpoint, since))

    def _minutes(self, endpoint: HttpEndpoint, since: datetime) -> tuple[Minute, ...]:
        counts: dict[datetime, dict[str, int]] = {}
        with translated(f"tell the metrics of {endpoint.resource}"):
            pages = service_client(self._session, "cloudwatch").get_paginator("get_metric_data")
            for page in pages.paginate(
                MetricDataQueries=_queries(endpoint), StartTime=since, EndTime=self._now()
            ):
                for result in page["MetricDataResults"]:
                    for at, value in zip(result["Timestamps"], result["Values"], strict=True):
                        counts.setdefault(at, {})[result["Id"]] = round(value)
        return tuple(
            Minute(at, *(found.get(name, 0) for name in NAMES)) for at, found in sorted(counts.items())
        )


def _queries(endpoint: HttpEndpoint) -> list[MetricDataQueryTypeDef]:
    namespace, dimension, metrics = METRICS[endpoint.kind]
    dimensions: list[DimensionTypeDef] = [{"Name": dimension, "Value": endpoint.name}]
    if endpoint.stage:
        dimensions.append({"Name": "Stage", "Value": endpoint.stage})
    return [
        {
            "Id": name,
            "MetricStat": {
                "Metric": {"Namespace": namespace, "MetricName": metric, "Dimensions": dimensions},
                "Period": 60,
                "Stat": "Sum",
            },
        }
        for name, metric in zip(NAMES, metrics, strict=True)
    ]
