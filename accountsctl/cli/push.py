"""`push`: deploy an environment."""

from __future__ import annotations

from dataclasses import replace

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.completion import resources
from accountsctl.cli.options import YES, ask, on_environment, program, question_for, watched
from accountsctl.formats.frontend.api_template import callable_paths
from accountsctl.model.assembly import Assembly
from accountsctl.model.plan import Plan
from accountsctl.ui import shapes, show
from accountsctl.ui.plan import show_plan
from accountsctl.ui.screen import Screen
from accountsctl.ui.stopwatch import Stopwatch


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what a push would do, and change nothing.")
@click.option(
    "--omit",
    multiple=True,
    metavar="CATEGORY/NAME",
    shell_complete=resources,
    help="Leave a resource out of a local environment; can be repeated.",
)
@YES
@on_environment
@watched
def push(app: Application, screen: Screen, dry_run: bool, omit: tuple[str, ...], yes: bool) -> None:
    """Deploy the environment: show the changes, ask for confirmation, deploy them, and show the progress.

    An environment with cloud `local` is deployed to the embedded cloud, which is started if necessary.

    \b
    Examples:
      accountsctl push --dry-run
      accountsctl push -e prod --yes
    """
    from accountsctl.commands.project.import_auth import import_problems
    from accountsctl.ui.progress import progress

    watch = Stopwatch()
    assembly = app.supported_assembly(omit)
    workflow = app.push()
    drift = import_problems(app.environment, app.pools) or ()
    for sentence in drift:
        screen.say(f"Imported: {sentence}")
    if dry_run:
        _preview(screen, workflow.plan(assembly), list(drift))
        return

    def agree(intended: Plan) -> None:
        question = None if yes else question_for(intended)
        # What is agreed to is shown, however quiet.
        show_plan(replace(screen, quiet=screen.quiet and not question), intended)
        if question:
            with watch:
                ask(question)

    with progress(screen) as listen:
        result = workflow.run(assembly, agree, listen)
    result = replace(result, seconds=watch.passed)
    if screen.as_json:
        screen.data(shapes.of_push(result))
    else:
        show.push(screen, result, _next_steps(assembly))


def _preview(screen: Screen, intended: Plan, drift: list[str]) -> None:
    if screen.as_json:
        screen.data({**shapes.of_plan(intended), "drift": drift})
    else:
        show_plan(screen, intended)


def _next_steps(assembly: Assembly) -> list[str]:
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
    return [f"{program()} {step}" for step in steps]
