"""The results of `logs` and `invoke`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accountsctl.formats.json_writer import line_text
from accountsctl.model.logs import Invoked, LogLine, LogRecord
from accountsctl.ui.rendering import FormattedText, JsonObject, to_json, to_text
from accountsctl.ui.screen import DIM, RED, YELLOW, Screen

STYLES = {"ERROR": RED, "CRITICAL": RED, "FATAL": RED, "WARN": YELLOW, "WARNING": YELLOW}


@dataclass(frozen=True)
class LogLines:
    """What functions logged. `messages` says why there is nothing."""

    lines: tuple[LogLine, ...]
    named: bool
    messages: tuple[str, ...] = ()


@to_text.register
def log_lines_text(result: LogLines, screen: Screen) -> None:
    """One line for each event; further lines of a trace are indented."""
    for line in result.lines:
        screen.line(line_of(line, screen, named=result.named))


@to_json.register
def log_lines_json(result: LogLines) -> list[JsonObject]:
    """The events as objects."""
    return [_object(line) for line in result.lines]


def followed(lines: Iterable[LogLine], screen: Screen, *, named: Callable[[], bool]) -> FormattedText:
    """Lines as they come: text, or one JSON object on each line. `named`: whether a line has to name its function."""
    shown: Callable[[LogLine], str] = (
        (lambda line: line_text(_object(line)))
        if screen.as_json
        else (lambda line: line_of(line, screen, named=named()) + "\n")
    )
    return FormattedText((shown(line) for line in lines), live=True, is_value=True)


def line_of(line: LogLine, screen: Screen, *, named: bool) -> str:
    """The time in this machine's zone, the function if there are several, the level, and what was logged."""
    at = line.at.astimezone().strftime("%H:%M:%S.%f")[:-3]
    return "  ".join(filter(None, (at, line.function if named else "", _text(line.record, screen.styled))))


def _text(record: LogRecord, styled: Callable[[str, str], str]) -> str:
    level = styled(record.level, STYLES.get(record.level, DIM)) if record.level else ""
    first, *rest = record.text.split("\n")
    first = styled(first, DIM) if record.platform else first
    return "\n".join(["  ".join(filter(None, (level, first))), *(f"    {text}" for text in rest)])


def _object(line: LogLine) -> JsonObject:
    record = line.record
    return {
        "timestamp": line.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "function": line.function,
        "requestId": record.request or None,
        "level": record.level or None,
        "message": record.text,
        "platform": record.platform,
    }


@dataclass(frozen=True)
class InvocationResult:
    """What a function returned, or the error that ended it; `cause`: where that is and what to do, if it is known."""

    function: str
    invoked: Invoked
    cause: str = ""

    @property
    def exit_code(self) -> int:
        """1 if the function failed."""
        return 1 if self.invoked.failed else 0


@to_text.register
def invocation_text(result: InvocationResult, screen: Screen) -> None:
    """What was returned as data, the log as messages."""
    for record in result.invoked.records:
        screen.say(_text(record, lambda text, _: text))
    screen.data(result.invoked.payload)
    if result.invoked.failed:
        screen.say(f"{result.function} failed. See `accountsctl logs {result.function}`.", RED)
        if result.cause:
            screen.say(f"{result.function}: {result.cause}")


@to_json.register
def invocation_json(result: InvocationResult) -> JsonObject:
    """What was returned, whether it is an error, and the end of the log."""
    return {
        "function": result.function,
        "failed": result.invoked.failed,
        "payload": result.invoked.payload,
        "log": [record.text for record in result.invoked.records],
    }
