"""One right that a call needs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """An action, ``sqs:SendMessage``, on a resource by its ARN. None: whatever resource a policy names will do."""

    action: str
    resource: str | None
