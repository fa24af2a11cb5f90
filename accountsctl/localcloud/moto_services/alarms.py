"""CloudWatch alarms: moto keeps them and their metrics; here they are evaluated, and their changes are reported.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from accountsctl.localcloud.contracts.alarms import AlarmTransition
from accountsctl.localcloud.moto_services.apps import backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.cloudwatch.models import Alarm, CloudWatchBackend, MetricDatumBase

SCOPE = "monitoring"
NO_DATA = "INSUFFICIENT_DATA"
KEPT_VALUES = 10_000
"""Values of metrics that a region keeps; each is a part of the state."""
PLAYED = frozenset(
    {
        *("PutMetricAlarm", "DescribeAlarms", "DescribeAlarmsForMetric", "DeleteAlarms", "SetAlarmState"),
        *(
            "EnableAlarmActions",
            "DisableAlarmActions",
            "PutMetricData",
            "GetMetricData",
            "GetMetricStatistics",
        ),
        *("ListMetrics", "TagResource", "UntagResource", "ListTagsForResource"),
    }
)
STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanOrEqualToThreshold": operator.le,
    "LessThanThreshold": operator.lt,
}


def install() -> None:
    """Fix moto.cloudwatch. Once per process."""
    backend = models(SCOPE).CloudWatchBackend
    wrap(backend, "put_metric_alarm", _put_alarm)
    wrap(backend, "put_metric_data", _put_data)


def transitions(region: str, *, evaluate: bool) -> list[AlarmTransition]:
    """The alarms of a region that have changed their state since the last call."""
    found: list[AlarmTransition] = []
    for regions in backends(SCOPE).values():
        if region not in regions.keys():  # noqa: SIM118 - "in" is true for any region
            continue
        backend: CloudWatchBackend = regions[region]
        for alarm in backend.alarms.values():
            if evaluate:
                _evaluate(backend, alarm)
            old = vars(alarm).get("reported", NO_DATA)
            if alarm.state_value != old:
                vars(alarm)["reported"] = alarm.state_value
                found.append(_transition(alarm, old))
    return found


def _put_alarm(
    original: Callable[..., Alarm], backend: CloudWatchBackend, *args: object, **named: object
) -> Alarm:
    """A new alarm has no data yet (moto says OK); one that is changed keeps its state."""
    before = backend.alarms.get(str(named.get("name")))
    alarm = original(backend, *args, **named)
    vars(alarm)["reported"] = vars(before).get("reported", NO_DATA) if before else NO_DATA
    alarm.state_value = before.state_value if before else NO_DATA
    return alarm


def _put_data(
    original: Callable[..., None], backend: CloudWatchBackend, *args: object, **named: object
) -> None:
    original(backend, *args, **named)
    del backend.metric_data[:-KEPT_VALUES]


def _evaluate(backend: CloudWatchBackend, alarm: Alarm) -> None:
    state, reason = _judged(alarm, _periods(backend, alarm, datetime.now(UTC).timestamp()))
    if state != alarm.state_value:
        alarm.update_state(reason, "{}", state)


def _periods(backend: CloudWatchBackend, alarm: Alarm, now: float) -> list[float | None]:
    """The statistic of each of the last periods, the newest first; None for one without data."""
    length = int(alarm.period)
    newest = int(now) // length * length
    values: dict[int, list[float]] = {}
    for datum in backend.get_all_metrics():
        found = _values(datum) if _is_about(alarm, datum) else []
        if found:
            begin = int(_seconds(datum.timestamp)) // length * length
            values.setdefault(begin, []).extend(found)
    statistic = STATISTICS[alarm.statistic]
    begins = [newest - length * index for index in range(int(alarm.evaluation_periods))]
    return [statistic(values[begin]) if begin in values else None for begin in begins]


def _values(datum: MetricDatumBase) -> list[float]:
    """Its values; none of a set of statistics that a client has sent."""
    if hasattr(datum, "value"):
        return [float(datum.value)]
    of_requests: list[float] = getattr(datum, "of_requests", [])
    return of_requests


def _seconds(moment: object) -> float:
    """moto keeps a time as it was sent, or a UTC time without a zone."""
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float(str(moment))


def _is_about(alarm: Alarm, datum: MetricDatumBase) -> bool:
    if (datum.namespace, datum.name) != (alarm.namespace, alarm.metric_name):
        return False
    theirs, ours = (
        {(part.name, part.value) for part in parts} for parts in (datum.dimensions, alarm.dimensions)
    )
    return theirs == ours and alarm.unit in (None, datum.unit)


def _judged(alarm: Alarm, periods: Sequence[float | None]) -> tuple[str, str]:
    """The state that the periods mean, and why."""
    treatment = alarm.treat_missing_data or "missing"
    data = [value for value in periods if value is not None]
    if not data:
        without = {"breaching": "ALARM", "notBreaching": "OK", "ignore": alarm.state_value}
        return without.get(treatment, NO_DATA), "Insufficient Data: there are no datapoints"
    breaches = COMPARISONS[alarm.comparison_operator]
    breaching = sum(breaches(value, float(alarm.threshold)) for value in data)
    breaching += (len(periods) - len(data)) if treatment == "breaching" else 0
    needed = int(alarm.datapoints_to_alarm or alarm.evaluation_periods)
    if treatment in ("missing", "ignore"):
        needed = min(needed, len(data))
    shown = ", ".join(f"{value}" for value in data)
    reason = f"Threshold Crossed: {breaching} of the datapoints [{shown}] against the threshold ({alarm.threshold})"
    return ("ALARM" if breaching >= needed else "OK"), reason


def _transition(alarm: Alarm, old: str) -> AlarmTransition:
    actions = {"ALARM": alarm.alarm_actions, "OK": alarm.ok_actions, NO_DATA: alarm.insufficient_data_actions}
    return AlarmTransition(
        arn=alarm.alarm_arn,
        name=alarm.name,
        region=alarm.region_name,
        description=alarm.description or "",
        old=old,
        new=alarm.state_value,
        reason=alarm.state_reason,
        moment=alarm.state_updated_timestamp.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000",
        actions=tuple(actions[alarm.state_value] or ()) if alarm.actions_enabled else (),
        settings={
            "MetricName": alarm.metric_name,
            "Namespace": alarm.namespace,
            "StatisticType": "Statistic",
            "Statistic": str(alarm.statistic).upper(),
            "Unit": alarm.unit,
            "Dimensions": [{"name": part.name, "value": part.value} for part in alarm.dimensions],
            "Period": int(alarm.period),
            "EvaluationPeriods": int(alarm.evaluation_periods),
            "ComparisonOperator": alarm.comparison_operator,
            "Threshold": float(alarm.threshold),
            "TreatMissingData": alarm.treat_missing_data or "missing",
        },
    )
