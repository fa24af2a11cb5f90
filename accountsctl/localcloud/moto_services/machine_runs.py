"""Executions of state machines: moto's interpreter of the Amazon States Language, and what is left of an execution.

The interpreter takes a second to load, so it is loaded when the first state machine is created. It runs each execution
in a thread of its own, which ends with the execution, and calls the services through our own clients.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from types import ModuleType
from typing import Any

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.patching import wrap

PARSER = "moto.stepfunctions.parser"
RUNNING, ABORTED = "RUNNING", "ABORTED"
STOPPED = "The embedded cloud was stopped while this execution ran."


def _unset(*_: object) -> Any:
    raise RuntimeError("executions are not connected to the services")


class Connection:
    """What executions need of the cloud around them; set once, when the services are wired."""

    def __init__(self) -> None:
        self.clients: Callable[[str, str], Any] = _unset
        self.ended: Callable[[], None] = _unset


connection = Connection()


def connect(clients: Callable[[str, str], Any], ended: Callable[[], None]) -> None:
    """Run executions on these clients; `ended` is called after each has ended."""
    connection.clients, connection.ended = clients, ended


# The states on disk name this class and this module: neither may be renamed.
@dataclass
class PastExecution:
    """An execution that has ended, or whose end the last run of the cloud did not see; the names are moto's."""

    name: str
    execution_arn: str
    state_machine_arn: str
    execution_input: str
    start_date: datetime
    stop_date: datetime | None
    status: str
    output: Any
    error: str | None
    cause: str | None
    events: list[JsonObject]
    output_details: JsonObject

    def to_history_output(self) -> JsonObject:
        return {"events": self.events}

    def stop(self, **_: object) -> None:
        """It has ended already."""


def past(execution: Any) -> PastExecution:
    """What is kept of one of the interpreter's executions."""
    events = execution.to_history_output()["events"]
    return PastExecution(
        name=str(execution.name),
        execution_arn=str(execution.execution_arn),
        state_machine_arn=str(execution.state_machine_arn),
        execution_input=str(execution.execution_input),
        start_date=execution.start_date,
        stop_date=execution.stop_date,
        status=status(execution),
        output=execution.output,
        error=execution.error,
        cause=execution.cause,
        events=[_plain(event) for event in list(events)],
        output_details={"included": True},
    )


def status(execution: Any) -> str:
    """The status as a text; the interpreter has an enumeration."""
    return str(getattr(execution.status, "value", execution.status))


def interrupted(execution: PastExecution) -> PastExecution:
    """An execution as it is after a restart: one that was running has ended."""
    if execution.status == RUNNING:
        execution.status, execution.stop_date = ABORTED, datetime.now(UTC)
        execution.cause = STOPPED
    return execution


def _plain(value: Any) -> Any:
    """Enumerations and the like as what JSON has."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(getattr(value, "value", value))
    return value


@lru_cache(maxsize=1)
def interpreter() -> ModuleType:
    """The interpreter's models, with our clients and with executions that can be saved."""
    boto: Any = importlib.import_module(f"{PARSER}.asl.utils.boto_client")
    # Before the rest is loaded: it imports the function by its name.
    boto.boto_client_for = _client
    logging.getLogger(PARSER).setLevel(logging.CRITICAL)  # failures of executions are in their histories
    models = importlib.import_module(f"{PARSER}.models")
    module: Any = importlib.import_module(f"{PARSER}.backend.execution")
    module.Execution.__reduce__ = lambda execution: (interrupted, (past(execution),))
    wrap(module.BaseExecutionWorkerCommunication, "terminated", _terminated)
    return models


def _client(region: str, service: str, state_credentials: object = None) -> Any:
    """Stands in for moto's function, which connects to a server of moto's own."""
    del state_credentials
    return connection.clients(service, region)


def _terminated(original: Callable[[object], None], communication: object) -> None:
    original(communication)
    connection.ended()
