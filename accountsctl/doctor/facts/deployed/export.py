"""What GetExport tells of a stage: the whole deployed snapshot, as OpenAPI with API Gateway's extensions.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions.html
It is read as a template's Body is; only functions have their real names here, and stage variables values. An
export without integrations (some imitations of API Gateway give one) tells nothing that can be relied on: no
method can be deployed without an integration.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.deployed.arns import called
from accountsctl.doctor.facts.model import Method
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.document import Document
from accountsctl.doctor.facts.templates.openapi import Imported, read_body
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.http_methods import EXTENSION as X
from accountsctl.model.http_methods import openapi_method

SOURCE = "apigateway:GetExport"
INTEGRATION = f"{X}integration"
BINARY_TYPES = f"{X}binary-media-types"
RESPONSES = f"{X}gateway-responses"
VALIDATORS = f"{X}request-validators"
POLICY = f"{X}policy"

Json = Mapping[str, Any]


def complete(export: Json) -> bool:
    """Whether the export tells of integrations, so that it can be read as the deployed snapshot."""
    operations = list(_operations(export))
    return bool(operations) and all(INTEGRATION in operation for operation in operations)


def uris(export: Json) -> Iterator[str]:
    """The URIs of all integrations and authorizers."""
    for operation in _operations(export):
        yield (operation.get(INTEGRATION) or {}).get("uri") or ""
    for scheme in _schemes(export).values():
        yield (scheme.get(f"{X}authorizer") or {}).get("authorizerUri") or ""


def read(export: Json, variables: Mapping[str, str]) -> Imported:
    """The snapshot: routes, the authorizers that they use, gateway responses, binary media types."""
    document = Document(SOURCE, export, dict.fromkeys(_pointers(export, ""), 0))
    found = read_body(Reader(document, Resolver(document), Layer.DEPLOYED), export, "")
    uri = {
        name: str((scheme.get(f"{X}authorizer") or {}).get("authorizerUri") or "")
        for name, scheme in _schemes(export).items()
    }
    return replace(
        found,
        routes={
            path: {verb: _named(method, variables) for verb, method in verbs.items()}
            for path, verbs in found.routes.items()
        },
        authorizers={
            name: replace(authorizer, function=called(uri[name], variables))
            for name, authorizer in found.authorizers.items()
        },
    )


def _named(method: Method, variables: Mapping[str, str]) -> Method:
    """The method with the function that it really calls."""
    if method.integration is None:
        return method
    function = called(method.integration.uri, variables)
    return replace(method, integration=replace(method.integration, function=function))


def _operations(export: Json) -> Iterator[Json]:
    for item in (export.get("paths") or {}).values():
        yield from (operation for verb, operation in item.items() if openapi_method(verb) is not None)


def _schemes(export: Json) -> Json:
    """The security schemes, in the spelling of OpenAPI 2 or 3."""
    modern: Json = (export.get("components") or {}).get("securitySchemes") or {}
    return modern or export.get("securityDefinitions") or {}


def _pointers(value: Any, pointer: str) -> Iterator[str]:
    """Every JSON pointer of a value."""
    yield pointer
    parts = (
        value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, part in parts:
        yield from _pointers(part, f"{pointer}/{escaped(str(key))}")
