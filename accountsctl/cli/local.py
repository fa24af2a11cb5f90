"""`local`: the embedded cloud."""

from __future__ import annotations

from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli import LazyGroup
from accountsctl.cli.completion import resource_types
from accountsctl.cli.numbers import Number, WholeNumber
from accountsctl.cli.options import YES, ask, on_project
from accountsctl.model.errors import UsageError
from accountsctl.model.suggestions import did_you_mean
from accountsctl.ui.results.local import (
    CloudDelays,
    DatabasesPaused,
    LocalReset,
    LocalStarted,
    LocalStatus,
    LocalStopped,
    LocalTrusted,
    LocalVariables,
    LogFile,
    LogFiles,
    contents_lines,
)
from accountsctl.ui.results.local_clouds import LocalClouds, idle_words
from accountsctl.ui.screen import Screen

TAIL = 200
LONGEST_IDLE = 525_600  # a year


@click.group(
    cls=LazyGroup,
    table={
        "start": ("local", "start", "Start it; push and other commands do that themselves."),
        "stop": ("local", "stop", "Stop it with its child processes; its state is kept."),
        "list": ("local", "list_", "List those that run, of all projects."),
        "status": ("local", "status", "Show whether it runs, where, and its services."),
        "reset": ("local", "reset", "Stop it and delete all its stacks, users and rows."),
        "env": ("local", "env", "Print the variables that let other tools call it."),
        "trust": ("local", "trust", "Let it open a folder that another user or machine made."),
        "sleep": ("local", "sleep", "Pause the databases, as Aurora does when idle."),
        "delay": ("local", "delay", "Let resources take as long as on AWS to be created."),
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
@click.option(
    "--port", type=WholeNumber(1024, 65535), metavar="PORT", help="Where it listens [as the last time]."
)
@click.option(
    "--idle-stop",
    metavar="MINUTES|never",
    help="Stop when nothing called it for so long; kept for the next starts [480].",
)
@on_project
def start(app: Application, screen: Screen, port: int | None, idle_stop: str | None) -> LocalStarted:
    """Start the project's embedded cloud and print its endpoint.

    It keeps its port from start to start, unless another program has it.

    \b
    Examples:
      accountsctl local start
      accountsctl local start --port 4570
      accountsctl local start --idle-stop never
    """
    minutes = None if idle_stop in (None, "never") else _minutes(idle_stop)
    endpoint = app.cloud.start(port)
    if idle_stop is not None:
        app.cloud.stop_when_idle(minutes)
    state = app.cloud.status()
    screen.say(idle_words(state["idleStop"]))
    return LocalStarted(endpoint, state)


def _minutes(stated: str) -> float:
    try:
        minutes = float(stated)
    except ValueError:
        minutes = 0.0
    if not 1 <= minutes <= LONGEST_IDLE:
        raise UsageError(
            f"--idle-stop {stated} is not a time to wait.",
            why=f"It takes minutes from 1 to {LONGEST_IDLE:,}, without a unit, or never.",
            hint="For example: --idle-stop 60",
        )
    return minutes


@click.command()
@click.option("--all", "every", is_flag=True, help="Stop those of all your projects.")
@on_project
def stop(app: Application, _screen: Screen, every: bool) -> LocalStopped:
    """Stop the embedded cloud with its child processes; its state is kept.

    \b
    Examples:
      accountsctl local stop
      accountsctl local stop --all
    """
    if every:
        from accountsctl.adapters.local_cloud import stop_running

        folders = tuple(stop_running())
        return LocalStopped(bool(folders), folders)
    return LocalStopped(app.cloud.stop())


@click.command("list")
@on_project
def list_(_app: Application, _screen: Screen) -> LocalClouds:
    """List your embedded clouds that run: where, and with how much memory, without that of functions and databases.

    \b
    Example:
      accountsctl local list
    """
    from accountsctl.adapters.local_cloud import list_running

    return LocalClouds(tuple(list_running()))


@click.command()
@on_project
def status(app: Application, _screen: Screen) -> LocalStatus:
    """Show whether the embedded cloud runs, where, and its services.

    \b
    Example:
      accountsctl local status
    """
    return LocalStatus(app.cloud.status())


@click.command()
@YES
@click.option(
    "--keep-databases",
    is_flag=True,
    help="Keep the rows for new clusters of the same names, and move the state aside.",
)
@on_project
def reset(app: Application, screen: Screen, yes: bool, keep_databases: bool) -> LocalReset:
    """Stop the embedded cloud and delete everything in it: stacks, users, rows.

    It names what is lost. With --keep-databases nothing is deleted, and the next push takes over the rows: for a state
    that is damaged, or that another version of moto wrote.

    \b
    Examples:
      accountsctl local reset --yes
      accountsctl local reset --keep-databases
    """
    found = app.cloud.status()
    lost = dict(found["contents"])
    kept = ("databases", "snapshots") if keep_databases else ()
    for line in contents_lines({key: value for key, value in lost.items() if key not in kept}):
        screen.say(line)
    if not yes:
        folder = found["dataDir"]
        ask(f"Move the state in {folder} aside?" if keep_databases else f"Delete everything in {folder}?")
    aside = app.cloud.reset(keep_databases=keep_databases)
    return LocalReset({} if keep_databases else lost, keep_databases, aside, found["trusted"])


@click.command()
@on_project
def env(app: Application, _screen: Screen) -> LocalVariables:
    """Print the variables that let other AWS tools call the embedded cloud. Its secret access key is one of them.

    The region is that of the checked-out environment, if there is one.

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
    if app.projects.checked_out() is not None:
        variables["AWS_DEFAULT_REGION"] = app.environment.region
    return LocalVariables(variables)


@click.command()
@YES
@on_project
def trust(app: Application, _screen: Screen, yes: bool) -> LocalTrusted:
    """Let the embedded cloud open a folder that it did not create for this user.

    Needed once for a folder from an earlier version, another user or another machine. Its state, functions and
    databases can run code: use it only if you know where the folder comes from.

    \b
    Example:
      accountsctl local trust
    """
    if not yes:
        ask(f"Everything in {app.cloud.status()['dataDir']} can run code. Is it yours?")
    return LocalTrusted(app.cloud.trust())


@click.command()
@click.option(
    "--wakes-in",
    "seconds",
    type=Number(0, 600),
    default=15,
    show_default=True,
    metavar="SECONDS",
    help="How long the databases take to resume after the next call.",
)
@on_project
def sleep(app: Application, _screen: Screen, seconds: float) -> DatabasesPaused:
    """Pause the databases, as Aurora does with a minimum capacity of 0 when it is idle.

    The next call resumes them. Until then the Data API refuses every call, so you can see how your functions and
    pages handle that.

    \b
    Example:
      accountsctl local sleep --wakes-in 30
    """
    return DatabasesPaused(tuple(app.cloud.sleep(seconds)), seconds)


@click.command()
@click.argument("type_", metavar="[TYPE]", default="", shell_complete=resource_types)
@click.argument("seconds", type=Number(0, 7200), required=False, metavar="[SECONDS]")
@on_project
def delay(app: Application, _screen: Screen, type_: str, seconds: float | None) -> CloudDelays:
    """Let resources of a TYPE take so many SECONDS to be created and deleted, as on AWS; 0 for no time.

    On AWS a database takes minutes, in which a sign-in can expire and a push be interrupted. This way you can see
    what happens then. It applies until the embedded cloud is stopped. Without arguments, the delays are listed.

    \b
    Examples:
      accountsctl local delay AWS::RDS::DBCluster 300
      accountsctl local delay AWS::RDS::DBCluster 0
      accountsctl local delay
    """
    from accountsctl.adapters.local_cloud import supported_types

    if type_ and type_ not in supported_types():
        raise UsageError(
            f"The embedded cloud has no resources of type {type_}.",
            why="Only a type that it can create can be delayed.",
            hint=did_you_mean(type_, supported_types())
            or "Name a type of CloudFormation: AWS::RDS::DBCluster",
        )
    if type_ and seconds is None:
        raise UsageError(
            "SECONDS are missing.",
            why=f"A type of resource is delayed by a time: {type_} needs one.",
            hint=f"accountsctl local delay {type_} 300",
        )
    app.cloud.start()
    return CloudDelays(app.cloud.delay({type_: seconds or 0.0} if type_ else {}))


@click.command()
@on_project
def logs(app: Application, _screen: Screen) -> LogFiles:
    """Show the end of each log file of the embedded cloud.

    \b
    Example:
      accountsctl local logs
    """
    return LogFiles(
        tuple(
            LogFile(name, tuple(Path(name).read_text(errors="replace").splitlines()[-TAIL:]))
            for name in app.cloud.log_files()
        )
    )
