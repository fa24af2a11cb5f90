"""The last failure of a function, and its cause: for `logs` and `doctor`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from accountsctl.commands.functions.code import function_code
from accountsctl.commands.functions.explained import (
    FailureCause,
    FunctionCode,
    explain_failure,
    over_its_memory,
)
from accountsctl.commands.functions.logs import function_log
from accountsctl.commands.stacks.outputs import Outputs
from accountsctl.formats.lambda_logs import FAILED_LEVELS
from accountsctl.model.logs import LogLine
from accountsctl.ports.logs import LogReader
from accountsctl.ports.projects import Reading

ENDED = ("Task timed out", "Runtime exited", "status timeout", "status error", "response code: 413")
"""Lambda's own words for an invocation that it ended, or whose response it refused: such a line has no level."""


@dataclass(frozen=True)
class LastFailure:
    """What was logged last about a failure, in one line, and its cause."""

    function: str
    text: str
    cause: FailureCause

    def sentence(self) -> str:
        """Where it is and what to do, in one line; empty if neither is known."""
        place = f"at {self.cause.place}" if self.cause.place else ""
        return " -> ".join(filter(None, (place, self.cause.hint)))


def last_failure(code: FunctionCode, lines: Iterable[LogLine]) -> LastFailure | None:
    """The last of the function's lines that is a failure; None if there is none."""
    own = [line for line in lines if line.function == code.name]
    failed = [line for line in own if line.record.level in FAILED_LEVELS or _ended(line)]
    if failed:
        text = failed[-1].record.text
        return LastFailure(code.name, text.partition("\n")[0], explain_failure(code, text))
    hungry = [line for line in own if over_its_memory(line.record.text)]
    if hungry:
        return LastFailure(code.name, hungry[-1].record.text, explain_failure(code, "out of memory"))
    return None


def _ended(line: LogLine) -> bool:
    return any(text in line.record.text for text in ENDED)


class DeployedFunctions(Protocol):
    """The functions of an environment: their names in the cloud, their logs and their code."""

    @property
    def deployed_outputs(self) -> Outputs: ...
    @property
    def logs(self) -> LogReader: ...
    @property
    def reading(self) -> Reading: ...


def failure_of(functions: DeployedFunctions, resource: str, since: datetime) -> LastFailure | None:
    """The last failure since then of a deployed function (``function/name``); None if it logged none."""
    log = function_log(functions.deployed_outputs, functions.logs, resource)
    name = resource.removeprefix("function/")
    return last_failure(function_code(functions.reading.project, name), log.lines(since))
