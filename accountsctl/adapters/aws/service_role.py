"""The role that CloudFormation takes on: given with every call that takes one, so that no operation goes without it.

A stack that was deployed by a role must be rolled back and deleted by it, too: the caller may lack the rights.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html
"""

from __future__ import annotations

from collections.abc import MutableMapping
from functools import partial

from accountsctl.adapters.aws.tokens import CallModel, Hooks

MEMBER = "RoleARN"


def give_role(hooks: Hooks, role: str | None) -> None:
    """Give the role to each call of this CloudFormation client that takes one; nothing for None."""
    if role:
        hooks.register("before-parameter-build.cloudformation", partial(add_role, role))


def add_role(role: str, params: MutableMapping[str, object], model: CallModel, **_: object) -> None:
    """botocore's hook `before-parameter-build`."""
    if model.input_shape and MEMBER in model.input_shape.members:
        params.setdefault(MEMBER, role)
