"""An environment: one root stack, on one cloud, with its own parameters and imported ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from accountsctl.model.names import ResourceId

Parameters = Mapping[str, Any]
"""A resource's parameters by name; their values are the JSON that its template expects."""
ParameterTable = Mapping[str, Mapping[str, Parameters]]
"""Category -> name -> the parameters of that resource."""


class Cloud(StrEnum):
    """Where an environment is deployed."""

    LOCAL = "local"
    AWS = "aws"


@dataclass(frozen=True)
class Environment:
    """``amplify/environments/<name>.json``. `parameters` and `imported` are by category and name.

    `parameters` overlays each resource's ``parameters.json``; `imported` holds the ids of resources that
    another stack owns. Neither contains a secret. `role_arn` is the role that CloudFormation takes on.
    `naming` decides the names of what is deployed: see `synth.names`. `zones` are the availability zones of databases,
    in the order of their subnets; without any, AWS's own list is used.
    """

    name: str
    cloud: Cloud
    region: str
    stack_name: str
    profile: str | None = None
    account_id: str | None = None
    role_arn: str | None = None
    protected: bool = False
    naming: int = 1
    zones: tuple[str, ...] = ()
    parameters: ParameterTable = field(default_factory=dict)
    imported: ParameterTable = field(default_factory=dict)
    stack_id: str = ""
    bucket: str = ""
    adopted: bool = False
    """Whether the stack was made by Amplify and is kept as it was: see `model.adoption`. Then its ARN is `stack_id`,
    and `bucket` the name of its deployment bucket."""
    omit: frozenset[ResourceId] = frozenset()
    """Resources that an environment of the embedded cloud leaves out; an environment of AWS has all."""

    def parameters_of(self, resource: ResourceId) -> Parameters:
        """This environment's overlay for one resource; empty if it has none."""
        return self.parameters.get(resource.category, {}).get(resource.name, {})

    def same_stack(self, other: Environment) -> bool:
        """Whether both deploy to the same stack: the same name, in the same region of the same account.

        If one of them does not state its account, the same profile counts as the same account.
        """
        here, there = (
            (self.cloud, self.region, self.stack_name),
            (other.cloud, other.region, other.stack_name),
        )
        if here != there or self.cloud is Cloud.LOCAL:
            return here == there
        if self.account_id and other.account_id:
            return self.account_id == other.account_id
        return self.profile == other.profile

    def imported_ids(self, resource: ResourceId) -> Parameters:
        """The ids of one imported resource in this environment; empty if it was not imported here."""
        return self.imported.get(resource.category, {}).get(resource.name, {})
