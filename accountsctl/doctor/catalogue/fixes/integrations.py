"""Fixes of integrations: their request templates, their responses and what they map."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from accountsctl.doctor.catalogue.fixes.operation import REMOVE, Fix, FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.fixes.preflight_headers import declare_headers
from accountsctl.doctor.catalogue.fixes.spelling import integration_pointer, is_resource, property_name
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.catalogue.simulate import mock_status
from accountsctl.model.cors_headers import ALLOW_ORIGIN
from accountsctl.model.data_mappings import response_header


def set_mock_template(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    method, integration = scene.method, scene.integration
    if method is None or integration is None:
        return
    status = next((response.status for response in integration.responses if not response.pattern), "200")
    base = integration_pointer(method)
    yield FixOperation(
        f"{base}/{property_name(method, 'RequestTemplates')}",
        {"application/json": f'{{"statusCode": {status}}}'},
    )
    yield FixOperation(
        f"{base}/{property_name(method, 'PassthroughBehavior')}",
        "WHEN_NO_MATCH" if is_resource(method) else "when_no_match",
    )


def set_default_response(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """The first integration response without its pattern, for the status that the MOCK gives."""
    method, integration = scene.method, scene.integration
    if method is None or integration is None or not integration.responses:
        return
    first = integration.responses[0]
    if is_resource(method):
        yield FixOperation(f"{first.place.pointer}/SelectionPattern", REMOVE)
        return
    base = first.place.pointer.rpartition("/")[0]
    name = first.place.pointer.rpartition("/")[2]
    response = value_at(template, first.place.pointer)
    yield FixOperation(f"{base}/default", response)
    if name != "default":
        yield FixOperation(first.place.pointer, REMOVE)


def map_mock_status(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    integration = scene.integration
    if integration is not None and integration.responses and mock_status(integration) is not None:
        yield from set_default_response(scene, template)


def set_integration_property(part: str, value: Any) -> Fix:
    def fix(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
        if scene.method is not None:
            word = (
                part
                if is_resource(scene.method)
                else {"IntegrationHttpMethod": "httpMethod"}.get(part, property_name(scene.method, part))
            )
            yield FixOperation(f"{integration_pointer(scene.method)}/{word}", value)

    return fix


def map_origin(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """Access-Control-Allow-Origin in every integration response of a method without a proxy integration."""
    method, integration = scene.method, scene.integration
    if method is None or integration is None:
        return
    value = "'*'" if not scene.ask.credentials else f"'{scene.ask.origin}'"
    key = response_header(ALLOW_ORIGIN)
    for response in integration.responses:
        yield FixOperation(
            f"{response.place.pointer}/{property_name(method, 'ResponseParameters')}/{key}", value
        )
        if is_resource(method):
            yield from declare_headers(method, response, template, {ALLOW_ORIGIN: value})
