"""What an API allows across origins: the origins in its parameters, and the preflights in its template.

`allowed_origins` reads what the project states. `allowed` reads what the preflights of a deployed API allow, path
by path, so that a client asks for nothing that they refuse.

It is read where API Gateway takes it from: the OPTIONS method of each path, a mock whose one integration
response has static headers. A path that answers otherwise (a function, several answers, an intrinsic) is left
out: what is not known to be allowed is not asked for.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.formats.frontend.api_template import Body, path_of
from accountsctl.model.api_gateway import IntegrationType
from accountsctl.model.cors_headers import ALLOW_HEADERS, ALLOW_METHODS
from accountsctl.model.data_mappings import RESPONSE_HEADER
from accountsctl.model.names import ResourceId
from accountsctl.model.project import Project

EVERY_ORIGIN = "*"
FIELDS = {"allowHeaders": ALLOW_HEADERS, "allowMethods": ALLOW_METHODS}
_STATIC = re.compile(r"'([^']*)'")


def allowed_origins(project: Project, apis: Iterable[ResourceId]) -> tuple[str, ...]:
    """The origins that `apis` allow in the project's environment, each once, in the order in which they are written.

    An API that states none allows every origin (``*``), as its template does.
    """
    origins: list[str] = []
    for api in apis:
        cors = project.effective_parameters(api).get("cors", {})
        stated = cors.get("allowOrigins", [EVERY_ORIGIN]) if isinstance(cors, Mapping) else ()
        # A list of anything else is refused when the project is rendered; here it counts for nothing.
        origins += (
            [origin for origin in stated if isinstance(origin, str)] if isinstance(stated, list) else []
        )
    return tuple(dict.fromkeys(origins))


def allowed(template: Body) -> dict[str, dict[str, list[str]]]:
    """``{"/accounts": {"allowHeaders": [...], "allowMethods": [...]}}``, the names as they are written."""
    resources = template.get("Resources", {})
    found = {
        path_of(resources, resource["Properties"].get("ResourceId")): _answer(resource["Properties"])
        for resource in resources.values()
        if resource.get("Type") == "AWS::ApiGateway::Method"
        and resource["Properties"].get("HttpMethod") == "OPTIONS"
    }
    return {path: answer for path, answer in sorted(found.items()) if answer is not None}


def _answer(method: Body) -> dict[str, list[str]] | None:
    """What one OPTIONS method allows; None if its headers do not stand in the template."""
    integration = method.get("Integration")
    if not isinstance(integration, Mapping) or integration.get("Type") != IntegrationType.MOCK:
        return None
    match integration.get("IntegrationResponses"):
        case [{"ResponseParameters": Mapping() as parameters}]:
            sent = {name.removeprefix(RESPONSE_HEADER).lower(): value for name, value in parameters.items()}
            lists = {field: _listed(sent.get(header, "''")) for field, header in FIELDS.items()}
            known = {field: names for field, names in lists.items() if names is not None}
            return known if len(known) == len(FIELDS) else None
        case _:
            return None


def _listed(value: Any) -> list[str] | None:
    """The names in a static header, ``'GET,PUT'``; None for a value that API Gateway works out."""
    static = _STATIC.fullmatch(value) if isinstance(value, str) else None
    return None if static is None else [name for part in static[1].split(",") if (name := part.strip())]
