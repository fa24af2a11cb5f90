"""A stackName that was changed: the next push creates a second stack, and the first one stays, with its data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import CloudError
from accountsctl.model.names import ENVIRONMENT_TAG, PROJECT_TAG
from accountsctl.model.plan import Plan
from accountsctl.ports.stack_repairs import StackRepairs

UNREADABLE = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


def naming_other_stacks(intended: Plan, repairs: StackRepairs) -> Plan:
    """The plan; one that creates the stack also names the stacks that the environment has under other names."""
    return (
        replace(intended, stays=tuple(other_stacks(intended.assembly, repairs)))
        if intended.first
        else intended
    )


def other_stacks(assembly: Assembly, repairs: StackRepairs) -> Sequence[str]:
    """The names of the root stacks that are tagged as this environment's and are not its stack.

    Empty if the caller may not list stacks: no push needs that right.
    """
    environment = assembly.environment
    tags = {ENVIRONMENT_TAG: environment.name, PROJECT_TAG: assembly.project}
    try:
        return sorted(name for name in repairs.tagged(tags) if name != environment.stack_name)
    except CloudError as error:
        if error.code not in UNREADABLE:
            raise
        return ()
