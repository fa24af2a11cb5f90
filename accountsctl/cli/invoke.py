"""`invoke`: one event to one function."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.debugging import debugged
from accountsctl.cli.numbers import WholeNumber
from accountsctl.cli.options import grouped, on_named_environment, read_file
from accountsctl.model.errors import UsageError
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ui.results.functions import InvocationResult
from accountsctl.ui.screen import Screen

STDIN = Path("-")


@dataclass(frozen=True)
class InvokeOptions:
    """The flags of `invoke`."""

    function: str
    event: Path | None
    kind: str | None
    debug_port: int | None


@click.command()
@click.argument("function", shell_complete=resources)
@click.option(
    "-e",
    "--event",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="The file that holds the event as JSON, or - for stdin [an empty object].",
)
@click.option(
    "--generate",
    "kind",
    metavar="KIND",
    help="Send an example of what a service sends: api, cognito, dynamodb, http-api, s3, schedule, sns or sqs.",
)
@click.option(
    "--debug-port",
    type=WholeNumber(1024, 65535),
    metavar="PORT",
    help="Wait until a debugger is connected to the function on this port. Local environments only.",
)
@on_named_environment
@grouped(InvokeOptions)
def invoke(app: Application, screen: Screen, options: InvokeOptions) -> InvocationResult:
    """Send an event to a function: what it returns goes to stdout, what it logs to stderr.

    The exit code is 1 if the function failed. -e is the event here, and --env the environment.

    \b
    Examples:
      accountsctl invoke accountsAPI -e event.json
      accountsctl invoke accountsAPI --generate sqs
      accountsctl invoke accountsAPI --debug-port 5678
    """
    from accountsctl.commands.functions import invoke as command
    from accountsctl.commands.functions.choose import find_function
    from accountsctl.commands.functions.code import function_code
    from accountsctl.commands.functions.debugging import check_debuggable
    from accountsctl.commands.functions.logs import chosen
    from accountsctl.commands.stacks.outputs import function_names

    event = _event(options)
    stated = (str(options.debug_port),) if options.debug_port else ()
    check_debuggable(app.environment, stated)
    find_function(app.reading.project.backend, options.function)
    ((name, physical),) = chosen(function_names(app.deployed_outputs), options.function).items()
    with debugged(app, screen, stated, {f"function/{name}": physical}, wait=True):
        invoked = command.invoke(app.functions, name, physical, event)
    if not invoked.failed:
        return InvocationResult(name, invoked)
    return InvocationResult(name, invoked, command.cause(function_code(app.reading.project, name), invoked))


def _event(options: InvokeOptions) -> bytes:
    from accountsctl.commands.functions.invoke import checked, generated, kinds

    if options.event and options.kind:
        raise UsageError(
            "-e and --generate exclude each other.",
            why="Each of them states the event that is sent.",
            hint="Pass one of them.",
        )
    if options.kind is not None:
        if options.kind not in kinds():
            raise UsageError(
                f"--generate {options.kind} is not a kind of event.",
                why=f"There is {', '.join(kinds())}.",
                hint=did_you_mean(options.kind, kinds()) or "Name one of these.",
            )
        return generated(options.kind)
    if options.event is None:
        return b"{}"
    if options.event == STDIN:
        return checked(sys.stdin.buffer.read(), "stdin")
    return checked(read_file(options.event), str(options.event))
