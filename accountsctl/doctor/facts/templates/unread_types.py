"""Resources that may answer pages, and that the doctor does not read: web functions, and types that SAM adds.

https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html
"""

from __future__ import annotations

from accountsctl.doctor.facts.templates.common import SERVERLESS, Reader, mapping

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


def unread_types(reader: Reader) -> tuple[tuple[str, str], ...]:
    """What is not checked of a template for its type, as (what, why)."""
    found = []
    for name, resource in reader.document.resources.items():
        kind = str(mapping(resource).get("Type"))
        if kind in WEB_FUNCTIONS:
            found.append((f"{name} ({kind})", _BY_ITS_SERVER))
        elif kind.startswith(SERVERLESS) and kind.removeprefix(SERVERLESS) not in _KNOWN:
            found.append((f"{name} ({kind})", _NOT_READ))
    return tuple(found)
