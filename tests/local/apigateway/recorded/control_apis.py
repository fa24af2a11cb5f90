"""The control plane of REST APIs, stages, deployments, keys and authorizers."""

from __future__ import annotations

from typing import Any

from tests.local.apigateway.recorded.replay import Replay, case


def _replace(path: str, value: str | None, verb: str = "replace") -> dict[str, Any]:
    """A patch operation; a value of None is left out."""
    return {"op": verb, "path": path, **({} if value is None else {"value": value})}


def _create(replay: Replay, step: str, **settings: Any) -> Any:
    return replay.match(step, replay.ask("create_rest_api", name=f"test-api-{step}", **settings))


@case
def test_create_rest_api_with_optional_params(replay: Replay) -> None:
    _create(replay, "create-only-name")
    _create(replay, "create-empty-desc", description="")
    _create(replay, "create-with-version", version="v1")
    _create(replay, "create-with-empty-binary-media", binaryMediaTypes=[])
    _create(replay, "string-compression-size", minimumCompressionSize=-1)


@case
def test_create_rest_api_with_binary_media_types(replay: Replay) -> None:
    _create(replay, "create-with-binary-media", binaryMediaTypes=["image/png"])


@case
def test_create_rest_api_with_endpoint_configuration(replay: Replay) -> None:
    wrong, both = {"ipAddressType": "wrong"}, {"types": ["wrong"], "ipAddressType": "wrong"}
    turned = {"ipAddressType": "wrong", "types": ["wrong"]}
    _create(replay, "create-with-empty-types", endpointConfiguration={"types": []})
    _create(replay, "create-with-invalid-ip-address-type", endpointConfiguration=wrong)
    _create(replay, "create-with-invalid-types", endpointConfiguration={"types": ["wrong"]})
    _create(replay, "create-with-invalid-ip-address-type-and-types", endpointConfiguration=turned)
    _create(replay, "create-with-invalid-types-and-ip-address-type", endpointConfiguration=both)
    _create(replay, "create-with-multiple-errors-1", endpointConfiguration=both, description="")
    _create(replay, "create-with-multiple-errors-2", endpointConfiguration={"types": []}, description="")
    _create(replay, "create-with-two-types", endpointConfiguration={"types": ["EDGE", "REGIONAL"]})
    dual = {"types": ["EDGE"], "ipAddressType": "dualstack"}
    _create(replay, "create-with-endpoint-config-dualstack", endpointConfiguration=dual)
    _create(replay, "create-with-endpoint-config-regional", endpointConfiguration={"types": ["REGIONAL"]})


@case
def test_update_rest_api_operation_add_remove(replay: Replay) -> None:
    api, _ = replay.api(description="this is my api")
    types = "/binaryMediaTypes/image~1"
    for step, operations in {
        "add": [_replace(f"{types}png", None, "add"), _replace(f"{types}jpeg", None, "add")],
        "replace": [_replace(f"{types}png", "image/gif")],
        "remove": [_replace(f"{types}gif", None, "remove"), _replace("/description", None, "remove")],
    }.items():
        answer = replay.ask("update_rest_api", restApiId=api, patchOperations=operations)
        replay.match(f"update-rest-api-{step}", answer)


@case
def test_update_rest_api_compression(replay: Replay) -> None:
    api, _ = replay.api(description="this is my api")
    path = "/minimumCompressionSize"
    for step, operation in {
        "enable-compression": _replace(path, "10"),
        "disable-compression": _replace(path, None),
        "set-compression-zero": _replace(path, "0"),
        "set-negative-compression": _replace(path, "-1"),
        "set-string-compression": _replace(path, "test"),
        "unsupported-operation": _replace(path, "10", "add"),
    }.items():
        replay.match(step, replay.ask("update_rest_api", restApiId=api, patchOperations=[operation]))


@case
def test_update_rest_api_invalid_api_id(replay: Replay) -> None:
    operation = _replace("/apiKeySource", "AUTHORIZER")
    answer = replay.ask("update_rest_api", restApiId="api_id", patchOperations=[operation])
    replay.match("not-found-update-rest-api", answer)


FUNCTION = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:myApiAuthorizer/invocations"
)


@case
def test_authorizer_crud_no_api(replay: Replay) -> None:
    made = replay.ask(
        "create_authorizer", restApiId="test-fake-rest-id", name="fake", type="TOKEN", authorizerUri=FUNCTION,
        identitySource="method.request.header.Authorization",
    )  # fmt: skip
    replay.match("wrong-rest-api-id-create-authorizer", made)
    found = replay.ask("get_authorizers", restApiId="test-fake-rest-id")
    replay.match("wrong-rest-api-id-get-authorizers", found)


@case
def test_apigateway_with_custom_authorization_method(replay: Replay) -> None:
    api, root = replay.api()
    replay.match("api-id", {"api_id": api})
    authorizer = replay.ask(
        "create_authorizer", restApiId=api, name="lambda_authorizer", type="TOKEN", authorizerUri=FUNCTION,
        identitySource="method.request.header.Auth",
    )  # fmt: skip
    replay.match("authorizer", authorizer)
    method = replay.ask(
        "put_method", restApiId=api, resourceId=root, httpMethod="GET", authorizationType="CUSTOM",
        authorizerId=authorizer["id"], apiKeyRequired=True,
    )  # fmt: skip
    replay.match("put-method-response", method)


@case
def test_create_delete_deployments_True(replay: Replay) -> None:  # noqa: N802
    api, root = replay.api()
    replay.mock(api, root, "GET", "{}")
    first = replay.deploy(api, "s1")["id"]
    replay.match("get-deployment", replay.ask("get_deployment", restApiId=api, deploymentId=first))
    replay.match("get-stages", replay.ask("get_stages", restApiId=api))
    latest = first
    for number in range(3):
        if number:
            latest = replay.deploy(api, "s1")["id"]
            replay.gateway.delete_deployment(restApiId=api, deploymentId=first)
        first = latest
        refused = replay.ask("delete_deployment", restApiId=api, deploymentId=latest)
        replay.match(f"delete-deployment-error-{number}", refused)
        replay.match(f"get-deployments-{number}", replay.ask("get_deployments", restApiId=api))
        replay.match(f"get-stages-{number}", replay.ask("get_stages", restApiId=api))


@case
def test_import_api_bad_file(replay: Replay) -> None:
    api, _ = replay.api()
    yaml, text = b"openapi: 3.0.0\n  info: [", b'{"openapi": "3.0.0", "info": '
    for kind, body in (("yaml", yaml), ("json", text)):
        replay.match(f"import-api-bad-{kind}-file", replay.ask("import_rest_api", body=body))
        put = replay.ask("put_rest_api", restApiId=api, body=body, mode="overwrite")
        replay.match(f"put-rest-api-bad-{kind}-file", put)


@case
def test_create_api_key_with_invalid_name(replay: Replay) -> None:
    replay.match("create-api-key-name-too-long", replay.ask("create_api_key", name="a" * 1025))
    replay.match("create-api-key-empty-name", replay.ask("create_api_key", name=""))
    replay.match("create-api-key-no-name", replay.ask("create_api_key"))


@case
def test_create_api_key_with_invalid_value(replay: Replay) -> None:
    replay.match("create-api-key-short-value", replay.ask("create_api_key", value="0123456789012345678"))
    replay.match("create-api-key-invalid-value-too-long", replay.ask("create_api_key", value="a" * 129))
    replay.match("create-api-key-empty-value", replay.ask("create_api_key", value=""))


@case
def test_stage_access_log_settings_validation(replay: Replay) -> None:
    api, root = replay.api()
    replay.mock(api, root, "GET", "{}")
    made = replay.match("create-deployment", replay.ask("create_deployment", restApiId=api))
    stage = {"restApiId": api, "stageName": "dev"}
    created = replay.ask("create_stage", **stage, deploymentId=made["id"], description="dev stage")
    replay.match("create-stage", created)
    logs, random = "/accessLogSettings", "/accessLogSettings/randomValue"
    group = f"arn:aws:logs:{replay.region}:123456789012:log-group:recorded"
    for step, operation in {
        "invalid-path-add": _replace(random, "{}", "add"),
        "invalid-path-remove": _replace(random, None, "remove"),
        "invalid-path-replace": _replace(random, "{}"),
        "star-and-add": _replace(f"{logs}/*", "{}", "add"),
        "star-and-remove": _replace(f"{logs}/*", None, "remove"),
        "star-and-replace": _replace(f"{logs}/*", "{}"),
        "root-and-add": _replace(logs, "{}", "add"),
        "root-and-replace": _replace(logs, "{}"),
        "update-stage-access-log-dest-add": _replace(f"{logs}/destinationArn", group, "add"),
        "update-stage-access-log-destinationArn-empty": _replace(f"{logs}/destinationArn", ""),
        "update-stage-access-log-format-empty": _replace(f"{logs}/format", ""),
        "update-stage-access-log-dest-remove": _replace(f"{logs}/destinationArn", None, "remove"),
    }.items():
        replay.match(step, replay.ask("update_stage", **stage, patchOperations=[operation]))


@case
def test_put_integration_wrong_type(replay: Replay) -> None:
    api, root = replay.api()
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    replay.gateway.put_method(**place, authorizationType="NONE")
    answer = replay.ask("put_integration", **place, type="HTTPS_PROXY", uri="http://example.com")
    replay.match("put-integration-wrong-type", answer)


@case
def test_put_integration_aws_proxy_uri(replay: Replay) -> None:
    api, root = replay.api()
    place = {"restApiId": api, "resourceId": root, "httpMethod": "GET"}
    replay.gateway.put_method(**place, authorizationType="NONE")
    function, start = (
        replay.function("def handler(event, context): ...")[1],
        f"arn:aws:apigateway:{replay.region}:",
    )
    for step, uri in {
        "lambda-uri": function,
        "wrong-arn": "lambda",
        "wrong-type": f"{start}lambda:random/2015-03-31/functions/{function}/invocations",
        "wrong-firehose": f"{start}firehose:path/random",
        "bad-lambda-arn": f"{start}lambda:path/random/value",
    }.items():
        put = replay.ask("put_integration", **place, type="AWS_PROXY", integrationHttpMethod="POST", uri=uri)
        replay.match(f"put-integration-{step}", put)
