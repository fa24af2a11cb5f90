"""The control plane of resources, models, validators and gateway responses."""

from __future__ import annotations

import json
from typing import Any

from tests.local.apigateway.recorded.replay import Replay, case


def _resources(replay: Replay, api: str) -> Any:
    found = replay.ask("get_resources", restApiId=api)
    found["items"].sort(key=lambda item: item["path"])
    return found


@case
def test_resource_lifecycle(replay: Replay) -> None:
    api, root = replay.api()
    replay.match("rest-api-root-resource", _resources(replay, api))
    made = replay.ask("create_resource", restApiId=api, parentId=root, pathPart="pets")
    replay.match("create-resource", made)
    replay.match("rest-api-resources-after-create", _resources(replay, api))
    below = replay.ask("create_resource", restApiId=api, parentId=made["id"], pathPart="subpets")
    replay.match("create-subresource", below)
    replay.match("rest-api-resources-after-create-sub", _resources(replay, api))
    renamed = [{"op": "replace", "path": "/pathPart", "value": "dogs"}]
    place = {"restApiId": api, "resourceId": made["id"]}
    replay.match("update-path-part", replay.ask("update_resource", **place, patchOperations=renamed))
    replay.match("get-resp-after-update-path-part", replay.ask("get_resource", **place))
    replay.match("del-resource", replay.ask("delete_resource", **place))
    replay.match("rest-api-resources-after-delete", _resources(replay, api))


@case
def test_delete_resource(replay: Replay) -> None:
    api, root = replay.api()
    resource = replay.resource(api, root, "pets")
    below = replay.resource(api, resource, "subpets")
    replay.match("delete-resource", replay.ask("delete_resource", restApiId=api, resourceId=resource))
    replay.match("get-resources", replay.ask("get_resources", restApiId=api))
    replay.match("delete-subresource", replay.ask("delete_resource", restApiId=api, resourceId=below))


@case
def test_create_resource_parent_invalid(replay: Replay) -> None:
    api, _ = replay.api()
    made = replay.ask("create_resource", restApiId=api, parentId="fake-resource-id", pathPart="subpets")
    replay.match("wrong-resource-parent-id", made)


@case
def test_create_proxy_resource_validation(replay: Replay) -> None:
    api, root = replay.api()

    def create(step: str, parent: str, part: str) -> Any:
        made = replay.ask("create_resource", restApiId=api, parentId=parent, pathPart=part)
        return replay.match(f"create-{step}-resource", made)

    greedy = create("base-proxy", root, "{proxy+}")["id"]
    create("proxy-dynamic-sibling", root, "{dynamic}")
    create("proxy-static-child", greedy, "child")
    create("proxy-dynamic-child", greedy, "{child}")
    create("greedy-child", replay.resource(api, root, "parent"), "{child+}")


CALC = {
    "title": "Calc output",
    "type": "object",
    "properties": {
        "a": {"type": "number"},
        "b": {"type": "number"},
        "op": {"description": "operation of +, -, * or /", "type": "string"},
        "c": {"type": "number"},
    },
    "required": ["a", "b", "op"],
}


@case
def test_model_lifecycle(replay: Replay) -> None:
    api, _ = replay.api()
    made = replay.ask(
        "create_model", restApiId=api, name="CalcOutput", contentType="application/json",
        description="Calc output model", schema=json.dumps(CALC),
    )  # fmt: skip
    replay.match("create-model", made)
    models = replay.ask("get_models", restApiId=api)
    models["items"].sort(key=lambda model: model["name"])
    replay.match("get-models", models)
    replay.match("get-model", replay.ask("get_model", restApiId=api, modelName="CalcOutput"))
    replay.match("del-model", replay.ask("delete_model", restApiId=api, modelName="CalcOutput"))


@case
def test_model_validation(replay: Replay) -> None:
    api, _ = replay.api()
    schema = json.dumps({"title": "MySchema", "type": "object"})

    def create(step: str, **settings: Any) -> None:
        plain = {"restApiId": api, "name": "MySchema", "contentType": "application/json", "description": ""}
        made = replay.ask("create_model", **{**plain, **settings})
        if step:
            replay.match(f"create-model-{step}", made)

    create("wrong-id", restApiId="abcde0", schema=schema)
    replay.match("get-models-wrong-id", replay.ask("get_models", restApiId="abcde0"))
    replay.match("get-model-wrong-id", replay.ask("get_model", restApiId="abcde0", modelName="MySchema"))
    replay.match("del-model-wrong-id", replay.ask("delete_model", restApiId="abcde0", modelName="MySchema"))
    create("", schema=schema)
    create("already-exists", schema=schema)
    create("empty-name", name="", schema=schema)
    create("empty-schema", name="MyEmptySchema", schema="")
    create("no-schema-json", name="MyEmptySchema")
    create("no-schema-xml", name="MyEmptySchemaXml", contentType="application/xml")


@case
def test_request_validator_lifecycle(replay: Replay) -> None:
    api = replay.match(
        "create-rest-api", replay.ask("create_rest_api", name="recorded", description="my api")
    )["id"]
    made = replay.ask("create_request_validator", restApiId=api, name="test-validator")
    replay.match("create-request-validator", made)
    place = {"restApiId": api, "requestValidatorId": made["id"]}
    replay.match("get-request-validator", replay.ask("get_request_validator", **place))
    replay.match("get-request-validators", replay.ask("get_request_validators", restApiId=api))
    for step, operation in {
        "with-value": {"op": "replace", "path": "/validateRequestBody", "value": "true"},
        "without-value": {"op": "replace", "path": "/validateRequestBody"},
    }.items():
        updated = replay.ask("update_request_validator", **place, patchOperations=[operation])
        replay.match(f"update-request-validator-{step}", updated)
    replay.match(
        "get-request-validators-after-update-operation", replay.ask("get_request_validator", **place)
    )
    replay.match("delete-request-validator", replay.ask("delete_request_validator", **place))
    replay.match("get-deleted-request-validator", replay.ask("get_request_validator", **place))
    replay.match("get-request-validators-after-delete", replay.ask("get_request_validators", restApiId=api))


def _invalid_validator(replay: Replay, verb: str, step: str) -> None:
    api, _ = replay.api()
    validator = replay.gateway.create_request_validator(restApiId=api, name="test-validator")["id"]
    wrong_api = replay.ask(f"{verb}_request_validator", restApiId="api_id", requestValidatorId=validator)
    replay.match(f"{step}-invalid-api-id", wrong_api)
    wrong = replay.ask(f"{verb}_request_validator", restApiId=api, requestValidatorId="validator_id")
    replay.match(f"{step}-invalid-validator-id", wrong)


@case
def test_invalid_get_request_validator(replay: Replay) -> None:
    _invalid_validator(replay, "get", "get-request-validators")


@case
def test_invalid_delete_request_validator(replay: Replay) -> None:
    _invalid_validator(replay, "delete", "delete-request-validator")


HEADERS = {
    "gatewayresponse.header.Access-Control-Allow-Origin": "'a.b.c'",
    "gatewayresponse.header.x-request-header": "method.request.header.Accept",
    "gatewayresponse.header.x-request-path": "method.request.path.petId",
    "gatewayresponse.header.x-request-query": "method.request.querystring.q",
}
ACCEPT = {"gatewayresponse.header.x-request-header": "method.request.header.Accept"}
TEMPLATES = {
    "application/json": (
        '{\n     "message": $context.error.messageString,\n     "type":  "$context.error.responseType",\n'
        '     "stage":  "$context.stage",\n     "resourcePath":  "$context.resourcePath",\n'
        '     "stageVariables.a":  "$stageVariables.a",\n     "statusCode": "\'404\'"\n}'
    )
}
KIND = "MISSING_AUTHENTICATION_TOKEN"


@case
def test_gateway_response_crud(replay: Replay) -> None:
    api, _ = replay.api()
    place = {"restApiId": api, "responseType": KIND}
    replay.match("get-gateway-response-default", replay.ask("get_gateway_response", **place))
    put = replay.ask(
        "put_gateway_response", **place, statusCode="404", responseParameters=HEADERS, responseTemplates=TEMPLATES
    )  # fmt: skip
    replay.match("put-gateway-response", put)
    replay.match("get-gateway-responses", replay.ask("get_gateway_responses", restApiId=api))
    replay.match("get-gateway-response", replay.ask("get_gateway_response", **place))
    replay.match("delete-gateway-response", replay.ask("delete_gateway_response", **place))
    replay.match("get-deleted-gw-response", replay.ask("get_gateway_response", **place))


@case
def test_gateway_response_put(replay: Replay) -> None:
    api, _ = replay.api()

    def put(step: str, kind: str = KIND, **settings: Any) -> None:
        answer = replay.ask("put_gateway_response", restApiId=api, responseType=kind, **settings)
        replay.match(f"put-gateway-response-{step}", answer)

    put("all-value", statusCode="404", responseParameters=HEADERS, responseTemplates=TEMPLATES)
    put("status-only", statusCode="404")
    put("response-parameters-only", responseParameters=ACCEPT)
    put("response-templates-only", responseTemplates=TEMPLATES)
    put(
        "default-5xx", "DEFAULT_5XX", statusCode="599", responseParameters=ACCEPT, responseTemplates=TEMPLATES
    )
    put("default-ignored", "AUTHORIZER_FAILURE", responseParameters={"gatewayresponse.header.foo": "'bar'"})
    replay.match("get-gateway-responses", replay.ask("get_gateway_responses", restApiId=api))


@case
def test_gateway_response_validation(replay: Replay) -> None:
    api, _ = replay.api()
    replay.match("get-gateway-responses-no-api", replay.ask("get_gateway_responses", restApiId="fake-api-id"))
    patch: dict[str, Any] = {"patchOperations": []}
    for operation, more in {"get": {}, "delete": {}, "update": patch}.items():
        answer = replay.ask(
            f"{operation}_gateway_response", restApiId="fake-api-id", responseType="DEFAULT_4XX", **more
        )
        replay.match(f"{operation}-gateway-response-no-api", answer)
    place = {"restApiId": api, "responseType": "DEFAULT_4XX"}
    replay.match("delete-gateway-response-not-set", replay.ask("delete_gateway_response", **place))
    for operation, more in {"get": {}, "delete": {}, "update": patch, "put": {}}.items():
        answer = replay.ask(
            f"{operation}_gateway_response", restApiId=api, responseType="FAKE_RESPONSE_TYPE", **more
        )
        replay.match(f"{operation}-gateway-response-wrong-response-type", answer)
