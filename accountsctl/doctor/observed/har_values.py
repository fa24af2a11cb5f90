"""The values of a recording, whatever a browser, a proxy or an editor has made of their form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accountsctl.doctor.browser.fetch import Headers

Json = Mapping[str, Any]


def pairs(recorded: object) -> Headers:
    """Headers as pairs, without HTTP/2's own (``:path``)."""
    return tuple(
        (str(header["name"]), str(header.get("value", "")))
        for header in objects(recorded)
        if "name" in header and not str(header["name"]).startswith(":")
    )


def object_of(recorded: object) -> Json:
    """An object of the recording; an empty one for what has another form."""
    return recorded if isinstance(recorded, dict) else {}


def objects(recorded: object) -> list[Json]:
    return [part for part in recorded if isinstance(part, dict)] if isinstance(recorded, list) else []


def number(recorded: object) -> float:
    """A number of the recording; 0 for what is none, or has no end."""
    try:
        found = float(str(recorded))
    except ValueError:
        return 0
    return found if math.isfinite(found) else 0


def body_size(request: Json) -> int:
    """The size of a request's body in bytes; 0 if it has none, or its size is not recorded."""
    text = str(object_of(request.get("postData")).get("text") or "")
    return max(0, round(number(request.get("bodySize"))), len(text.encode("utf-8", "surrogatepass")))


def seconds(text: Any) -> int:
    """The time of an entry in seconds since 1970; 0 if it states none."""
    try:
        return int(datetime.fromisoformat(str(text).replace("Z", "+00:00")).timestamp())
    except (ValueError, OverflowError):
        return 0
