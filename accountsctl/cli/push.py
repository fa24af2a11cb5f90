"""`push`: deploy an environment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.debugging import DEBUG_PORT, debugged
from accountsctl.cli.finish import finish
from accountsctl.cli.options import (
    YES,
    grouped,
    on_environment,
    watched,
    with_role,
)
from accountsctl.cli.push_once import PushOptions, imported_drift, push_once, say_found, say_unread
from accountsctl.model.errors import UsageError, reason_of
from accountsctl.model.events import PushResult
from accountsctl.model.plan import Plan
from accountsctl.ui.results.stacks import DryRun, dry_run_json
from accountsctl.ui.screen import Screen

CHANGES, LOSES_DATA = 10, 11
"""The exit codes of ``--dry-run --exit-code``; 0 if there is nothing to do."""


@click.command()
@click.argument("parts", metavar="[RESOURCE]...", nargs=-1, shell_complete=resources)
@click.option("--dry-run", is_flag=True, help="Show what a push would do, and change nothing.")
@click.option(
    "--omit",
    multiple=True,
    metavar="CATEGORY/NAME",
    shell_complete=resources,
    help="Leave a resource out of a local environment; can be repeated.",
)
@click.option(
    "--exit-code",
    is_flag=True,
    help="With --dry-run: exit with 10 if there are changes, 11 if data would be lost.",
)
@click.option(
    "--plan-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="With --dry-run, write the plan to FILE; without, apply exactly the plan in FILE.",
)
@click.option(
    "--allow-data-loss",
    shell_complete=resources,
    multiple=True,
    metavar="CATEGORY/NAME",
    help="Agree to the loss of this resource's data. Can be repeated.",
)
@click.option(
    "--watch",
    is_flag=True,
    help="Go on: push every change as it is saved, until Ctrl-C. Not in a protected environment.",
)
@DEBUG_PORT
@click.option("--run-scripts", is_flag=True, help="Run the install scripts of npm packages.")
@YES
@on_environment
@with_role
@watched
@grouped(PushOptions)
def push(app: Application, screen: Screen, options: PushOptions) -> PushResult | DryRun | None:
    """Deploy the environment: show the changes, ask for confirmation, deploy them, and show the progress.

    An environment with cloud `local` is deployed to the embedded cloud, which is started if necessary.
    With RESOURCE..., only these and what they depend on are pushed; all others stay as they are deployed.
    --yes never agrees to the loss of data: name the resource with --allow-data-loss, or type its name when asked.

    \b
    Examples:
      accountsctl push --dry-run
      accountsctl push -e prod --yes
      accountsctl push function/accountsAPI
      accountsctl push --allow-data-loss rds/accountsCluster
      accountsctl push --dry-run --plan-file plan.json
      accountsctl push --plan-file plan.json
      accountsctl push --watch
      accountsctl push --watch --debug-port 5678
    """
    _check(options)
    if options.dry_run:
        return _dry_run(app, screen, options)
    if options.watch:
        _watch(app, screen, options)
        return None
    return push_once(app, screen, options)


def _check(options: PushOptions) -> None:
    """UsageError if options contradict each other."""
    if options.exit_code and not options.dry_run:
        raise UsageError(
            "--exit-code works with --dry-run only.",
            why="It reports by its exit code whether a push would change anything.",
            hint="Add --dry-run, or leave it out.",
        )
    if options.debug_ports and not options.watch:
        raise UsageError(
            "--debug-port works with --watch only.",
            why="Without --watch the command ends, and the port is closed with it.",
            hint="Add --watch, or leave it out.",
        )
    if options.watch and options.dry_run:
        raise UsageError(
            "--watch and --dry-run exclude each other.",
            why="One pushes every change, the other none.",
            hint="Pass one of them.",
        )


def _watch(app: Application, screen: Screen, options: PushOptions) -> None:
    from accountsctl.cli.watch import check_watchable, project_changes, repeated, watch
    from accountsctl.commands.stacks.outputs import function_names

    check_watchable(app, options)
    # From before the first push, so that what is saved during it is not missed.
    changes = project_changes(app.root)
    first = push_once(app, screen, options)
    finish(screen, first)
    with debugged(app, screen, options.debug_ports, function_names(first.outputs)):
        screen.say(f"Watching {app.root} for changes; Ctrl-C ends it.")
        watch(screen, repeated(app, screen, options), changes)


def _dry_run(app: Application, screen: Screen, options: PushOptions) -> DryRun:
    from accountsctl.adapters.local_cloud import unsupported_parts
    from accountsctl.adapters.npm import not_installed
    from accountsctl.formats.plan_file import plan_file_text

    for function in not_installed(app.root):
        screen.say(f"The packages of {function} are not installed; a push installs them first.")
    assembly = app.rendered.supported_assembly(options.omit, unsupported_parts)
    say_unread(app, screen)
    app.only_reads = True
    drift = imported_drift(app, screen)
    intended = app.push().plan(assembly, options.parts)
    say_found(app, screen, intended)
    result = DryRun(intended, drift, _exit_code(intended) if options.exit_code else 0)
    if options.plan_file is None:
        return result
    write_file(options.plan_file, plan_file_text(intended, dry_run_json(result)))
    return replace(result, messages=(f"Wrote the plan to {options.plan_file}.",))


def _exit_code(intended: Plan) -> int:
    if not intended.changes_resources:
        return 0
    return LOSES_DATA if intended.dangerous else CHANGES


def write_file(file: Path, text: str) -> None:
    """Write a file that an option names; UsageError if that is not possible."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{file} cannot be written.", why=reason_of(error), hint="Name another file."
        ) from error
