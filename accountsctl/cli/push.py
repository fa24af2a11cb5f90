"""`push`: deploy an environment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.following import following
from accountsctl.cli.options import (
    YES,
    grouped,
    on_environment,
    program,
    read_file,
    terminal,
    watched,
    with_role,
)
from accountsctl.formats.frontend.api_template import callable_paths
from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Cloud
from accountsctl.model.errors import UsageError
from accountsctl.model.events import PushResult
from accountsctl.model.plan import Plan
from accountsctl.ui.plan import show_plan
from accountsctl.ui.results.local import found_line
from accountsctl.ui.results.stacks import DryRun, dry_run_json
from accountsctl.ui.screen import Screen
from accountsctl.ui.stopwatch import Stopwatch

CHANGES, LOSES_DATA = 10, 11
"""The exit codes of ``--dry-run --exit-code``; 0 if there is nothing to do."""


@dataclass(frozen=True)
class PushOptions:
    """The flags of `push`."""

    dry_run: bool
    exit_code: bool
    plan_file: Path | None
    allow_data_loss: tuple[str, ...]
    run_scripts: bool
    omit: tuple[str, ...]
    yes: bool


@click.command()
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
    multiple=True,
    metavar="CATEGORY/NAME",
    help="Agree to the loss of this resource's data. Can be repeated.",
)
@click.option("--run-scripts", is_flag=True, help="Run the install scripts of npm packages.")
@YES
@on_environment
@with_role
@watched
@grouped(PushOptions)
def push(app: Application, screen: Screen, options: PushOptions) -> PushResult | DryRun:
    """Deploy the environment: show the changes, ask for confirmation, deploy them, and show the progress.

    An environment with cloud `local` is deployed to the embedded cloud, which is started if necessary.
    --yes never agrees to the loss of data: name the resource with --allow-data-loss, or type its name when asked.

    \b
    Examples:
      accountsctl push --dry-run
      accountsctl push -e prod --yes
      accountsctl push --allow-data-loss rds/accountsCluster
      accountsctl push --dry-run --plan-file plan.json
      accountsctl push --plan-file plan.json
    """
    if options.exit_code and not options.dry_run:
        raise UsageError("--exit-code works with --dry-run only.", hint="Add --dry-run, or leave it out.")
    return _dry_run(app, screen, options) if options.dry_run else _push(app, screen, options)


def _dry_run(app: Application, screen: Screen, options: PushOptions) -> DryRun:
    from accountsctl.adapters.local_cloud import unsupported_parts
    from accountsctl.adapters.npm import not_installed
    from accountsctl.formats.plan_file import plan_file_text

    for function in not_installed(app.root):
        screen.say(f"The packages of {function} are not installed; a push installs them first.")
    assembly = app.rendered.supported_assembly(options.omit, unsupported_parts)
    say_unread(app, screen)
    app.only_reads = True
    drift = _drift(app, screen)
    intended = app.push().plan(assembly)
    _say_found(app, screen, intended)
    result = DryRun(intended, drift, _exit_code(intended) if options.exit_code else 0)
    if options.plan_file is None:
        return result
    write_file(options.plan_file, plan_file_text(intended, dry_run_json(result)))
    return replace(result, messages=(f"Wrote the plan to {options.plan_file}.",))


def _exit_code(intended: Plan) -> int:
    if not intended.changes_resources:
        return 0
    return LOSES_DATA if intended.dangerous else CHANGES


def _push(app: Application, screen: Screen, options: PushOptions) -> PushResult:
    from accountsctl.adapters.local_cloud import unsupported_parts
    from accountsctl.adapters.npm import install_packages
    from accountsctl.commands.stacks.agreement import Agreement
    from accountsctl.formats.plan_file import check_plan_file, read_plan_file

    watch = Stopwatch()
    written = read_plan_file(read_file(options.plan_file).decode()) if options.plan_file else None
    assembly = app.rendered.supported_assembly(options.omit, unsupported_parts)
    if install_packages(app.root, screen.say, scripts=options.run_scripts):
        assembly = app.rendered.assembly_again()
    say_unread(app, screen)
    _drift(app, screen)
    # A plan file was read by whoever names it, so it needs no other confirmation.
    yes = options.yes or written is not None
    agreement = Agreement(yes, frozenset(options.allow_data_loss), terminal())

    def agree(intended: Plan) -> None:
        if written:
            check_plan_file(written, intended)
        _say_found(app, screen, intended)
        # What is agreed to is shown, however quiet.
        show_plan(replace(screen, quiet=screen.quiet and yes), intended)
        with watch:
            agreement.settle(intended)

    with following(app, screen) as listen:
        result = app.push().run(assembly, agree, listen, options.allow_data_loss)
    return replace(result, seconds=watch.passed, next_steps=_next_steps(assembly))


def say_unread(app: Application, screen: Screen) -> None:
    """Name what Amplify would act on and a push does not."""
    for sentence in app.rendered.unread:
        screen.say(sentence)


def write_file(file: Path, text: str) -> None:
    """Write a file that an option names; UsageError if that is not possible."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written.", why=str(error), hint="Name another file.") from error


def _drift(app: Application, screen: Screen) -> tuple[str, ...]:
    """How imported pools differ from what was imported, as sentences that are also shown."""
    from accountsctl.commands.project.imported_pools import import_problems

    drift = import_problems(app.environment, app.pools) or ()
    for sentence in drift:
        screen.say(f"Imported: {sentence}")
    return tuple(drift)


def _say_found(app: Application, screen: Screen, intended: Plan) -> None:
    """Name the databases that the embedded cloud found on disk after its state was lost."""
    if app.environment.cloud is Cloud.LOCAL and not intended.empty:
        for database in app.cloud.status().get("services", {}).get("found", []):
            screen.say(found_line(database))


def _next_steps(assembly: Assembly) -> tuple[str, ...]:
    """What to type after a push: create the tables, call the API, and see a token."""
    kinds = {child.id.category for child in assembly.children}
    paths = [
        path
        for child in assembly.children
        if child.id.category == "api"
        for path in callable_paths(child.template.body)
    ]
    steps = [
        *(["db init"] if "rds" in kinds else []),
        *(f"call GET {path}" for path in paths[:1]),
        *(["auth token"] if "auth" in kinds else []),
    ]
    return tuple(f"{program()} {step}" for step in steps)
