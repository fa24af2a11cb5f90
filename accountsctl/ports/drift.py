"""Drift detection of CloudFormation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from accountsctl.model.drift import DriftStatus, PropertyDrift


@dataclass(frozen=True)
class CheckedResource:
    """The result of one resource, as CloudFormation reports it."""

    status: DriftStatus
    differences: tuple[PropertyDrift, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class StackDetection:
    """The results of one stack by logical id; a resource whose type does not support drift detection has none.

    `failure` is why the detection did not cover the complete stack; empty if it did.
    """

    resources: Mapping[str, CheckedResource] = field(default_factory=dict)
    failure: str = ""


class DriftDetection(Protocol):
    """Drift detection (adapter: `adapters.aws.drift`)."""

    def detect(self, stacks: Sequence[str]) -> Mapping[str, StackDetection]:
        """Detect the drift of these stacks (ARNs), all at the same time; stacks nested in them are not included.

        Never raises because one stack cannot be checked; CloudError if no call gets through.
        """
