"""`local`: the embedded cloud."""

from __future__ import annotations

from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.options import YES, ask, on_project
from accountsctl.ui.screen import Screen

TAIL = 200


@click.group(
    cls=LazyGroup,
    table={
        "start": ("local", "start", "Start it; push and other commands do that themselves."),
        "stop": ("local", "stop", "Stop it with its child processes; its state is kept."),
        "status": ("local", "status", "Show whether it runs, where, and its services."),
        "reset": ("local", "reset", "Stop it and delete all its stacks, users and rows."),
        "env": ("local", "env", "Print the variables that let other tools call it."),
        "trust": ("local", "trust", "Let it open a folder that another user or machine made."),
        "sleep": ("local", "sleep", "Pause the databases, as Aurora does when idle."),
        "logs": ("local", "logs", "Show the end of its logs, and where they are."),
    },
)
def local() -> None:
    """Manage the embedded cloud, which imitates AWS on this machine.

    \b
    Examples:
      accountsctl local status
      accountsctl local stop
    """


@click.command()
@on_project
def start(app: Application, screen: Screen) -> None:
    """Start the project's embedded cloud and print its endpoint.

    \b
    Example:
      accountsctl local start
    """
    endpoint = app.cloud.start()
    if screen.as_json:
        screen.data(dict(app.cloud.status()))
    else:
        screen.line(endpoint)


@click.command()
@on_project
def stop(app: Application, screen: Screen) -> None:
    """Stop the embedded cloud with its child processes; its state is kept.

    \b
    Example:
      accountsctl local stop
    """
    stopped = app.cloud.stop()
    if screen.as_json:
        screen.data({"stopped": stopped})
    else:
        screen.say("Stopped." if stopped else "It was not running.")


@click.command()
@on_project
def status(app: Application, screen: Screen) -> None:
    """Show whether the embedded cloud runs, where, and its services.

    \b
    Example:
      accountsctl local status
    """
    found = app.cloud.status()
    if screen.as_json:
        screen.data(dict(found))
        return
    screen.line(f"running   {'yes' if found['running'] else 'no'}")
    for key in ("endpoint", "pid", "dataDir"):
        screen.line(f"{key:<9} {found.get(key) or '-'}")
    for name, state in found.get("services", {}).items():
        screen.line(f"{name:<16} {state if isinstance(state, str) else screen_words(state)}")


@click.command()
@YES
@on_project
def reset(app: Application, screen: Screen, yes: bool) -> None:
    """Stop the embedded cloud and delete everything in it: stacks, users, rows.

    \b
    Example:
      accountsctl local reset --yes
    """
    if not yes:
        ask(f"Delete everything in {app.cloud.status()['dataDir']}?")
    app.cloud.reset()
    if screen.as_json:
        screen.data({"reset": True})
    else:
        screen.say("The embedded cloud is empty again.")


@click.command()
@on_project
def env(app: Application, screen: Screen) -> None:
    """Print the variables that let other AWS tools call the embedded cloud. Its secret access key is one of them.

    \b
    Example:
      eval "$(accountsctl local env)" && aws s3 ls
    """
    endpoint = app.cloud.start()
    access_key, secret = app.cloud.credentials()
    variables = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_SECRET_ACCESS_KEY": secret,
    }
    if screen.as_json:
        screen.data(variables)
    else:
        for name, value in variables.items():
            screen.line(f"export {name}={value}")


@click.command()
@YES
@on_project
def trust(app: Application, screen: Screen, yes: bool) -> None:
    """Let the embedded cloud open a folder that it did not create for this user.

    Needed once for a folder from an earlier version, another user or another machine. Its state, functions and
    databases can run code: use it only if you know where the folder comes from.

    \b
    Example:
      accountsctl local trust
    """
    if not yes:
        ask(f"Everything in {app.cloud.status()['dataDir']} can run code. Is it yours?")
    trusted = app.cloud.trust()
    if screen.as_json:
        screen.data({"trusted": trusted})
    else:
        screen.say("The folder is marked as yours." if trusted else "There is no folder yet.")


@click.command()
@click.option(
    "--wakes-in",
    "seconds",
    type=click.FloatRange(0, 600),
    default=15,
    show_default=True,
    metavar="SECONDS",
    help="How long the databases take to resume after the next call.",
)
@on_project
def sleep(app: Application, screen: Screen, seconds: float) -> None:
    """Pause the databases, as Aurora does with a minimum capacity of 0 when it is idle.

    The next call resumes them. Until then the Data API refuses every call, so you can see how your functions and
    pages handle that.

    \b
    Example:
      accountsctl local sleep --wakes-in 30
    """
    asleep = list(app.cloud.sleep(seconds))
    if screen.as_json:
        screen.data({"asleep": asleep})
    else:
        names = ", ".join(asleep)
        screen.say(
            f"Asleep: {names}; {seconds:g} s after the next call." if asleep else "There is no database."
        )


@click.command()
@on_project
def logs(app: Application, screen: Screen) -> None:
    """Show the end of each log file of the embedded cloud.

    \b
    Example:
      accountsctl local logs
    """
    files = [Path(name) for name in app.cloud.log_files()]
    if screen.as_json:
        screen.data({"files": [str(file) for file in files]})
        return
    for file in files:
        screen.line(f"==> {file}")
        for text in file.read_text(errors="replace").splitlines()[-TAIL:]:
            screen.line(text)


def screen_words(state: object) -> str:
    """A service's state as words on one line: what it runs, each with its process."""
    if not isinstance(state, dict):
        return str(state)
    parts = [f"{name} {_running(each)}" for name, each in state.items()]
    return ", ".join(parts) or "idle"


def _running(state: object) -> str:
    if not isinstance(state, dict):
        return str(state)
    return f"running (pid {state['pid']})" if state.get("running") else "stopped"
