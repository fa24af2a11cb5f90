"""What the deployed layer learns of the project itself: its user pools, and whether their users can sign."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from accountsctl.commands.doctor.inspect import InspectApis
from accountsctl.model.backend import Backend, FilePosition, Resource
from accountsctl.model.environment import Cloud, Environment
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project
from accountsctl.ports.stacks import DeployedStack
from tests.fakes.stacks import FakeStacks
from tests.unit.doctor.seen import seen

USERS = Resource(ResourceId("auth", "users"), "Cognito", False, (), FilePosition("backend-config.json", 1))
PROJECT = Project(
    "shop", Backend((USERS,), "b"), Environment("dev", Cloud.LOCAL, "eu-west-1", "shop-dev"), {}, {}
)


class OneApi:
    """An inspector that finds one API, whatever the stacks."""

    def inspect(self, stacks: Mapping[str, str], pools: Iterable[str] = ()) -> dict[str, Any]:
        return seen()


@pytest.mark.parametrize("identities", [True, False])
def test_users_can_sign_if_the_project_puts_out_an_identity_pool(identities: bool) -> None:
    outputs = {
        "UserPoolId": "eu-west-1_Users0001",
        **({"IdentityPoolId": "eu-west-1:1"} if identities else {}),
    }
    root = DeployedStack("shop-dev", "CREATE_COMPLETE", {}, {}, {}, {"authusers": "arn:users"})
    stacks = FakeStacks({"shop-dev": root}, child_outputs={"arn:users": outputs})
    (api,) = InspectApis(PROJECT, stacks, OneApi()).run()
    assert api.project_pools == {"eu-west-1_Users0001"}
    assert api.project_identities is identities
