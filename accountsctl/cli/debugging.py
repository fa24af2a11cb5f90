"""`--debug-port`, for the commands that functions are debugged with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import click

from accountsctl.bootstrap import Application
from accountsctl.ui.screen import Screen

DEBUG_PORT = click.option(
    "--debug-port",
    "debug_ports",
    multiple=True,
    metavar="[FUNCTION=]PORT",
    help="Let a debugger connect to a function on this port; can be repeated. Local environments only.",
)


@contextmanager
def debugged(
    app: Application,
    screen: Screen,
    stated: Sequence[str],
    functions: Mapping[str, str],
    *,
    wait: bool = False,
) -> Iterator[None]:
    """Let debuggers connect to functions for the time of the block, and say how.

    `functions` are their names in Lambda by resource. `wait`: the next call waits until a debugger is connected.
    """
    if not stated:
        yield
        return
    from accountsctl.commands.functions.code import function_code
    from accountsctl.commands.functions.debugging import debugged_functions, how_to_attach

    chosen = debugged_functions(stated, functions, app.environment.region, wait=wait)
    app.cloud.debug(chosen, on=True)
    try:
        for function in chosen:
            for line in how_to_attach(function, function_code(app.reading.project, function.name).files):
                screen.say(line)
        yield
    finally:
        app.cloud.debug(chosen, on=False)
