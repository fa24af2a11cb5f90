"""`status`, `render`, `push`, `outputs`: the stacks."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Wiring
from accountsctl.cli.completion import attributes, resources
from accountsctl.cli.options import YES, ask, on_environment, program, question_for
from accountsctl.formats.frontend.api_template import callable_paths
from accountsctl.model.assembly import Assembly
from accountsctl.model.plan import Plan
from accountsctl.ui import shapes, show
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def status(wiring: Wiring, screen: Screen) -> None:
    """What there is, and what a push would change.

    Works without the cloud: what is on disk is shown, and the note says why the rest is not known.
    """
    found = wiring.status().run(wiring.assembly())
    if screen.as_json:
        screen.data(shapes.of_status(found))
    else:
        show.status(screen, found)


@click.command()
@on_environment
def render(wiring: Wiring, screen: Screen) -> None:
    """Write the CloudFormation templates of an environment to amplify/build.

    They are what a push uploads, byte for byte. Nothing is sent anywhere.
    """
    result = wiring.render().run(wiring.assembly())
    if screen.as_json:
        screen.data(shapes.of_rendered(result))
    else:
        show.rendered(screen, result)


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what a push would do, and do nothing.")
@YES
@on_environment
def push(wiring: Wiring, screen: Screen, dry_run: bool, yes: bool) -> None:
    """Deploy the environment: preview, agree, one change set, follow it.

    An environment with cloud `local` goes to the embedded cloud, which starts by itself.
    """
    from accountsctl.ui.progress import progress

    assembly = wiring.assembly()
    if wiring.install_packages():
        assembly = wiring.assembly()
    workflow = wiring.push()
    drift = wiring.import_problems()
    for sentence in drift:
        screen.say(f"Imported: {sentence}")
    if dry_run:
        intended = workflow.plan(assembly)
        if screen.as_json:
            screen.data({**shapes.of_plan(intended), "drift": list(drift)})
        else:
            show.plan(screen, intended)
        return

    def agree(intended: Plan) -> None:
        show.plan(screen, intended)
        question = question_for(intended)
        if question and not yes:
            ask(question)

    with progress(screen) as listen:
        result = workflow.run(assembly, agree, listen)
    if screen.as_json:
        screen.data(shapes.of_push(result))
    else:
        show.push(screen, result, _next_steps(assembly))


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


@click.command()
@click.argument("resource", required=False, shell_complete=resources)
@click.argument("name", required=False, shell_complete=attributes)
@on_environment
def outputs(wiring: Wiring, screen: Screen, resource: str | None, name: str | None) -> None:
    """What the deployed stacks put out: URLs, ids, ARNs.

    With RESOURCE (`api/accountsAPI`) that resource's alone, with NAME too (`RootUrl`) the bare value.
    """
    from accountsctl.commands.stacks.outputs import pick

    found = wiring.outputs().run(wiring.environment.name)
    picked = pick(found, resource, name) if resource else None
    if isinstance(picked, str) and not screen.as_json:
        screen.line(picked)
    elif screen.as_json:
        screen.data(found if picked is None else picked)
    else:
        show.outputs(screen, found if picked is None or isinstance(picked, str) else {str(resource): picked})
