"""Lists of Lambda's API in pages: MaxItems, Marker and NextMarker."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.lambda_calls.operations import LambdaCall, invalid

Item = TypeVar("Item")
LARGEST = 50
"""Lambda answers with at most so many items, whatever MaxItems says."""


def page(call: LambdaCall, member: str, items: Sequence[Item]) -> JsonObject:
    """The page that a call asks for; NextMarker is there if more follow."""
    size = min(int(call.input.get("MaxItems") or LARGEST), LARGEST)
    marker = str(call.input.get("Marker") or "")
    start = _start(call, marker, len(items)) if marker else 0
    shown: JsonObject = {member: list(items[start : start + size])}
    if start + size < len(items):
        shown["NextMarker"] = base64.urlsafe_b64encode(f"{call.name} {start + size}".encode()).decode()
    return shown


def _start(call: LambdaCall, marker: str, count: int) -> int:
    try:
        operation, place = base64.urlsafe_b64decode(marker.encode()).decode().split()
        start = int(place)
    except (binascii.Error, ValueError):
        raise invalid("Invalid Marker") from None
    if operation != call.name or not 0 <= start <= count:
        raise invalid("Invalid Marker")
    return start
