"""SAM's REST APIs (``AWS::Serverless::Api`` and the implicit one), read from the documents that SAM makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.model import Api, Authorizer, GatewayResponse, Method, Stage
from accountsctl.doctor.facts.places import Spelling
from accountsctl.doctor.facts.templates.common import (
    HIDDEN,
    Reader,
    listed,
    mapping,
    pointer_of_properties,
    pointer_of_setting,
    whole,
)
from accountsctl.doctor.facts.templates.custom_domains import sam_domain
from accountsctl.doctor.facts.templates.dependencies import keys_served
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.templates.explicit import read_one
from accountsctl.doctor.facts.templates.gateway_responses import gateway_headers, response_type
from accountsctl.doctor.facts.templates.hidden_routes import hides_methods
from accountsctl.doctor.facts.templates.openapi import Imported, moved, read_body, route_of
from accountsctl.doctor.facts.templates.sam_documents import CORS_HEADERS, rest_document
from accountsctl.doctor.facts.templates.sam_events import IMPLICIT, SamEvent, events_of
from accountsctl.doctor.facts.templates.stages import stage_of
from accountsctl.doctor.facts.unknown import is_unknown_text
from accountsctl.model.data_mappings import GATEWAY_RESPONSE_HEADER

SPARE_STAGE = "Stage"


def read_sam(reader: Reader) -> Iterator[Api]:
    """Every REST API that SAM would make of the template."""
    events = list(events_of(reader))
    declared = dict(reader.of_type("AWS::Serverless::Api"))
    implicit = IMPLICIT["Api"]
    if any(event.api == implicit for event in events):
        declared[implicit] = {"StageName": "Prod", **reader.shared("Api")}
    for name, properties in declared.items():
        yield _api(reader, name, properties, [event for event in events if event.api == name])


def _api(reader: Reader, name: str, properties: Mapping[str, Any], events: list[SamEvent]) -> Api:
    base = pointer_of_properties(name)
    if TRANSFORM in properties:
        properties = {"Cors": HIDDEN, **properties}
    document = rest_document(properties, events, partial=hides_methods(reader, properties))
    imported = read_body(reader, document, f"{base}/DefinitionBody") if document else Imported()
    body = mapping(properties.get("DefinitionBody"))
    written = replace(
        imported,
        routes=_placed(reader, name, imported, body, events),
        authorizers=_placed_authorizers(reader, mapping(properties.get("Auth")), imported, f"{base}/Auth"),
        responses={**imported.responses, **dict(_responses(reader, properties, base))},
    )
    api = read_one(reader, name, {**properties, "EndpointConfiguration": None}, written)
    return replace(
        api,
        private=_private(properties),
        domains=(
            *api.domains,
            *sam_domain(reader, name, properties, str(properties.get("StageName", "Prod"))),
        ),
        stages={**api.stages, **_stages(reader, name, properties)},
    )


def _placed(
    reader: Reader, name: str, imported: Imported, body: Mapping[str, Any], events: list[SamEvent]
) -> dict[str, dict[str, Method]]:
    """The routes, each method where its source has it: in the document, in an event, or in the API's Cors."""
    of_events = {
        (route_of(event.path), key): event.place(reader)
        for event in events
        for key in (event.method, event.written_method)
    }
    written = {
        (route_of(str(path)), str(key))
        for path, item in mapping(body.get("paths")).items()
        for key in mapping(item)
    }
    base = pointer_of_setting(reader, name, "Api", "Cors")
    auth = pointer_of_setting(reader, name, "Api", "Auth")
    places = {header: f"{base}/{key}" for key, header in CORS_HEADERS.items()}
    cors = reader.place(base, authorization=auth, api_key=auth, **places)
    found: dict[str, dict[str, Method]] = {}
    for route, methods in imported.routes.items():
        for verb, method in methods.items():
            key = method.place.pointer.rpartition("/")[2]
            if (route, key) in written:
                placed = method
            elif (route, key) in of_events:
                placed = moved(method, of_events[route, key], Spelling.SAM_EVENT)
            else:
                placed = moved(method, cors, Spelling.SAM_API)
            found.setdefault(route, {})[verb] = placed
    return found


def _placed_authorizers(
    reader: Reader, auth: Mapping[str, Any], imported: Imported, pointer: str
) -> dict[str, Authorizer]:
    found = dict(imported.authorizers)
    for name in mapping(auth.get("Authorizers")):
        where = f"{pointer}/Authorizers/{name}"
        place = reader.place(
            where,
            pools=f"{where}/UserPoolArn",
            identity_source=f"{where}/Identity",
            expression=f"{where}/Identity/ValidationExpression",
        )
        if name in found:
            found[name] = replace(found[name], place=place, spelling=Spelling.SAM_API)
    return found


def _stages(reader: Reader, name: str, properties: Mapping[str, Any]) -> dict[str, Stage]:
    """The stage that is named, and the one called Stage that SAM makes as well unless an OpenApiVersion is set."""
    stages = {}
    plan = mapping(mapping(properties.get("Auth")).get("UsagePlan")).get("CreateUsagePlan")
    if properties.get("StageName"):
        stage = stage_of(reader, name, properties)
        stages[stage.name] = replace(
            stage, keys_served=True if plan in ("PER_API", "SHARED") else stage.keys_served
        )
    if not properties.get("OpenApiVersion"):
        served = keys_served(reader, name, SPARE_STAGE)
        stages[SPARE_STAGE] = Stage(SPARE_STAGE, reader.at(name), keys_served=served)
    return stages


def _private(properties: Mapping[str, Any]) -> bool:
    endpoint = properties.get("EndpointConfiguration")
    if isinstance(endpoint, Mapping):
        return endpoint.get("Type") == "PRIVATE" or "PRIVATE" in listed(endpoint.get("Types"))
    return endpoint == "PRIVATE"


def _gateway_headers(described: Any) -> dict[str, str]:
    """The headers of one of GatewayResponses, whatever part of it only the deployment knows."""
    table = described
    for key in ("ResponseParameters", "Headers"):
        if is_unknown_text(table):
            return gateway_headers(table)
        table = mapping(table).get(key)
    if is_unknown_text(table):
        return gateway_headers(table)
    return gateway_headers(
        {f"{GATEWAY_RESPONSE_HEADER}{name}": value for name, value in mapping(table).items()}
    )


def _responses(
    reader: Reader, stated: Mapping[str, Any], pointer: str
) -> Iterator[tuple[str, GatewayResponse]]:
    for kind, described in mapping(stated.get("GatewayResponses")).items():
        settings = mapping(described)
        base = f"{pointer}/GatewayResponses/{kind}"
        status = settings.get("StatusCode")
        headers = _gateway_headers(described)
        place = reader.place(base, headers=f"{base}/ResponseParameters", status=f"{base}/StatusCode")
        type_ = response_type(kind)
        yield (
            type_,
            GatewayResponse(type_, place, whole(status), headers, Spelling.SAM_API),
        )
