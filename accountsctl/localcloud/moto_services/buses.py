"""What we fix in moto's EventBridge: patterns as AWS evaluates them, rules that can be disabled, and targets that get
what they are to get. Targets that would get nothing are refused.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts import patterns, schedules
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.reporting import report
from accountsctl.localcloud.moto_services import deliveries, target_inputs
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap
from accountsctl.localcloud.unsupported_properties import RULE_TARGET

if TYPE_CHECKING:
    from moto.events.models import EventsBackend, Rule

SERVICE = "events.amazonaws.com"
TARGETS = ("lambda", "sqs", "sns", "logs", "events", "states")


def install() -> None:
    """Fix moto.events. Once per process."""
    moto = models("events")
    wrap(moto.Rule, "send_to_targets", _send_to_targets)
    wrap(moto.EventsBackend, "put_rule", _put_rule)
    wrap(moto.EventsBackend, "put_targets", _put_targets)


def _put_rule(original: Callable[..., Rule], backend: EventsBackend, name: str, **named: Any) -> Rule:
    if named.get("event_pattern"):
        try:
            patterns.parse(str(named["event_pattern"]))
        except patterns.PatternError as fault:
            raise _error("InvalidEventPatternException", str(fault)) from None
    if named.get("scheduled_expression"):
        try:
            schedules.parse(str(named["scheduled_expression"]))
        except schedules.ScheduleError:
            raise _error("ValidationException", "Parameter ScheduleExpression is not valid.") from None
    return original(backend, name, **named)


def _put_targets(
    original: Callable[..., None],
    backend: EventsBackend,
    name: str,
    event_bus_arn: str | None,
    targets: list[JsonObject],
) -> None:
    for target in targets:
        lacking = sorted(key for key in target if key not in RULE_TARGET and target[key])
        service = str(target["Arn"]).split(":")[2] if str(target["Arn"]).count(":") >= 5 else ""
        if service not in TARGETS or ":api-destination/" in target["Arn"]:
            lacking.append(f"the target {target['Arn']}")
        if lacking:
            text = f"The embedded cloud does not provide {', '.join(lacking)} of a rule."
            raise _error("ValidationException", text)
    original(backend, name, event_bus_arn, targets)


def _send_to_targets(
    original: Callable[..., None],
    rule: Rule,
    original_event: Mapping[str, Any],
    *args: object,
    **named: object,
) -> None:
    """Send an event to the rule's targets if the rule is enabled and its pattern selects the event."""
    del original, args, named
    text = rule.event_pattern.dump()
    event = _event(original_event)
    if rule.state.startswith("ENABLED") and text and patterns.matches(json.loads(text), event):
        send(rule, event)


def publish(region: str, event: Mapping[str, Any]) -> None:
    """Put an event of one of AWS's own services on the default bus."""
    for rule in list(backends("events")[ACCOUNT][region].event_buses["default"].rules.values()):
        rule.send_to_targets(event)


def fire(rule: Rule, moment: float) -> None:
    """Send a schedule's event for its time (epoch seconds)."""
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": _stamp(moment),
        "region": rule.region_name,
        "resources": [rule.arn],
        "detail": {},
    }
    send(rule, event)


def scheduled() -> Iterable[Rule]:
    """Every rule with a schedule that is enabled."""
    regions = backends("events").get(ACCOUNT)
    for backend in [] if regions is None else list(regions.values()):
        for rule in backend.event_buses["default"].rules.values():
            if rule.scheduled_expression and rule.state.startswith("ENABLED"):
                yield rule


def send(rule: Rule, event: Mapping[str, Any]) -> None:
    """Send an event to all targets. One that cannot be reached loses it, or its dead letter queue gets it."""
    for target in list(rule.targets):
        text = target_inputs.input_of(target, event, rule.arn)
        try:
            delivered = _deliver(rule, target, text, event)
        except Exception as fault:  # noqa: BLE001 - whatever a target refuses must not keep the others from the event
            report(f"an event of {rule.arn} was not delivered to {target['Arn']}: {fault}")
            delivered = False
        dead_letters = (target.get("DeadLetterConfig") or {}).get("Arn")
        if not delivered and dead_letters:
            deliveries.deliver(SERVICE, rule.arn, dead_letters, text)


def _deliver(rule: Rule, target: Mapping[str, Any], text: str, event: Mapping[str, Any]) -> bool:
    arn = str(target["Arn"])
    match arn.split(":")[2]:
        case "logs":
            _log(rule, arn, text)
        case "events":
            _forward(arn, event)
        case "states":
            region = arn.split(":")[3]
            backends("states")[ACCOUNT][region].start_execution(arn, None, text)
        case "sqs":
            group = (target.get("SqsParameters") or {}).get("MessageGroupId")
            return deliveries.deliver(SERVICE, rule.arn, arn, text, group_id=group)
        case _:
            return deliveries.deliver(SERVICE, rule.arn, arn, text)
    return True


def _log(rule: Rule, arn: str, text: str) -> None:
    logs = backends("logs")[ACCOUNT][rule.region_name]
    group, stream = arn.split(":")[6], str(uuid.uuid4())
    logs.create_log_stream(group, stream)
    now = int(datetime.now(UTC).timestamp() * 1000)
    logs.put_log_events(group, stream, [{"timestamp": now, "message": text}])


def _forward(bus_arn: str, event: Mapping[str, Any]) -> None:
    """Put the event on another bus, whose rules see the same id."""
    region, name = bus_arn.split(":")[3], bus_arn.rpartition("/")[2]
    for rule in list(backends("events")[ACCOUNT][region].describe_event_bus(name).rules.values()):
        rule.send_to_targets(event)


def _event(event: Mapping[str, Any]) -> dict[str, Any]:
    """The event as EventBridge has it: its time is a text, and moto's own member is gone."""
    moment = event.get("time")
    content = {key: value for key, value in event.items() if key != "ingestion-time"}
    return {**content, "time": moment if isinstance(moment, str) else _stamp(float(moment or 0))}


def _stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _error(code: str, message: str) -> Exception:
    from moto.core.exceptions import JsonRESTError

    return JsonRESTError(code, message)
