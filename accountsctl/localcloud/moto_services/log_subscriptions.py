"""What we fix in moto's CloudWatch Logs: subscription filters hand the events that they select to functions.

What functions print is in files (see `log_events`), not in moto; that of a log group with a subscription is handed to
its filters too. https://docs.aws.amazon.com/lambda/latest/dg/services-cloudwatchlogs.html
"""

from __future__ import annotations

import base64
import gzip
import inspect
import json
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts import log_patterns
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.log_files import GroupName
from accountsctl.localcloud.moto_services import deliveries
from accountsctl.localcloud.moto_services.apps import JsonObject, backends, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.logs.models import LogGroup, LogsBackend, LogStream

SERVICE = "logs.amazonaws.com"


def install() -> None:
    """Fix moto.logs. Once per process."""
    moto = models("logs")
    wrap(moto.LogsBackend, "put_subscription_filter", _put)
    wrap(moto.LogStream, "_send_log_events", _send)


def _put(
    original: Callable[..., None], backend: LogsBackend, log_group_name: str, *args: Any, **named: Any
) -> None:
    given = inspect.signature(original).bind(backend, log_group_name, *args, **named).arguments
    destination = str(given["destination_arn"])
    if destination.split(":")[2:3] != ["lambda"]:
        raise _invalid(f"The embedded cloud does not send log events to {destination}.")
    try:
        log_patterns.parse(str(given["filter_pattern"]))
    except log_patterns.LogPatternError as fault:
        raise _invalid(str(fault)) from None
    group = backend.groups.get(log_group_name)
    refusal = "" if group is None else _refusal(group, destination)
    if refusal:
        raise _invalid(
            "Could not execute the lambda function. Make sure you have given CloudWatch Logs permission to execute"
            f" your function: {refusal}"
        )
    original(backend, log_group_name, *args, **named)


def _refusal(group: LogGroup, function_arn: str) -> str:
    """Why the function does not let CloudWatch Logs in; "" if it does. The service has a name for each region too."""
    source = f"{group.arn}:*"
    refusals = [
        deliveries.refuses(service, source, function_arn)
        for service in (SERVICE, f"logs.{group.region}.amazonaws.com")
    ]
    return refusals[0] if all(refusals) else ""


def _send(original: Callable[..., None], stream: LogStream, **given: Any) -> None:
    """One batch of events for one filter; the arguments are moto's."""
    del original
    _hand_over(stream.log_group, stream.log_stream_name, given["filter_name"], given["log_events"])


def is_subscribed(region: str, log_group: str) -> bool:
    """Whether anything is subscribed to a log group; read without the lock, which no invocation must wait for."""
    account = backends("logs").get(ACCOUNT)
    backend = None if account is None else dict(account).get(region)
    group = None if backend is None else backend.groups.get(log_group)
    return group is not None and bool(group.subscription_filters)


def printed(group: GroupName, stream: str, lines: Iterable[tuple[int, str]]) -> None:
    """Hand what a function printed, as (milliseconds, line), to the filters of its group; the caller holds the lock."""
    found = backends("logs")[ACCOUNT][group.region].groups.get(group.name)
    if found is None:
        return
    events = [{"id": uuid.uuid4().hex, "timestamp": time, "message": line} for time, line in lines]
    for name in list(found.subscription_filters):
        _hand_over(found, stream, name, events)


def _hand_over(group: LogGroup, stream: str, filter_name: str, events: Sequence[JsonObject]) -> None:
    found = group.subscription_filters[filter_name]
    selects = log_patterns.parse(found.filter_pattern or "")
    chosen = [
        {"id": str(event["id"]), "timestamp": event["timestamp"], "message": event["message"]}
        for event in events
        if selects(event["message"])
    ]
    if not chosen:
        return
    content = {
        "messageType": "DATA_MESSAGE",
        "owner": ACCOUNT,
        "logGroup": group.name,
        "logStream": stream,
        "subscriptionFilters": [filter_name],
        "logEvents": chosen,
    }
    data = base64.b64encode(gzip.compress(json.dumps(content).encode())).decode()
    regional = f"logs.{group.region}.amazonaws.com"
    service = regional if deliveries.refuses(SERVICE, f"{group.arn}:*", found.destination_arn) else SERVICE
    deliveries.deliver(
        service, f"{group.arn}:*", found.destination_arn, json.dumps({"awslogs": {"data": data}})
    )


def _invalid(message: str) -> Exception:
    from moto.logs.exceptions import InvalidParameterException

    return InvalidParameterException(message)
