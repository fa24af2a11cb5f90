"""Pages of lists: as many items as `limit` states, and the `position` of the next ones.

https://docs.aws.amazon.com/apigateway/latest/api/API_GetRestApis.html
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence

from accountsctl.localcloud.moto_services.apps import JsonObject
from accountsctl.localcloud.moto_services.rest_apis.operations import ControlCall, bad_request

NAMES = ("id", "stageName", "domainName", "basePath", "responseType", "name")
"""What tells the items of a list apart, by kind."""


def page(call: ControlCall, answer: JsonObject) -> JsonObject:
    """The part of a list that was requested; all of it where no limit was stated. Raises GatewayFault."""
    paged = {"limit", "position"} & set(call.model.input_shape.members if call.model.input_shape else ())
    if not paged or "item" not in answer:
        return answer
    items = answer["item"]
    first = _first(call, items)
    limit = (call.query.get("limit") or [""])[0]
    last = first + int(limit) if limit.isdecimal() and int(limit) else len(items)
    following = {"position": _position(last, items[last])} if last < len(items) else {}
    return {**answer, "item": items[first:last], **following}


def _position(number: int, item: JsonObject) -> str:
    return base64.b64encode(json.dumps([number, _name(item)]).encode()).decode()


def _first(call: ControlCall, items: Sequence[JsonObject]) -> int:
    """Where the page begins: at the item itself, because a caller may have deleted those of the page before."""
    position = (call.query.get("position") or [""])[0]
    if not position:
        return 0
    try:
        number, name = json.loads(base64.b64decode(position, validate=True))
        found = [place for place, item in enumerate(items) if name and _name(item) == name]
        return found[0] if found else max(0, int(number))
    except (ValueError, TypeError):
        raise bad_request("Invalid position parameter") from None


def _name(item: JsonObject) -> str:
    return str(next((item[name] for name in NAMES if name in item), ""))
