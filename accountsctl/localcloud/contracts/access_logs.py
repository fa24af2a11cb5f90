"""A stage's access log: where it goes, and the line of a request in the stage's own format.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

VARIABLE = re.compile(r"\$context\.(\w+(?:\.[\w-]+)*)")
ABSENT = "-"


class AccessLog(NamedTuple):
    """`destination` is the ARN of a log group; `format` is a text with variables of `$context`."""

    destination: str
    format: str

    @classmethod
    def of(cls, settings: Mapping[str, Any] | None) -> AccessLog | None:
        """From `accessLogSettings` of API Gateway; None if nothing is logged."""
        found = settings or {}
        destination = found.get("destinationArn")
        return cls(str(destination), str(found.get("format") or "")) if destination else None

    @property
    def group(self) -> tuple[str, str]:
        """The region and the name of the log group."""
        parts = self.destination.split(":")
        return parts[3], parts[6]


class AccessLine(NamedTuple):
    """A line for the log; `stream` is the stage's own."""

    log: AccessLog
    stream: str
    milliseconds: int
    text: str


def line(log: AccessLog, api_id: str, stage: str, context: Mapping[str, object]) -> AccessLine:
    """The line of a request; `context` holds its variables, `requestTimeEpoch` among them."""
    text = VARIABLE.sub(lambda found: _value(context, found[1]), log.format)
    stream = hashlib.md5(f"{api_id}/{stage}".encode(), usedforsecurity=False).hexdigest()
    return AccessLine(log, stream, int(str(context["requestTimeEpoch"])), text)


def _value(context: Mapping[str, object], path: str) -> str:
    value: object = context
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    if value is None or isinstance(value, Mapping):
        return ABSENT
    return str(value).lower() if isinstance(value, bool) else str(value)
