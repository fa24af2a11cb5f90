"""A resource that is made, read back, changed by another tool and read again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource
from tests.local.cloudformation.providers.conftest import Bench

Change = Callable[[Bench, ProvidedResource, Mapping[str, Any]], object]
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": "*"}],
}
OTHER_POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "logs:GetLogEvents", "Resource": "*"}],
}


@dataclass(frozen=True)
class ReadCase:
    """A type with properties, what changes it at its service, and the properties that then differ.

    `needs` makes what it refers to, and returns more properties.
    """

    type: str
    properties: Mapping[str, Any]
    change: Change | None
    paths: tuple[str, ...]
    needs: Callable[[Bench], Mapping[str, Any]] = field(default=lambda _: {})
