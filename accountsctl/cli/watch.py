"""`push --watch`: each change on disk is pushed as it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path

from accountsctl.bootstrap import Application
from accountsctl.cli.boundary import unexpected
from accountsctl.cli.push_once import PushOptions, push_once
from accountsctl.commands.functions.debugging import check_debuggable, check_debugged_functions
from accountsctl.formats.layout import is_source
from accountsctl.model.errors import AccountsctlError, Declined, UsageError
from accountsctl.model.events import PushResult
from accountsctl.model.names import WATCH_MARK
from accountsctl.model.plan import Action
from accountsctl.ui.errors import error_text
from accountsctl.ui.screen import DIM, GREEN, ProgressMode, Screen

DRIFT = "The stack still names the code before: drift, which the next push without --watch corrects."
TIMEOUT = 200
"""Milliseconds after which a wait for changes is begun again."""


def check_watchable(app: Application, options: PushOptions) -> None:
    """UsageError for a push that must not be repeated without anyone who looks at its plan."""
    environment = app.environment
    if environment.protected:
        raise UsageError(
            f"The environment {environment.name} is protected, so --watch does not push to it.",
            why="Every change that is saved would be deployed at once.",
            hint="Use another environment: accountsctl push --watch -e dev",
        )
    if options.plan_file is not None:
        raise UsageError(
            "--watch and --plan-file exclude each other.",
            why="A plan is made once, and --watch pushes what was not planned.",
            hint="Pass one of them.",
        )
    check_debuggable(environment, options.debug_ports)
    if options.debug_ports:
        check_debugged_functions(options.debug_ports, app.reading.project.backend, environment.region)


def watch(screen: Screen, push: Callable[[], PushResult], changes: Iterable[object]) -> None:
    """Push after each of `changes`, until there are no more; an error is shown, and the next change is waited for.

    Declined, which is an interrupt in the middle of a push, ends it.
    """
    for _ in changes:
        try:
            result = push()
        except Declined:
            raise
        except Exception as error:
            known = error if isinstance(error, AccountsctlError) else unexpected(error)
            if known is None:
                raise
            error_text(screen, known)
            continue
        if result.changed:
            screen.say(f"{datetime.now():%H:%M:%S}  {summary(result)}", GREEN)
            if result.code_only:
                screen.say(f"          {DRIFT}", DIM)


def repeated(app: Application, screen: Screen, options: PushOptions) -> Callable[[], PushResult]:
    """A push of the project as it is when it is called. It agrees to everything but the loss of data."""
    quiet = replace(screen, progress=ProgressMode.NONE, quiet=True)

    def push() -> PushResult:
        # The project, and the environment with it, are read again.
        again = Application(app.settings)
        check_watchable(again, options)
        if again.environment == app.environment:
            again.session = app.session  # a new one, with its clients, takes longer than the rest of a push
        return push_once(again, quiet, replace(options, yes=True, ask=False))

    return push


def summary(result: PushResult) -> str:
    """What one push changed, and how long it took."""
    changed = (change.id for change in result.changes if change.action is not Action.NONE)
    names = ", ".join(str(resource) for resource in changed if resource.name != WATCH_MARK)
    what = f"the code of {names}" if result.code_only else names or "the root"
    return f"pushed {what} in {result.seconds:.1f} s"


def project_changes(root: Path) -> Iterator[object]:
    """The changes of a project's own files from now on, several at once if they were saved together; ends at Ctrl-C."""
    from watchfiles import Change
    from watchfiles import watch as watched

    root = root.resolve()

    def matters(_: Change, path: str) -> bool:
        return is_source(Path(path).relative_to(root).as_posix())

    # The watch begins when the first value is asked for, and the first one comes after the time-out at the latest.
    seen = watched(
        root, watch_filter=matters, debounce=60, step=20, rust_timeout=TIMEOUT, yield_on_timeout=True
    )
    return _until_interrupted(next(seen), seen)


def _until_interrupted(first: object, others: Iterator[object]) -> Iterator[object]:
    try:
        yield from (change for change in chain([first], others) if change)
    except KeyboardInterrupt:
        return
