"""Function URLs: ``AWS::Lambda::Url``, and ``FunctionUrlConfig`` of SAM, which adds the permission.

One route takes everything.

https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.model import Api, Integration, Method
from accountsctl.doctor.facts.templates.common import (
    HIDDEN,
    Reader,
    function_key,
    is_intrinsic,
    mapping,
    pointer_of_properties,
)
from accountsctl.doctor.facts.templates.dependencies import functions_of
from accountsctl.doctor.facts.templates.distributions import distributions
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.templates.httpapis import cors_of
from accountsctl.doctor.facts.unknown import is_unknown_text, placeholder
from accountsctl.model.api_gateway import ApiKind, AuthorizationType, IntegrationType
from accountsctl.model.http_methods import ANY


def read_function_urls(reader: Reader) -> Iterator[Api]:
    """Every function URL of the template."""
    for name, properties in reader.of_type("AWS::Lambda::Url"):
        function = function_key(str(properties.get("TargetFunctionArn", "")))
        found = _function_url(reader, name, properties, function, pointer_of_properties(name))
        yield replace(found, needs_url_permission=True)
    for name, function_properties in reader.of_type("AWS::Serverless::Function"):
        config = function_properties.get("FunctionUrlConfig")
        stated = {TRANSFORM: config} if is_unknown_text(config) else mapping(config)
        if stated:
            pointer = f"{pointer_of_properties(name)}/FunctionUrlConfig"
            found = _function_url(reader, name, stated, function_key(placeholder(name)), pointer)
            # SAM writes the permission for an AuthType that is written as NONE, not for a parameter that says so.
            literal = mapping(reader.stated(name).get("FunctionUrlConfig")).get("AuthType")
            yield replace(found, needs_url_permission=is_intrinsic(literal))


def _function_url(reader: Reader, name: str, stated: Mapping[str, Any], function: str, pointer: str) -> Api:
    if TRANSFORM in stated:
        stated = {"AuthType": HIDDEN, "Cors": HIDDEN, **stated}
    place = reader.place(pointer, authorization=f"{pointer}/AuthType")
    # Its permission is the function's own policy, or the caller's rights; API Gateway has no part in it.
    called = Integration(IntegrationType.AWS_PROXY, place, function=function, role=True)
    method = Method(
        ANY, place, str(stated.get("AuthType") or AuthorizationType.NONE).upper(), integration=called
    )
    routes = {"$default": {ANY: method}}
    return Api(
        name=name,
        layer=reader.layer,
        place=place,
        routes=routes,
        kind=ApiKind.FUNCTION_URL,
        functions=functions_of(reader, routes, {}),
        http_cors=cors_of(reader, stated.get("Cors"), f"{pointer}/Cors"),
        distributions=distributions(reader, name if pointer == pointer_of_properties(name) else f"{name}Url"),
        lines=reader.document.lines_of_source,
    )
