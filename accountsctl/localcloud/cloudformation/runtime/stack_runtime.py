"""What every part of the engine needs: the services, the providers, the schemas, the store."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.errors import CloudFormationError
from accountsctl.localcloud.cloudformation.providers.base import Context, Provider
from accountsctl.localcloud.cloudformation.runtime.delays import Delays
from accountsctl.localcloud.cloudformation.runtime.gate import Gate
from accountsctl.localcloud.cloudformation.runtime.signals import Signals
from accountsctl.localcloud.cloudformation.runtime.state import (
    CUSTOM_RESOURCE,
    STACK_TYPE,
    Record,
    Stack,
    is_custom,
)
from accountsctl.localcloud.cloudformation.runtime.store import Store
from accountsctl.localcloud.cloudformation.runtime.turns import StackTurns
from accountsctl.localcloud.cloudformation.template import dynamic
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION

ClientFactory = Callable[[str, str], Any]


class ResourceSchema(Protocol):
    """What `schemas` says of a type; see there."""

    @property
    def create_only(self) -> frozenset[str]: ...
    @property
    def conditional_create_only(self) -> frozenset[str]: ...
    @property
    def read_only(self) -> frozenset[str]: ...
    @property
    def write_only(self) -> frozenset[str]: ...
    @property
    def primary_identifier(self) -> tuple[str, ...]: ...
    @property
    def taggable(self) -> bool: ...

    def faults(self, properties: Mapping[str, Any]) -> list[str]: ...

    def findings(
        self, properties: Mapping[str, Any], undecided: Callable[[Any], bool]
    ) -> list[tuple[str, str]]: ...

    def coerced(self, properties: Mapping[str, Any]) -> dict[str, Any]: ...

    def readable(self, attribute: str) -> bool: ...


@dataclass
class StackRuntime:
    """Shared by all operations; thread-safe as far as its parts are."""

    clients: ClientFactory
    providers: Mapping[str, Provider]
    schema: Callable[[str], ResourceSchema | None]
    store: Store
    cancelled: set[str] = field(default_factory=set)
    gate: Gate = field(default_factory=Gate)
    delays: Delays = field(default_factory=Delays)
    signals: Signals = field(default_factory=Signals)
    turns: StackTurns = field(default_factory=StackTurns)
    deadlines: dict[str, float] = field(default_factory=dict)
    """Until when, by the clock of `delays`, the creations of stacks may take that have a timeout."""
    _zones: dict[str, list[str]] = field(default_factory=dict)

    def provider(self, resource_type: str) -> Provider | None:
        """The provider of a type; all custom resources share one."""
        return self.providers.get(CUSTOM_RESOURCE if is_custom(resource_type) else resource_type)

    def has_tags(self, resource_type: str) -> bool:
        """Whether a type takes the stack's tags: by its schema, and every nested stack does."""
        schema = self.schema(resource_type)
        return resource_type == STACK_TYPE or (schema is not None and schema.taggable)

    def is_expired(self, stack: Stack) -> bool:
        """Whether the creation of the stack, or of one that it is nested in, has taken longer than it may."""
        owner: Stack | None = stack
        while owner is not None:
            if self.delays.clock() >= self.deadlines.get(owner.id, math.inf):
                return True
            owner = self.store.stacks.get(owner.parent_id or "")
        return False

    def is_given_up(self, stack: Stack) -> bool:
        """Whether the operation on a stack was cancelled, or has taken too long."""
        return (stack.root_id or stack.id) in self.cancelled or self.is_expired(stack)

    def zones(self, region: str) -> list[str]:
        """The names of a region's availability zones (Fn::GetAZs)."""
        if region not in self._zones:
            answer = self.clients("ec2", region).describe_availability_zones()
            self._zones[region] = sorted(zone["ZoneName"] for zone in answer["AvailabilityZones"])
        return list(self._zones[region])

    def resolve(self, value: Any, region: str) -> Any:
        """`value` without dynamic references."""
        return dynamic.resolve(value, lambda service: self.clients(service, region))

    def managed_policies(self, region: str) -> dict[str, str]:
        """The ARNs of AWS's managed policies by name."""
        pages = self.clients("iam", region).get_paginator("list_policies").paginate(Scope="AWS")
        return {policy["PolicyName"]: policy["Arn"] for page in pages for policy in page["Policies"]}

    def read_ssm(self, name: str, region: str) -> str:
        """The value of an SSM parameter, for a template's parameter of an SSM type."""
        try:
            return dynamic.read_ssm(name, lambda service: self.clients(service, region))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterNotFound":
                raise
            raise CloudFormationError(
                f"Unable to fetch parameters [{name}] from parameter store for this account."
            ) from error

    def context(self, stack: Stack, record: Record) -> Context:
        """What a provider knows about where its resource stands."""
        return Context(
            client=lambda service: self.clients(service, stack.region),
            stack_name=stack.name,
            stack_id=stack.id,
            logical_id=record.logical_id,
            region=stack.region,
            account=ACCOUNT,
            partition=PARTITION,
            token=record.token,
            tags=dict(stack.definition.tags),
            old_tags=dict(record.tags),
            resource_type=record.type,
            is_given_up=lambda: self.is_given_up(stack),
        )
