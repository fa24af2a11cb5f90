"""Reading what an inspector returned."""

from __future__ import annotations

from typing import Any

from accountsctl.doctor.facts.deployed.reader import read
from accountsctl.doctor.facts.model import Api


def one(told: dict[str, Any], **named: Any) -> Api:
    (found,) = read(told, **named)
    return found


def resources(**methods: Any) -> list[dict[str, Any]]:
    return [{"id": "r1", "path": "/accounts", "resourceMethods": methods}]
