"""Resources that may answer pages, and that the doctor does not read: WebSockets, web functions, types that SAM adds.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html
"""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.facts.templates.common import SERVERLESS, Reader, mapping
from accountsctl.doctor.facts.templates.httpapis import web_sockets_of
from accountsctl.model.errors import CouldNotLook

WEB_FUNCTIONS = ("AWS::Serverless::WebFunction", "AWS::Lambda::WebFunction")
_KNOWN = frozenset(
    {
        "Api",
        "Application",
        "CapacityProvider",
        "Connector",
        "Function",
        "GraphQLApi",
        "HttpApi",
        "LayerVersion",
        "SimpleTable",
        "StateMachine",
        "WebSocketApi",
    }
)
_BY_ITS_SERVER = (
    "The web server in its code answers, OPTIONS too: no template tells the headers. A recording (--har), or --url "
    "with its URL, shows them."
)
_NOT_READ = "This type is not read: what it makes may answer pages. A recording (--har), or --url, shows it."


_NO_CORS = "CORS does not apply to WebSockets: a browser sends no preflight, and the page reads all messages."


def unread_parts(reader: Reader) -> tuple[tuple[str, str], ...]:
    """What is not checked of a template for its type, as (what, why)."""
    sockets = ((f"the WebSocket API {name}", _NO_CORS) for name in web_sockets_of(reader))
    return (*sockets, *_unread_types(reader))


def with_nothing_read(reader: Reader, source: str) -> Iterator[CouldNotLook]:
    """What to say of a template that has no API that is read."""
    sockets = web_sockets_of(reader)
    if sockets:
        yield CouldNotLook(
            f"{source} has only WebSocket APIs ({', '.join(sockets)}).",
            why=f"{_NO_CORS} The function of $connect has to check the Origin: any site may open a connection.",
            hint="If a connection fails, read the log of that function: what the console says is not CORS.",
        )
    unread = _unread_types(reader)
    if unread:
        names = ", ".join(what for what, _ in unread)
        yield CouldNotLook(
            f"{source} has no API that the doctor reads, and {names}.",
            why=unread[0][1],
            hint="Name its URL: --url URL --origin ORIGIN; or a recording: --har FILE.",
        )


def _unread_types(reader: Reader) -> tuple[tuple[str, str], ...]:
    found = []
    for name, resource in reader.document.resources.items():
        kind = str(mapping(resource).get("Type"))
        if kind in WEB_FUNCTIONS:
            found.append((f"{name} ({kind})", _BY_ITS_SERVER))
        elif kind.startswith(SERVERLESS) and kind.removeprefix(SERVERLESS) not in _KNOWN:
            found.append((f"{name} ({kind})", _NOT_READ))
    return tuple(found)
