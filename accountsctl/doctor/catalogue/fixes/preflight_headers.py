"""Fixes of the CORS headers that an OPTIONS method of type MOCK sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.doctor.browser.fetch import tokens
from accountsctl.doctor.catalogue.fixes.operation import FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.fixes.spelling import is_resource, properties_pointer, property_name
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.catalogue.simulate import chosen
from accountsctl.doctor.facts.model import HttpCors, IntegrationResponse, Method
from accountsctl.doctor.facts.places import Spelling
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import IntegrationType
from accountsctl.model.cors_headers import (
    ALLOW_CREDENTIALS,
    ALLOW_HEADERS,
    ALLOW_METHODS,
    ALLOW_ORIGIN,
    titled,
)
from accountsctl.model.data_mappings import response_header
from accountsctl.model.http_methods import ANY, CALLABLE, OPTIONS


def mapped_values(values: Mapping[str, str]) -> dict[str, str]:
    return {response_header(name): f"'{value}'" for name, value in values.items()}


def declared_headers() -> dict[str, bool]:
    names = (ALLOW_ORIGIN, ALLOW_METHODS, ALLOW_HEADERS)
    return {response_header(name): True for name in names}


def declaration(template: TemplateBody, pointer: str) -> dict[str, object]:
    """A header's declaration in the document of a pointer: OpenAPI 3 has its type in a schema, Swagger 2 has none.

    API Gateway refuses to map a header that is declared in the other way.
    """
    document = value_at(template, pointer.partition("/paths/")[0])
    kind: dict[str, object] = {"type": "string"}
    return {"schema": kind} if isinstance(document, Mapping) and "openapi" in document else kind


def preflight_values(
    scene: Scene, known: Mapping[str, Method], response: IntegrationResponse | None
) -> dict[str, str]:
    """What OPTIONS must say: what it says already where that is right, and what this request needs."""
    ask = scene.ask
    had = {name: value.strip("'\"") for name, value in (response.headers if response else {}).items()}
    verbs = {verb for verb in known if verb != ANY} | {
        OPTIONS,
        ask.request.method.upper(),
        ask.method,
    }
    if ANY in known:
        verbs |= set(CALLABLE)
    stated = tokens([had.get(ALLOW_METHODS, "")]) or ()
    methods = [method for method in stated if method != "*" and method == method.upper()]
    headers = [header for header in tokens([had.get(ALLOW_HEADERS, "")]) or () if header != "*"]
    # A list that is there gets what this request needs; a new one what most pages send.
    usual = set() if headers else {"authorization", "content-type"}
    wanted = [titled(name) for name in sorted(ask.names() | usual)]
    lower = {header.lower() for header in headers}
    had_origin = had.get(ALLOW_ORIGIN)
    right = had_origin == ask.origin or (had_origin == "*" and not ask.credentials)
    star = had_origin is None and not ask.credentials
    return {
        ALLOW_ORIGIN: had_origin if right and had_origin else "*" if star else ask.origin,
        ALLOW_METHODS: ",".join([*methods, *sorted(verbs - set(methods))]),
        ALLOW_HEADERS: ",".join([*headers, *(header for header in wanted if header.lower() not in lower)]),
        **({ALLOW_CREDENTIALS: "true"} if ask.credentials else {}),
    }


def set_preflight_headers(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """The mapped headers of OPTIONS, put right; and declared, where methods are resources."""
    if scene.api.http_cors is not None:
        yield from _in_configuration(scene, scene.api.http_cors, template)
        return
    method = scene.api.method(scene.route, "OPTIONS")
    integration = method.integration if method else None
    if method is None or integration is None or integration.type != IntegrationType.MOCK:
        return
    response = chosen(integration)
    if response is None:
        return
    known = scene.api.routes.get(scene.route or "") or {}
    values = preflight_values(scene, known, response)
    if method.spelling is Spelling.SAM_API:
        yield from _sam_cors(response, values)
        return
    table = f"{response.place.pointer}/{property_name(method, 'ResponseParameters')}"
    for name, value in values.items():
        if name not in response.computed:
            pointer = response.place.fields.get(name) or f"{table}/{response_header(name)}"
            yield FixOperation(pointer, f"'{value}'")
    if is_resource(method):
        yield from declare_headers(method, response, template, values)
    else:
        for name in values:
            base = f"{method.place.pointer}/responses/{response.status}"
            yield FixOperation(f"{base}/headers/{titled(name)}", declaration(template, base))


def _in_configuration(scene: Scene, cors: HttpCors, template: TemplateBody) -> Iterator[FixOperation]:
    """The lists of an HTTP API's or a function URL's CORS configuration, with what this request needs."""
    stated = None if scene.api.imported else value_at(template, cors.place.pointer)
    if not isinstance(stated, Mapping):
        return
    keys = {str(key).lower(): str(key) for key in stated}
    needed = {
        "AllowHeaders": (cors.headers, [titled(name) for name in sorted(scene.ask.names())]),
        "AllowMethods": (cors.methods, [scene.ask.request.method]),
    }
    for name, (listed, values) in needed.items():
        key = keys.get(name.lower(), name)
        before = stated.get(key) or []
        every = "*" in listed and not scene.ask.credentials
        missing = [] if every else [value for value in values if value.lower() not in listed]
        if missing and isinstance(before, list):
            kept = [value for value in before if value != "*" or every]
            yield FixOperation(f"{cors.place.pointer}/{key}", [*kept, *missing])
    if scene.ask.credentials and not cors.credentials:
        yield FixOperation(f"{cors.place.pointer}/{keys.get('allowcredentials', 'AllowCredentials')}", True)


def _sam_cors(response: IntegrationResponse, values: Mapping[str, str]) -> Iterator[FixOperation]:
    names = {"AllowOrigin": ALLOW_ORIGIN, "AllowMethods": ALLOW_METHODS, "AllowHeaders": ALLOW_HEADERS}
    cors = {key: f"'{values[name]}'" for key, name in names.items()}
    credentials = {"AllowCredentials": True} if ALLOW_CREDENTIALS in values else {}
    yield FixOperation(response.place.pointer, {**cors, **credentials})


def declare_headers(
    method: Method, response: IntegrationResponse, template: TemplateBody, values: Mapping[str, str]
) -> Iterator[FixOperation]:
    name = method.place.pointer.rpartition("/")[2]
    responses = template["Resources"][name]["Properties"].get("MethodResponses") or []
    at = next(
        (i for i, stated in enumerate(responses) if str(stated.get("StatusCode")) == response.status), None
    )
    every = dict.fromkeys([*response.headers, *response.computed, *values])
    table = {response_header(header): True for header in every}
    pointer = f"{properties_pointer(method)}/MethodResponses"
    if at is None:
        yield FixOperation(
            pointer, [*responses, {"StatusCode": response.status, "ResponseParameters": table}]
        )
        return
    declared = {str(parameter).lower() for parameter in responses[at].get("ResponseParameters") or {}}
    for key, value in table.items():
        if key.lower() not in declared:
            yield FixOperation(f"{pointer}/{at}/ResponseParameters/{escaped(key)}", value)
