"""Following an operation of CloudFormation: what is shown of it, for the commands that begin one or wait for one."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager

from accountsctl.bootstrap import Application
from accountsctl.model.errors import AccountsctlError
from accountsctl.model.events import Listener
from accountsctl.ui.screen import Screen


def following(app: Application, screen: Screen) -> AbstractContextManager[Listener]:
    """A listener that shows events as they come, until the block ends."""
    from accountsctl.ui.progress import progress

    return progress(screen, _names(app))


def _names(app: Application) -> Mapping[str, str]:
    """What the nested stacks are called, by their logical ids; nothing of a project that cannot be read."""
    try:
        backend = app.reading.project.backend
    except AccountsctlError:
        return {}
    return {resource.id.logical_id: str(resource.id) for resource in backend}
