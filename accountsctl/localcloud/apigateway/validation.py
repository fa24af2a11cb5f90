"""Request validators: required parameters first, then the body against its model (JSON Schema draft 4)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from jsonschema import Draft4Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.deployed.snapshot import DeployedApi
from accountsctl.localcloud.apigateway.errors import GatewayError, bad_body
from accountsctl.localcloud.apigateway.validation_errors import validation_errors

BUILT_IN = {"Empty": "{}", "Error": '{"type": "object"}'}


def validate(call: GatewayCall) -> None:
    """Raise BAD_REQUEST_PARAMETERS or BAD_REQUEST_BODY where the method's validator is not content."""
    validator = call.api.validators.get(call.method.get("requestValidatorId") or "", {})
    if validator.get("validateRequestParameters"):
        _parameters(call)
    if validator.get("validateRequestBody"):
        _body(call)


def _parameters(call: GatewayCall) -> None:
    query = dict(call.query)
    declared: Mapping[str, bool] = call.method.get("requestParameters") or {}
    missing = []
    for source in sorted(name for name, required in declared.items() if required):
        _, _, place, name = source.split(".", 3)
        values = {"querystring": query, "path": call.path_parameters}.get(place)
        value = call.request.header(name) if values is None else values.get(name)
        if not value:
            missing.append(name)
    if missing:
        words = f"Missing required request parameters: [{', '.join(missing)}]"
        raise GatewayError("BAD_REQUEST_PARAMETERS", words)


def _body(call: GatewayCall) -> None:
    models: Mapping[str, str] = call.method.get("requestModels") or {}
    content_type = (call.request.header("Content-Type") or "application/json").split(";")[0].strip().lower()
    name = models.get(content_type) or models.get("$default")
    if name is None:
        return
    try:
        body = json.loads(call.request.body)
    except ValueError:
        raise bad_body() from None
    errors = list(validator(call.api, name).iter_errors(body))
    if errors:
        raise bad_body(validation_errors(errors))


def validator(api: DeployedApi, name: str) -> Draft4Validator:
    """The validator of a model; models refer to each other by their URL at apigateway.amazonaws.com."""
    texts = {**BUILT_IN, **api.models}
    base = f"https://apigateway.amazonaws.com/restapis/{api.id}/models/"
    resources = [(base + model, DRAFT4.create_resource(json.loads(text))) for model, text in texts.items()]
    return Draft4Validator(json.loads(texts[name]), registry=Registry().with_resources(resources))
