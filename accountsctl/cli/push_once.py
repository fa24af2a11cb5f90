"""One push, from the flags to its result: what `push` and `push --watch` share."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path

from accountsctl.bootstrap import Application
from accountsctl.cli.following import following
from accountsctl.cli.options import program, read_file, terminal
from accountsctl.formats.frontend.api_template import callable_paths
from accountsctl.model.assembly import Assembly
from accountsctl.model.environment import Cloud
from accountsctl.model.events import PushResult
from accountsctl.model.names import ResourceId
from accountsctl.model.plan import Action, Plan
from accountsctl.ui.plan import show_plan
from accountsctl.ui.results.local import found_line
from accountsctl.ui.screen import Screen
from accountsctl.ui.stopwatch import Stopwatch


@dataclass(frozen=True)
class PushOptions:
    """The flags of `push`. `ask`: whoever is at the terminal may be asked what the flags do not agree to."""

    dry_run: bool = False
    exit_code: bool = False
    plan_file: Path | None = None
    allow_data_loss: tuple[str, ...] = ()
    run_scripts: bool = False
    omit: tuple[str, ...] = ()
    yes: bool = False
    watch: bool = False
    parts: tuple[str, ...] = ()
    ask: bool = True
    debug_ports: tuple[str, ...] = ()


def push_once(app: Application, screen: Screen, options: PushOptions) -> PushResult:
    """Plan, show, agree, deploy."""
    from accountsctl.adapters.local_cloud import unsupported_parts
    from accountsctl.adapters.npm import install_packages
    from accountsctl.commands.stacks.agreement import Agreement
    from accountsctl.commands.stacks.packages import install_missing
    from accountsctl.formats.plan_file import check_plan_file, read_plan_file

    watch = Stopwatch()
    written = read_plan_file(read_file(options.plan_file).decode()) if options.plan_file else None
    assembly = app.rendered.supported_assembly(options.omit, unsupported_parts)
    if install_packages(app.root, screen.say, scripts=options.run_scripts):
        assembly = app.rendered.assembly_again()
    say_unread(app, screen)
    imported_drift(app, screen)
    # A plan file was read by whoever names it, so it needs no other confirmation.
    yes = options.yes or written is not None
    agreement = Agreement(yes, frozenset(options.allow_data_loss), terminal() if options.ask else None)

    def agree(intended: Plan) -> None:
        if written:
            check_plan_file(written, intended)
        say_found(app, screen, intended)
        # What is agreed to is shown, however quiet.
        show_plan(replace(screen, quiet=screen.quiet and yes), intended)
        with watch:
            agreement.settle(intended)
        # From here on code of others may run, and what is downloaded is needed.
        install_missing(intended, app.packages, screen.say)

    with following(app, screen) as listen:
        result = app.push(watching=options.watch).run(
            assembly, agree, listen, options.allow_data_loss, options.parts
        )
    new = {change.id for change in result.changes if change.action in (Action.CREATE, Action.IMPORT)}
    return replace(result, seconds=watch.passed, next_steps=next_steps(assembly, new))


def say_unread(app: Application, screen: Screen) -> None:
    """Name what Amplify would act on and a push does not."""
    for sentence in app.rendered.unread:
        screen.say(sentence)


def imported_drift(app: Application, screen: Screen) -> tuple[str, ...]:
    """How imported pools differ from what was imported, as sentences that are also shown."""
    from accountsctl.commands.project.imported_pools import import_problems

    drift = import_problems(app.environment, app.pools) or ()
    for sentence in drift:
        screen.say(f"Imported: {sentence}")
    return tuple(drift)


def say_found(app: Application, screen: Screen, intended: Plan) -> None:
    """Name what the embedded cloud does otherwise: functions of which this machine lacks the runtime's version, and
    databases that were found on disk after the state was lost."""
    say_substitutes(app, screen, intended)
    if app.environment.cloud is Cloud.LOCAL and not intended.empty:
        for database in app.cloud.status().get("services", {}).get("found", []):
            screen.say(found_line(database))


def say_substitutes(app: Application, screen: Screen, intended: Plan) -> None:
    """Name the functions that a push creates or changes and that run on another version here than on AWS."""
    from accountsctl.adapters.local_cloud import runs_on
    from accountsctl.commands.functions.substitutes import substitutes

    if app.environment.cloud is Cloud.LOCAL:
        changed = {
            change.id for change in intended.changes if change.action in (Action.CREATE, Action.UPDATE)
        }
        children = [child for child in intended.assembly.children if child.id in changed]
        for sentence in substitutes(children, runs_on):
            screen.say(sentence)


def next_steps(assembly: Assembly, new: Container[ResourceId]) -> tuple[str, ...]:
    """What to type once resources are there that were not before: create the tables, call the API, see a token."""
    children = [child for child in assembly.children if child.id in new]
    kinds = {child.id.category for child in children}
    several = len([child for child in assembly.children if child.id.category == "api"]) > 1
    calls = [
        f"call GET {path}" + (f" --api {child.id.name}" if several else "")
        for child in children
        if child.id.category == "api"
        for path in callable_paths(child.template.body)
    ]
    steps = [
        *(["db init"] if "rds" in kinds else []),
        *calls[:1],
        *(["auth token"] if "auth" in kinds else []),
    ]
    return tuple(f"{program()} {step}" for step in steps)
