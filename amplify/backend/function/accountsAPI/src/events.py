"""What stands in an event of API Gateway's REST proxy integration, whichever of its fields are null or missing.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Event = Mapping[str, Any]


def header(event: Event, name: str) -> str | None:
    """A request's header, whatever the case in which it came; None where it did not.

    A header that came more than once is one list, as RFC 9110 (5.3) reads it: `headers` holds its last line only.
    """
    values = [
        value
        for key, several in _several(event, "headers", "multiValueHeaders").items()
        if key.lower() == name.lower()
        for value in several
    ]
    return ", ".join(values) if values else None


def query(event: Event) -> Mapping[str, Sequence[str]]:
    """The query's parameters, decoded, each with all the values that it was given."""
    return _several(event, "queryStringParameters", "multiValueQueryStringParameters")


def caller(event: Event) -> str:
    """Who is signed in: the user's `sub` in the pool; "" where the API knows nobody."""
    claims = (_context(event).get("authorizer") or {}).get("claims") or {}
    return str(claims.get("sub") or "")


def path(event: Event) -> str:
    """The path of the URL that the client asked for, the stage's name included."""
    return str(_context(event).get("path") or event.get("path") or "")


def path_parameter(event: Event, *names: str) -> str | None:
    """The first of these path parameters that there is."""
    parameters = event.get("pathParameters") or {}
    return next((parameters[name] for name in names if parameters.get(name)), None)


def _several(event: Event, single: str, multiple: str) -> Mapping[str, Sequence[str]]:
    singles = {name: [value] for name, value in (event.get(single) or {}).items()}
    return {**singles, **(event.get(multiple) or {})}


def _context(event: Event) -> Mapping[str, Any]:
    return event.get("requestContext") or {}
