"""A change set that CloudFormation refuses, in the words of the project."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import ChangeSetRefused


@contextmanager
def resource_names(assembly: Assembly) -> Iterator[None]:
    """A change set that is refused names ``category/name`` instead of the logical ids of nested stacks."""
    try:
        yield
    except ChangeSetRefused as refused:
        names = {child.id.logical_id: str(child.id) for child in assembly.children}
        raise refused.named(names) from refused
