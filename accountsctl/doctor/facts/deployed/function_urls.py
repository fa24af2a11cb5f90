"""Function URLs as GetFunctionUrlConfig reports them; who may call one stands in the policy of its function.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from accountsctl.doctor.facts.deployed.arns import function_name
from accountsctl.doctor.facts.deployed.http_apis import configured_cors
from accountsctl.doctor.facts.deployed.resources import place
from accountsctl.doctor.facts.model import Api, Function, Integration, Method
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.model.api_gateway import ApiKind, AuthorizationType, IntegrationType
from accountsctl.model.http_methods import ANY

OPERATION = "lambda:GetFunctionUrlConfig"


def function_url(url: Mapping[str, Any], functions: Mapping[str, Function]) -> Api:
    """A function URL of `ports.Inspector.inspect`: one route takes everything. Its id is the first part of its host."""
    config = url["config"]
    function = function_name(config.get("FunctionArn", ""))
    operation = f"{OPERATION} {function}"
    called = Integration(
        IntegrationType.AWS_PROXY, SourcePlace(Layer.DEPLOYED, operation), function=function, role=True
    )
    method = Method(
        ANY,
        place(operation, "", {"authorization": "AuthType"}),
        config.get("AuthType") or AuthorizationType.NONE,
        integration=called,
    )
    return Api(
        name=url["name"],
        layer=Layer.DEPLOYED,
        place=SourcePlace(Layer.DEPLOYED, operation),
        routes={"$default": {ANY: method}},
        kind=ApiKind.FUNCTION_URL,
        id=(urlsplit(config.get("FunctionUrl", "")).hostname or "").partition(".")[0] or None,
        functions=functions,
        http_cors=configured_cors(config.get("Cors"), operation, "/Cors"),
        needs_url_permission=True,
    )
