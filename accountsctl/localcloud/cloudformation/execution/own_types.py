"""The resource types that are CloudFormation's own, and that no service of AWS provides.

Nested stacks (`nested`) and custom resources (`custom_resources`) have modules of their own.
"""

# ruff: noqa: ARG002 - one signature for every handler and provider

from __future__ import annotations

import uuid
from collections.abc import Mapping

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Properties,
    ProvidedResource,
    Provider,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.runtime.state import MACRO_TYPE


class WaitConditionHandle:
    """AWS::CloudFormation::WaitConditionHandle: a URL that nothing needs to call."""

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        return ProvidedResource(
            f"https://cloudformation-waitcondition-{context.region}.s3.amazonaws.com/"
            f"{context.stack_id.replace(':', '%3A').replace('/', '%2F')}/{context.logical_id}"
            f"?AWSAccessKeyId={context.token}"
        )

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return ProvidedResource(physical_id)

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
    "AWS::CloudFormation::WaitConditionHandle": WaitConditionHandle(),
    MACRO_TYPE: Macro(),
}
