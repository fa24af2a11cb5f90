"""The control plane of methods."""

from __future__ import annotations

import json
from typing import Any

from tests.local.apigateway.recorded.control_apis import FUNCTION
from tests.local.apigateway.recorded.replay import Replay, case


def _operation(verb: str, path: str, value: str) -> dict[str, str]:
    return {"op": verb, "path": path, "value": value}


@case
def test_method_lifecycle(replay: Replay) -> None:
    api, root = replay.api()
    place = {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}
    replay.match("put-base-method-response", replay.ask("put_method", **place, authorizationType="NONE"))
    replay.match("get-base-method-response", replay.ask("get_method", **place))
    replay.match("del-base-method-response", replay.ask("delete_method", **place))
    replay.match("get-deleted-method-response", replay.ask("get_method", **place))
    replay.match("delete-deleted-method-response", replay.ask("delete_method", **place))


@case
def test_put_method_model(replay: Replay) -> None:
    api, root = replay.api()
    place = {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}

    def model(step: str, name: str) -> None:
        schema = json.dumps({"title": name, "type": "object"})
        made = replay.ask(
            "create_model", restApiId=api, name=name, contentType="application/json", description="", schema=schema
        )  # fmt: skip
        replay.match(step, made)

    def put(step: str, name: str) -> None:
        models = {"application/json": name}
        replay.match(step, replay.ask("put_method", **place, authorizationType="NONE", requestModels=models))

    def patch(step: str, verb: str) -> None:
        operation = _operation(verb, "/requestModels/application~1json", "MySchemaTwo")
        replay.match(step, replay.ask("update_method", **place, patchOperations=[operation]))

    def delete(step: str, name: str) -> None:
        replay.match(f"delete-model-{step}", replay.ask("delete_model", restApiId=api, modelName=name))

    model("create-model", "MySchema")
    model("create-model-2", "MySchemaTwo")
    put("put-method-request-models", "MySchema")
    delete("used", "MySchema")
    patch("update-method-model", "replace")
    delete("unused", "MySchema")
    delete("used-2", "MySchemaTwo")
    place["resourceId"] = replay.resource(api, root, "test")
    put("put-method-2-request-models", "MySchemaTwo")
    delete("used-by-2-method", "MySchemaTwo")
    patch("update-method-model-2", "remove")
    delete("used-by-method-1", "MySchemaTwo")
    place["resourceId"] = root
    replay.match("delete-method-using-model-2", replay.ask("delete_method", **place))
    delete("unused-2", "MySchemaTwo")


@case
def test_put_method_validation(replay: Replay) -> None:
    api, root = replay.api()

    def put(step: str, **settings: Any) -> None:
        plain = {"restApiId": api, "resourceId": root, "httpMethod": "ANY", "authorizationType": "NONE"}
        replay.match(step, replay.ask("put_method", **{**plain, **settings}))

    put("wrong-api", restApiId="fake-api", httpMethod="WRONG")
    put("wrong-resource", resourceId="fake-resource-id", httpMethod="WRONG")
    put("wrong-method", httpMethod="WRONG")
    put("missing-authorizer-id", authorizationType="CUSTOM")
    put("invalid-request-validator", requestValidatorId="fake-validator")
    put("invalid-model-name", requestModels={"application/json": "petModel"})


@case
def test_update_method(replay: Replay) -> None:
    api, root = replay.api()
    place = {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}
    replay.match("put-method-response", replay.ask("put_method", **place, authorizationType="NONE"))

    def update(step: str, *operations: dict[str, str]) -> None:
        answer = replay.ask("update_method", **place, patchOperations=list(operations))
        replay.match(f"update-method-{step}", answer)

    optional, model = (
        "/requestParameters/method.request.querystring.optional",
        "/requestModels/application~1json",
    )
    update("add", _operation("add", optional, "true"), _operation("add", model, "Empty"))
    update(
        "replace",
        _operation("replace", "/operationName", "ReplacedOperationName"),
        _operation("replace", "/apiKeyRequired", "true"),
        _operation("replace", "/authorizationType", "AWS_IAM"),
        _operation("replace", optional, "false"),
    )
    authorizer = replay.gateway.create_authorizer(
        restApiId=api, name="authorizer-test", type="TOKEN", authorizerUri=FUNCTION,
        identitySource="method.request.header.Authorization",
    )["id"]  # fmt: skip
    update(
        "replace-authorizer",
        _operation("replace", "/authorizerId", authorizer),
        _operation("replace", "/authorizationType", "CUSTOM"),
    )
    update("remove", _operation("remove", optional, "true"), _operation("remove", model, "Empty"))


@case
def test_update_method_validation(replay: Replay) -> None:
    api, root = replay.api()

    def update(step: str, *operations: dict[str, str], **place: str) -> None:
        plain = {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}
        replay.match(
            step, replay.ask("update_method", **{**plain, **place}, patchOperations=list(operations))
        )

    update("wrong-rest-api", restApiId="fake-api")
    update("wrong-resource-id", resourceId="fake-resource-id")
    missing = _operation("replace", "/operationName", "methodDoesNotExist")
    update("method-does-not-exist", missing, httpMethod="GET")
    made = replay.ask(
        "put_method", restApiId=api, resourceId=root, httpMethod="ANY", authorizationType="NONE", apiKeyRequired=True
    )  # fmt: skip
    replay.match("put-method-response", made)
    kind, authorizer = "/authorizationType", _operation("replace", "/authorizerId", "abc123")
    parameter = "method.request.querystring.optional=false"
    update("unsupported-operation", _operation("add", "/operationName", "operationName"))
    update("unsupported-operation-2", _operation("add", "/requestValidatorId", "wrong-id"))
    update("unsupported-path", _operation("add", "/httpMethod", "PUT"))
    update("wrong-path-request-parameters", _operation("replace", "/requestParameters", parameter))
    update("wrong-path-request-models", _operation("add", "/requestModels/application/json", "Empty"))
    update("wrong-value-type", _operation("replace", "/apiKeyRequired", "whatever"))
    update("wrong-auth-type", _operation("replace", kind, "CUSTOM"))
    update("skip-auth-id-with-wrong-type", authorizer)
    update("wrong-auth-id", _operation("replace", kind, "CUSTOM"), authorizer)
    update("wrong-req-validator-id", _operation("replace", "/requestValidatorId", "fake-id"))
