"""What Lambda does with the log of an invocation: CloudWatch Logs gets it, as far as the function's role allows that.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accountsctl.localcloud.contracts.event_sources import QueuedInvocation
from accountsctl.localcloud.contracts.invocation_logs import InvocationLog
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.log_files import GroupName
from accountsctl.localcloud.moto_services import deliveries, log_events, log_subscriptions, signers
from accountsctl.localcloud.moto_services.apps import backends
from accountsctl.localcloud.moto_services.remembered import Remembered
from accountsctl.localcloud.moto_services.startup import Startup


@dataclass(frozen=True)
class LogRights:
    """What a role allows in a log group."""

    create_group: bool
    write: bool


def _unset(_: object = None) -> None:
    raise RuntimeError("used before it was wired")


class InvocationLogWriter:
    """`invoke_later` and `changed` must be set before the first invocation."""

    def __init__(self, startup: Startup, remembered: Remembered) -> None:
        self._startup = startup
        self._remembered = remembered
        self.invoke_later: Callable[[Sequence[QueuedInvocation]], None] = _unset
        """Gets the functions that a subscription invokes for what was logged."""
        self.changed: Callable[[], None] = _unset
        """Has the state written soon: a log group was created."""

    def write(self, log: InvocationLog) -> None:
        """Log an invocation. A group that is missing is created if the role allows that; otherwise nothing is kept."""
        function = log.function
        group = GroupName(function.region, function.log_group)
        rights = self._remembered.get(
            ("log rights", function.role, group), lambda: _rights(function.role, group)
        )
        if not rights.write or not self._is_there(group, rights):
            return
        events = log.events()
        log_events.write(group, log.stream, events)
        if not log_subscriptions.is_subscribed(*group):
            return
        with self._startup.lock:
            log_subscriptions.printed(group, log.stream, events)
            invocations = deliveries.take()
        if invocations:
            self.invoke_later(invocations)

    def _is_there(self, group: GroupName, rights: LogRights) -> bool:
        if log_events.exists(group):
            return True
        if not rights.create_group:
            return False
        with self._startup.lock:
            backends("logs")[ACCOUNT][group.region].ensure_log_group(group.name)
        self.changed()
        return True


def _rights(role: str, group: GroupName) -> LogRights:
    """A role that IAM does not have here allows everything: there is nothing that could be judged."""
    stream = f"arn:{PARTITION}:logs:{group.region}:{ACCOUNT}:log-group:{group.name}:log-stream:"
    create = signers.role_permits(role, "logs:CreateLogGroup", stream)
    if create is None:
        return LogRights(create_group=True, write=True)
    write = signers.role_permits(role, "logs:CreateLogStream", stream)
    return LogRights(
        create, write=bool(write and signers.role_permits(role, "logs:PutLogEvents", f"{stream}name"))
    )
