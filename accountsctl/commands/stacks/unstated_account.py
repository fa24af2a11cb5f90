"""A first push to whatever account the credentials belong to: with another profile it makes a second environment."""

from __future__ import annotations

from accountsctl.formats.layout import environment_file
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.errors import CloudError
from accountsctl.ports.identity import Identity


def unstated_account(environment: Environment, identity: Identity) -> str:
    """In which account a first push creates the stack, and how to bind the environment to it; empty if it is bound.

    Empty too if STS does not say which account it is: a push does not stop for that.
    """
    if environment.cloud is not Cloud.AWS or environment.account_id:
        return ""
    try:
        account = identity.caller().account
    except CloudError:
        return ""
    return (
        f'The stack will be in account {account}. State "accountId": "{account}" in '
        f"{environment_file(environment.name)}; a push with other credentials is refused then."
    )
