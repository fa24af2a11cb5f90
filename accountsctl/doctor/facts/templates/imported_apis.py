"""Methods and routes of an API that stands elsewhere: a parameter, an import or an id names it.

What they say is judged; the API's stage, further paths and methods are not known, nor its gateway responses (REST) or
its CORS configuration (HTTP).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.model import Api, Method
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.dependencies import functions_of
from accountsctl.doctor.facts.templates.explicit import (
    authorizers_of,
    belongs,
    method_of,
    resource_paths,
    validators_of,
)
from accountsctl.doctor.facts.templates.gateway_responses import responses_of
from accountsctl.doctor.facts.templates.httpapis import http_api_elsewhere, names_in_routes
from accountsctl.doctor.facts.templates.resolving import name_in
from accountsctl.doctor.facts.unknown import is_unknown, placeholder

OF_HTTP = ("AWS::ApiGatewayV2::Api", "AWS::Serverless::HttpApi")
HTTP_ELSEWHERE = (
    (
        "the API itself",
        "It stands elsewhere: its stage, CORS configuration and other routes are not known. Name its template too "
        "(--template), or the URL (--url).",
    ),
)
OF_APIS = ("AWS::ApiGateway::RestApi", "AWS::Serverless::Api")
ELSEWHERE = (
    (
        "the API itself",
        "It stands elsewhere: its stage, gateway responses, other paths and methods are not known. Name its template "
        "too (--template), or the URL (--url).",
    ),
)


def read_imported(reader: Reader) -> Iterator[Api]:
    """The APIs of which a template without an API of its own, of that kind, has methods or routes."""
    if reader.incomplete:
        return
    if not any(reader.of_type(*OF_APIS)):
        yield from _rest(reader)
    if not any(reader.of_type(*OF_HTTP)):
        yield from (_http(reader, name) for name in names_in_routes(reader))


def _rest(reader: Reader) -> Iterator[Api]:
    methods = dict(reader.of_type("AWS::ApiGateway::Method"))
    for name in dict.fromkeys(name_in(str(stated.get("RestApiId", ""))) for stated in methods.values()):
        if name:
            yield _api(
                reader, name, {id_: stated for id_, stated in methods.items() if belongs(stated, name)}
            )


def _http(reader: Reader, name: str) -> Api:
    """The API without a place of its own: what is said of it stands at the first of its routes."""
    api = http_api_elsewhere(reader, name)
    place = next((method.place for _, method in api.every()), api.place)
    return replace(api, place=place, partial=True, imported=True, not_reported=HTTP_ELSEWHERE)


def _api(reader: Reader, name: str, methods: Mapping[str, Mapping[str, Any]]) -> Api:
    routes: dict[str, dict[str, Method]] = {}
    validators = validators_of(reader)
    paths = resource_paths(reader, name, _above)
    for id_, stated in methods.items():
        resource = name_in(str(stated.get("ResourceId", "")))
        path = paths[resource] if resource in paths else _above(resource)
        method = method_of(reader, id_, stated, validators)
        if path is not None and not is_unknown(method.verb):
            routes.setdefault(path or "/", {})[method.verb] = method
    authorizers = authorizers_of(reader, name)
    return Api(
        name=name,
        layer=reader.layer,
        place=reader.at(next(iter(methods))),
        routes=routes,
        authorizers=authorizers,
        responses=responses_of(reader, name),
        functions=functions_of(reader, routes, authorizers),
        refs=frozenset({name, placeholder(name)}),
        partial=True,
        imported=True,
        responses_elsewhere=True,
        not_reported=ELSEWHERE,
        lines=reader.document.lines_of_source,
    )


def _above(resource: str) -> str:
    """The path of a resource that stands elsewhere: the root's, by its name, or a part of any name."""
    return "" if "root" in resource.lower() else "/{" + resource.strip("${}") + "}"
