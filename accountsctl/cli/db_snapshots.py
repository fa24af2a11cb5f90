"""`db snapshots` and `db restore`: what deleted databases left, and how it comes back."""

from __future__ import annotations

import click

from accountsctl.bootstrap import Application
from accountsctl.cli.db import RESOURCE
from accountsctl.cli.options import on_environment
from accountsctl.model.database_reports import SnapshotList
from accountsctl.model.reports import EditResult
from accountsctl.ui.screen import Screen


@click.command()
@on_environment
def snapshots(app: Application, _screen: Screen) -> SnapshotList:
    """List the snapshots of databases, the newest first: final ones of deleted databases, and those taken by hand.

    \b
    Examples:
      accountsctl db snapshots
      accountsctl db snapshots -e prod --json
    """
    from accountsctl.adapters.aws.snapshots import RdsSnapshots

    return SnapshotList(tuple(RdsSnapshots(app.session).snapshots()))


@click.command()
@click.argument("snapshot")
@RESOURCE
@on_environment
def restore(app: Application, _screen: Screen, snapshot: str, resource: str | None) -> EditResult:
    """Let the next push create the database from a snapshot. The environment's file remembers it.

    The push names what it replaces. The restored cluster gets a new name, and RDS a new password for it; outputs and
    functions follow.

    \b
    Example:
      accountsctl db restore accounts-dev-snapshot-rdscluster-1a2b3c
    """
    from accountsctl.adapters.aws.snapshots import RdsSnapshots
    from accountsctl.commands.database.restore import restore as restore_snapshot

    return restore_snapshot(app.editor, RdsSnapshots(app.session), snapshot, resource)
