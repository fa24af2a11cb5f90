"""Gateway responses of REST APIs: those of a template, and whether there may be others elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.model import GatewayResponse
from accountsctl.doctor.facts.templates.common import (
    CORS_HEADERS,
    HIDDEN,
    Reader,
    mapping,
    whole,
)
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.templates.indexes import of_rest_api, once
from accountsctl.doctor.facts.unknown import is_unknown, is_unknown_text
from accountsctl.model.data_mappings import GATEWAY_RESPONSE_HEADER
from accountsctl.model.http_methods import EXTENSION

KIND = "AWS::ApiGateway::GatewayResponse"
DOCUMENTS = ("Body", "DefinitionBody")
ELSEWHERE = ("BodyS3Location", "DefinitionUri", "CloneFrom")


def has_responses_elsewhere(reader: Reader, name: str, properties: Mapping[str, Any]) -> bool:
    """Whether an API may have gateway responses that this template does not show.

    They may stand in a document that is a file, in another stack that knows the API, in what a macro makes, or in a
    resource of which only the deployment knows for which API or error it is.
    """
    if reader.incomplete or name in reader.handed_on or name in reader.exported:
        return True
    if any(properties.get(key) for key in ELSEWHERE) or is_unknown_text(properties.get("GatewayResponses")):
        return True
    for key in DOCUMENTS:
        document = properties.get(key)
        if is_unknown_text(document) or is_unknown_text(
            mapping(document).get(f"{EXTENSION}gateway-responses")
        ):
            return True
    return once(reader, "hides gateway responses", lambda: any(_hides_one(reader)))


def _hides_one(reader: Reader) -> Iterator[bool]:
    for _, stated in reader.of_type(KIND):
        yield reader.hidden(stated.get("RestApiId")) or is_unknown(stated.get("ResponseType"))


def responses_of(reader: Reader, name: str) -> dict[str, GatewayResponse]:
    """The gateway responses of an API that are resources, by their types."""
    found = {}
    for id_, properties in of_rest_api(reader, name, KIND):
        kind = response_type(properties.get("ResponseType"))
        status = properties.get("StatusCode")
        place = reader.at(id_, headers="ResponseParameters", status="StatusCode")
        table = properties.get("ResponseParameters", HIDDEN if TRANSFORM in properties else None)
        headers = gateway_headers(table)
        found[kind] = GatewayResponse(kind, place, whole(status), headers)
    return found


def response_type(stated: Any) -> str:
    """The type of a gateway response. AWS's list has capitals; templates in use also have DEFAULT_4xx."""
    return str(stated).upper()


def gateway_headers(table: Any) -> dict[str, str]:
    """The headers of a gateway response's parameters, in either spelling of their keys.

    A table that only the deployment knows may have any header of CORS.
    """
    if is_unknown_text(table):
        return dict.fromkeys(CORS_HEADERS, table)
    return {
        str(key).lower().removeprefix(GATEWAY_RESPONSE_HEADER): str(value)
        for key, value in mapping(table).items()
        if str(key).lower().startswith(GATEWAY_RESPONSE_HEADER)
    }
