"""What we fix in moto's Step Functions: executions really run. What would not is refused when it is created."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from accountsctl.localcloud.contracts import machine_definitions
from accountsctl.localcloud.moto_services import machine_runs
from accountsctl.localcloud.moto_services.apps import JsonObject, models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.stepfunctions.models import StateMachine, StepFunctionBackend

KEPT = 100
"""Executions that are kept of a state machine once they have ended."""


def install() -> None:
    """Fix moto.stepfunctions. Once per process."""
    backend = models("states").StepFunctionBackend
    wrap(backend, "create_state_machine", _create)
    wrap(backend, "update_state_machine", _update)
    wrap(backend, "start_execution", _start)
    wrap(backend, "stop_execution", _stop)
    wrap(backend, "get_execution_history", _history)
    for name, fix in _ANSWERS.items():
        wrap(backend, name, fix)
    for name in ("create_activity", "list_map_runs", "describe_map_run", "update_map_run"):
        wrap(backend, name, _not_imitated)


def _create(
    original: Callable[..., StateMachine],
    backend: StepFunctionBackend,
    name: str,
    definition: str,
    *args: Any,
    **named: Any,
) -> StateMachine:
    if named.get("sm_type") == "EXPRESS":
        raise _refusal(["the type EXPRESS"])
    _check(definition, named)
    return original(backend, name, definition, *args, **named)


def _update(
    original: Callable[..., StateMachine],
    backend: StepFunctionBackend,
    arn: str,
    definition: str | None = None,
    *args: Any,
    **named: Any,
) -> StateMachine:
    if definition is not None:
        _check(definition, named)
    return original(backend, arn, definition, *args, **named)


def _check(definition: str, settings: JsonObject) -> None:
    """Raise InvalidDefinition for what is not one, and a refusal for what would not run as it says."""
    lacking = machine_definitions.faults(definition)
    logging = settings.get("loggingConfiguration") or settings.get("logging_configuration") or {}
    if logging.get("level", "OFF") != "OFF":
        lacking.append("LoggingConfiguration")
    if lacking:
        raise _refusal(lacking)
    with _in_the_services_shape():
        machine_runs.interpreter().StepFunctionsParserBackend._validate_definition(definition=definition)


def _start(
    original: Callable[..., object],
    backend: StepFunctionBackend,
    state_machine_arn: str,
    name: str | None,
    execution_input: str,
) -> object:
    del original
    machine = backend.describe_state_machine(state_machine_arn)
    _tidy(machine)
    interpreter = machine_runs.interpreter().StepFunctionsParserBackend
    name = name or str(uuid.uuid4())
    with _in_the_services_shape():
        return interpreter.start_execution(backend, state_machine_arn, name, execution_input)


def _tidy(machine: StateMachine) -> None:
    """Keep of executions that have ended what can be read, and of the oldest nothing."""
    executions: list[Any] = machine.executions
    ended = [item for item in executions if machine_runs.status(item) != machine_runs.RUNNING]
    dropped = {id(item) for item in ended[:-KEPT]}
    executions[:] = [_light(item) for item in executions if id(item) not in dropped]


def _light(execution: Any) -> Any:
    ended = machine_runs.status(execution) != machine_runs.RUNNING
    is_past = isinstance(execution, machine_runs.PastExecution)
    return machine_runs.past(execution) if ended and not is_past else execution


def _stop(original: Callable[..., Any], backend: StepFunctionBackend, execution_arn: str) -> Any:
    """moto reports the time of the stop only when the execution has seen it."""
    execution: Any = backend.describe_execution(execution_arn)
    if machine_runs.status(execution) == machine_runs.RUNNING:
        original(backend, execution_arn)
        execution.stop_date = execution.stop_date or datetime.now(UTC)
    return execution


def _history(_: Callable[..., JsonObject], backend: StepFunctionBackend, execution_arn: str) -> JsonObject:
    execution: Any = backend.describe_execution(execution_arn)
    history: JsonObject = execution.to_history_output()
    return history


def _interpreted(name: str) -> Callable[..., object]:
    """A call that answers a waiting task."""

    def fix(_: Callable[..., object], backend: StepFunctionBackend, *args: Any, **named: Any) -> object:
        waiting = Waiting(backend)
        call: Callable[..., object] = getattr(machine_runs.interpreter().StepFunctionsParserBackend, name)
        with _in_the_services_shape():
            return call(waiting, *args, **named)

    return fix


_ANSWERS = {
    name: _interpreted(name) for name in ("send_task_success", "send_task_failure", "send_task_heartbeat")
}


class Waiting:
    """The part of a backend that the interpreter looks for waiting tasks in: executions that run."""

    def __init__(self, backend: StepFunctionBackend) -> None:
        self._backend = backend

    def _get_executions(self, execution_status: object = None) -> Iterable[Any]:
        del execution_status
        for machine in self._backend.state_machines:
            for execution in machine.executions:
                if machine_runs.status(execution) == machine_runs.RUNNING:
                    yield execution


def _not_imitated(original: Callable[..., object], *_: object, **__: object) -> object:
    raise NotImplementedError(getattr(original, "__name__", ""))


@contextmanager
def _in_the_services_shape() -> Iterator[None]:
    """The interpreter's errors have a code that moto's responses do not read."""
    from moto.core.exceptions import JsonRESTError

    try:
        yield
    except Exception as fault:
        code = getattr(type(fault), "code", None)  # of other errors it is a number, the HTTP status
        if not isinstance(code, str):
            raise
        raise JsonRESTError(code, str(getattr(fault, "message", "") or fault)) from fault


def _refusal(lacking: Iterable[str]) -> Exception:
    from moto.core.exceptions import JsonRESTError

    text = f"The embedded cloud does not run {', '.join(lacking)}."
    return JsonRESTError("InvalidDefinition", text)
