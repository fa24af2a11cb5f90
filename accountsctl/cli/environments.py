"""`env`: which environments there are, and which one is checked out."""

from __future__ import annotations

import click

from accountsctl.cli import LazyGroup
from accountsctl.cli.options import on_project
from accountsctl.ui import shapes, show
from accountsctl.ui.screen import Screen
from accountsctl.wiring import Wiring
from accountsctl.workflows.environments import Environments


@click.group(
    cls=LazyGroup,
    table={
        "list": ("environments", "list_", "All environments of the project."),
        "checkout": ("environments", "checkout", "Make an environment the one that commands are about."),
    },
)
def env() -> None:
    """List and check out environments."""


@click.command("list")
@on_project
def list_(wiring: Wiring, screen: Screen) -> None:
    """All environments of the project; a star marks the checked-out one."""
    rows = Environments(wiring.projects).rows()
    if screen.as_json:
        screen.data(
            {"envs": [row.name for row in rows], "environments": [shapes.of_environment(row) for row in rows]}
        )
    else:
        show.environments(screen, rows)


@click.command()
@click.argument("name")
@on_project
def checkout(wiring: Wiring, screen: Screen, name: str) -> None:
    """Make NAME the environment that commands are about.

    Its file is found sound before anything is written; a checkout that fails leaves the old one.
    """
    row = Environments(wiring.projects).check_out(name)
    if screen.as_json:
        screen.data(shapes.of_environment(row))
    else:
        screen.say(f"Checked out {row.name} (stack {row.stack_name}, cloud {row.cloud}).")
