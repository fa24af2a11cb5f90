"""Which resource that exists already a change set with ImportExistingResources takes over instead of creating one.

It has a name that the template states, a DeletionPolicy of Retain or RetainExceptOnCreate, and no stack owns it.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/import-resources-automatically.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from accountsctl.localcloud.cloudformation.providers.base import Context, ProvidedResource
from accountsctl.localcloud.cloudformation.runtime.shapes import Properties
from accountsctl.localcloud.cloudformation.runtime.stack_runtime import StackRuntime
from accountsctl.localcloud.cloudformation.template.functions import unknown_within

RETAINED = ("Retain", "RetainExceptOnCreate")


@runtime_checkable
class Importing(Protocol):
    """A provider whose resources can be imported."""

    def find(self, client: Any, properties: Properties) -> str | None:
        """The physical id of the resource that exists under the name in `properties`; `client` is the service's."""

    def adopt(self, context: Context, physical_id: str) -> ProvidedResource:
        """The resource as it is; nothing of it is changed."""

    SERVICE: str


def importable(
    runtime: StackRuntime, region: str, definition: Mapping[str, Any], properties: Properties
) -> str | None:
    """The physical id of the resource to import; None if it is to be created."""
    kind = str(definition["Type"])
    provider: object = runtime.providers.get(kind)
    if definition.get("DeletionPolicy") not in RETAINED or not isinstance(provider, Importing):
        return None
    if unknown_within(properties):
        return None
    found = provider.find(runtime.clients(provider.SERVICE, region), properties)
    return None if found is None or _owned(runtime, region, kind, found) else found


def _owned(runtime: StackRuntime, region: str, kind: str, physical_id: str) -> bool:
    """Whether a stack has the resource already."""
    with runtime.store.lock:
        return any(
            record.type == kind and record.physical_id == physical_id and record.exists
            for stack in runtime.store.stacks.values()
            if stack.region == region
            for record in stack.resources.values()
        )
