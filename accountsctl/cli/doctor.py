"""`doctor`: what is wrong, and what to do about it."""

from __future__ import annotations

import click

from accountsctl.cli.diagnosing import cors


@click.group()
def doctor() -> None:
    """Say what is wrong, and what to do about it."""


doctor.add_command(cors)
