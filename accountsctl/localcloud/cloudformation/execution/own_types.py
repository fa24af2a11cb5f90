"""The resource types that are CloudFormation's own, and that no service of AWS provides.

Nested stacks (`nested`) and custom resources (`custom_resources`) have modules of their own.
"""

# ruff: noqa: ARG002 - one signature for every handler and provider

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable, Mapping

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    Provider,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.runtime.state import (
    MACRO_TYPE,
    WAIT_CONDITION,
    WAIT_HANDLE,
)
from accountsctl.localcloud.contracts.dispatch import WAIT_SIGNALS


class WaitConditionHandle:
    """AWS::CloudFormation::WaitConditionHandle: a URL that takes signals.

    `endpoint` is where the embedded cloud listens: what is to signal could not reach AWS's own host.
    """

    def __init__(self, endpoint: Callable[[], str] = lambda: "https://cloudformation-waitcondition") -> None:
        self._endpoint = endpoint

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return ProvidedResource(f"{self._endpoint()}{WAIT_SIGNALS}{secrets.token_urlsafe(32)}")

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """There is nothing to take away."""


class WaitCondition:
    """AWS::CloudFormation::WaitCondition: there once its signals have come, see `waiting`."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return ProvidedResource(f"{context.stack_id}/{context.logical_id}", {"Data": "{}"})

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        raise ProviderError(f"Update to resource type {WAIT_CONDITION} is not supported.", "NotUpdatable")

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """There is nothing to take away."""


class Macro:
    """AWS::CloudFormation::Macro: a function under the name by which templates use it, see `planning.transforms`."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        for name in ("Name", "FunctionName"):
            if not isinstance(properties.get(name), str):
                raise ProviderError(f"Required property {name} is missing or is not a string.")
        return ProvidedResource(properties["Name"])

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return self.create(context, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """Nothing but the stack knows it."""


class CdkMetadata:
    """AWS::CDK::Metadata: what CDK reports about itself. AWS makes nothing of it."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return ProvidedResource(str(uuid.uuid4()))

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return ProvidedResource(physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        """There is nothing to take away."""


OWN_TYPES: Mapping[str, Provider] = {
    "AWS::CDK::Metadata": CdkMetadata(),
    WAIT_CONDITION: WaitCondition(),
    WAIT_HANDLE: WaitConditionHandle(),
    MACRO_TYPE: Macro(),
}
