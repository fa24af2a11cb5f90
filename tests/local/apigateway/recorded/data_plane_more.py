"""What requests to a deployed API are answered: routes, validators, keys, binary bodies, forbidden headers."""

from __future__ import annotations

import json
from typing import Any

from tests.local.apigateway.recorded.replay import ECHO, GIVEN, Replay, case

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/wIAAgkBAyMAlYwAAAAASUVORK5CYII="


@case
def test_proxy_routing_with_hardcoded_resource_sibling(replay: Replay) -> None:
    api, root = replay.api()
    fixed = replay.resource(api, root, "test")
    greedy = replay.resource(api, fixed, "{proxy+}")
    replay.mock(api, fixed, "POST", "POST request")
    replay.mock(api, greedy, "ANY", "ANY request")
    replay.mock(api, fixed, "OPTIONS", "OPTIONS request")
    replay.deploy(api, "dev")
    sent = (("OPTIONS", "/test"), ("POST", "/test"), ("OPTIONS", "/test/any"), ("GET", "/test/any"))
    answers = {f"{verb} /dev{path}": replay.send(api, verb, f"/dev{path}").text for verb, path in sent}
    replay.match("responses", answers)


@case
def test_routing_with_hardcoded_resource_sibling_order(replay: Replay) -> None:
    api, root = replay.api()
    parent = replay.resource(api, root, "part1")
    replay.mock(api, parent, "GET", "part1")
    replay.mock(api, replay.resource(api, parent, "{proxy+}"), "GET", "proxy")
    replay.mock(api, replay.resource(api, parent, "hardcoded-value"), "GET", "hardcoded-value")
    replay.deploy(api, "dev")
    paths = ("/part1", "/part1/hardcoded-value", "/part1/random-value")
    replay.match("responses", {path: replay.send(api, "GET", f"/dev{path}").text for path in paths})


@case
def test_routing_not_found(replay: Replay) -> None:
    api, root = replay.api()
    replay.mock(
        api, replay.resource(api, root, "existing"), "GET", '{"statusCode": 200, "message": "exists"}'
    )
    replay.deploy(api, "dev")
    replay.match("working-route", replay.send(api, "GET", "/dev/existing").body)
    for step, verb, path in (("not-found", "GET", "random-route"), ("wrong-method", "POST", "existing")):
        answer = replay.send(api, verb, f"/dev/{path}")
        kind = {name.lower(): value for name, value in answer.headers.items()}["x-amzn-errortype"]
        replay.match(step, {"content": answer.body, "errorType": kind})


def _validated(replay: Replay, api: str, resource: str, validator: str, arn: str) -> None:
    for verb in ("GET", "POST"):
        place = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
        required = ("path.test", "querystring.qs1", "header.x-header-param")
        replay.gateway.put_method(
            **place,
            authorizationType="NONE",
            requestValidatorId=validator,
            requestParameters={f"method.request.{name}": True for name in required},
            requestModels={"application/json": "testSchema"},
        )
        replay.gateway.put_integration(
            **place, integrationHttpMethod="POST", type="AWS_PROXY", uri=replay.invocation(arn)
        )
        replay.gateway.put_method_response(**place, statusCode="200")
        replay.gateway.put_integration_response(**place, statusCode="200")


@case
def test_api_gateway_request_validator(replay: Replay) -> None:
    name, arn = replay.function(ECHO)
    replay.match("register-lambda", {"fn_name": name, "fn_arn": arn})
    api, root = replay.api()
    resource = replay.resource(api, replay.resource(api, root, "nested"), "{test}")
    validator = replay.gateway.create_request_validator(
        restApiId=api, name="test-validator", validateRequestParameters=True, validateRequestBody=True
    )["id"]
    numbers = {"a": {"type": "number"}, "b": {"type": "number"}}
    schema = {"title": "testSchema", "type": "object", "properties": numbers, "required": ["a", "b"]}
    replay.gateway.create_model(
        restApiId=api, name="testSchema", contentType="application/json", schema=json.dumps(schema)
    )
    _validated(replay, api, resource, validator, arn)
    replay.match("deploy-1", replay.deploy(api, "local"))
    replay.clients("lambda").add_permission(
        FunctionName=arn, StatementId="gateway", Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com", SourceArn=f"arn:aws:execute-api:*:*:{api}/*/*/nested/*",
    )  # fmt: skip
    _requests(replay, api, resource)
    off = [
        {"op": "replace", "path": f"/validateRequest{what}", "value": "false"}
        for what in ("Body", "Parameters")
    ]
    disabled = replay.ask(
        "update_request_validator", restApiId=api, requestValidatorId=validator, patchOperations=off
    )
    replay.match("disable-request-validator", disabled)


def _requests(replay: Replay, api: str, resource: str) -> None:
    """What the validator refuses, with one required path parameter and then another."""
    url, header = "/local/nested/value", {"x-header-param": "test"}
    place = {"restApiId": api, "resourceId": resource, "httpMethod": "POST"}

    def patched(added: str, removed: str) -> Any:
        path = "/requestParameters/method.request.path."
        operations = [
            {"op": "add", "path": path + added, "value": "true"},
            {"op": "remove", "path": path + removed, "value": "true"},
        ]
        return replay.ask("update_method", **place, patchOperations=operations)

    replay.match("change-request-path-names", patched("issuer", "test"))
    replay.deploy(api, "local")
    sent = replay.send(api, "POST", url, body={"test": "test"})
    replay.match("missing-all-required-request-params-post", sent.body)
    replay.match(
        "missing-required-headers-request-params-get", replay.send(api, "GET", f"{url}?qs1=test").body
    )
    replay.match("missing-required-qs-request-params-get", replay.send(api, "GET", url, header).body)
    replay.match("revert-request-path-names", patched("test", "issuer"))
    replay.deploy(api, "local")
    assert replay.send(api, "POST", f"{url}?qs1=test", header, {"a": 1, "b": 2}).status == 200
    replay.match(
        "invalid-request-body", replay.send(api, "POST", f"{url}?qs1=test", header, {"test": 1}).body
    )


@case
def test_api_key_required_for_methods(replay: Replay) -> None:
    api, root = replay.api()
    replay.mock(api, replay.resource(api, root, "test"), "GET", "{}")
    replay.deploy(api, "dev")
    plan = replay.ask(
        "create_usage_plan", name="recorded", description="Test Usage Plan for API key",
        apiStages=[{"apiId": api, "stage": "dev"}], quota={"limit": 10, "period": "DAY", "offset": 0},
        throttle={"rateLimit": 2, "burstLimit": 1}, tags={"tag_key": "tag_value"},
    )  # fmt: skip
    replay.match("create-usage-plan", plan)
    key = replay.ask("create_api_key", name="recorded-key", enabled=True)
    replay.match("create-api-key", key)
    joined = replay.ask("create_usage_plan_key", usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    replay.match("create-usage-plan-key", joined)
    off = [{"op": "replace", "path": "/enabled", "value": "false"}]
    replay.match(
        "update-api-key-disabled", replay.ask("update_api_key", apiKey=key["id"], patchOperations=off)
    )


@case
def test_aws_proxy_binary_response(replay: Replay) -> None:
    api, root = replay.api()
    replay.proxy(api, replay.resource(api, root, "{proxy+}"), GIVEN)
    given: dict[str, Any] = {"statusCode": 200, "body": PIXEL, "isBase64Encoded": True}
    found: dict[str, str] = {}

    def changed(stage: str, *operations: tuple[str, str]) -> None:
        patch = [{"op": verb, "path": f"/binaryMediaTypes/{name}"} for verb, name in operations]
        if patch:
            replay.gateway.update_rest_api(restApiId=api, patchOperations=patch)
        replay.deploy(api, stage)

    def invoke(stage: str, label: str, accept: str | None, kind: str | None = "image/png") -> None:
        body = {**given, "headers": {"Content-Type": kind} if kind else {}}
        answer = replay.send(
            api, "POST", f"/{stage}/test", {"Accept": accept} if accept else {}, text=json.dumps(body)
        )
        assert answer.status == 200
        found[f"{label} {accept}"] = "text" if answer.text == PIXEL else "binary"

    changed("test")
    invoke("test", "no types", "image/png")
    changed("test2", ("add", "image~1png"), ("add", "*~1test"))
    for accept in (
        "image/png", "image/jpg", "image/*", "*/test", "random/test", "*/*", "image/webp,image/png,*/*;q=0.8",
        "image/png,image/*,*/*;q=0.8",
    ):  # fmt: skip
        invoke("test2", "png and */test", accept)
    given["isBase64Encoded"] = False
    invoke("test2", "not encoded", "image/png")
    given["isBase64Encoded"] = True
    changed("test3", ("add", "application~1*"), ("add", "image~1jpg"), ("remove", "*~1test"))
    invoke("test3", "image/png", "image/png")
    for accept in ("application/whatever", "application/test", "application/*"):
        invoke("test3", "application/test", accept, "application/test")
    invoke("test3", "image/png", "image/jpg")
    invoke("test3", "application/whatever", "image/png", "application/whatever")
    for absent in ("image/png", "application", None):
        invoke("test3", "no type", absent, None)
    replay.match("responses", found)


@case
def test_apigateway_header_remapping_aws_AWS(replay: Replay) -> None:  # noqa: N802
    api, root = replay.api()
    names = (
        "Content-Length", "Transfer-Encoding", "Authorization", "Connection", "Expect", "Proxy-Authenticate", "TE",
    )  # fmt: skip
    uri, role = replay.invocation(replay.function(ECHO)[1]), replay.role()
    for name in names:
        resource = replay.resource(api, root, name.lower())
        place = {"restApiId": api, "resourceId": resource, "httpMethod": "GET"}
        replay.gateway.put_method(**place, authorizationType="NONE")
        replay.gateway.put_method_response(**place, statusCode="200")
        replay.gateway.put_integration(
            **place, type="AWS", integrationHttpMethod="POST", uri=uri, credentials=role,
            requestParameters={f"integration.request.header.{name}": "'given'"},
        )  # fmt: skip
        replay.gateway.put_integration_response(**place, statusCode="200")
    replay.deploy(api, "dev")
    statuses = {name.lower(): replay.send(api, "GET", f"/dev/{name.lower()}").status for name in names}
    replay.match("statuses", statuses)


@case
def test_invocation_trace_id(replay: Replay) -> None:
    api, root = replay.api()
    replay.mock(api, replay.resource(api, root, "path"), "GET", '{"statusCode": 200}')
    arn = replay.proxy(api, replay.resource(api, root, "{proxy+}"), ECHO)
    replay.match("register-lambda", {"FunctionName": arn.rpartition(":")[2], "FunctionArn": arn})
    replay.deploy(api, "dev")
    small = "Root=1-3152b799-8954dae64eda91bc9a23a7e8"
    full = f"{small};Parent=7fa8c0f79203be72;Sampled=1"
    for step, path, trace in (
        ("normal-req-headers-MOCK", "path", None),
        ("trace-id-req-headers-MOCK", "path", full),
        ("normal-req-headers-AWS_PROXY", "proxy-value", None),
        ("trace-id-req-headers-AWS_PROXY", "proxy-value", full),
        ("trace-id-small-req-headers-AWS_PROXY", "proxy-value", small),
    ):
        answer = replay.send(api, "GET", f"/dev/{path}", {"x-amzn-trace-id": trace} if trace else {})
        headers = {name.lower(): value for name, value in answer.headers.items()}
        replay.match(step, headers, place="headers")
        if trace and path == "proxy-value":
            assert headers["x-amzn-trace-id"].startswith(trace)
            assert (";Parent=7fa8c0f79203be72" in headers["x-amzn-trace-id"]) is (trace == full)


@case
def test_integration_mock_with_vtl_map_assignation(replay: Replay) -> None:
    api, root = replay.api()
    response = """#set($values = {})
#set($values["value"] = "bar")
$!values.put("value2", "putBar")
#set($values.nested = {"foo": "nestedFoo"})
{"value": "$values.value", "value2": "$values.get("value2")", "value3": "$values.nested.foo"}"""
    replay.mock(api, replay.resource(api, root, "test"), "GET", response)
    replay.deploy(api, "dev")
    answer = replay.send(api, "GET", "/dev/test")
    replay.match("response", {"status_code": answer.status, "body": answer.body})


@case
def test_mock_integration_response_GET(replay: Replay) -> None:  # noqa: N802
    api, root = replay.api()
    response = '{"statusCode": 200, "id": $input.params().path.get("id")}'
    replay.mock(api, replay.resource(api, root, "{id}"), "GET", response)
    replay.deploy(api, "dev")
    replay.match("mock-response", replay.send(api, "GET", "/dev/42").body)
