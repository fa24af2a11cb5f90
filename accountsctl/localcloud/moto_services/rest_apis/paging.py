"""Pages of lists: as many items as `limit` states, and the `position` of the next ones.

https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html
"""

from __future__ import annotations

import base64
import binascii

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request


def page(call: ControlCall, answer: JsonObject) -> JsonObject:
    """The part of a list that was requested; all of it where no limit was stated. Raises GatewayFault."""
    paged = {"limit", "position"} & set(call.model.input_shape.members if call.model.input_shape else ())
    if not paged or "item" not in answer:
        return answer
    first = _offset(call)
    limit = (call.query.get("limit") or [""])[0]
    last = first + int(limit) if limit.isdigit() and int(limit) else len(answer["item"])
    following = {"position": base64.b64encode(str(last).encode()).decode()}
    return {
        **answer,
        "item": answer["item"][first:last],
        **(following if last < len(answer["item"]) else {}),
    }


def _offset(call: ControlCall) -> int:
    position = (call.query.get("position") or [""])[0]
    try:
        return int(base64.b64decode(position, validate=True)) if position else 0
    except (binascii.Error, ValueError):
        raise bad_request("Invalid position parameter") from None
