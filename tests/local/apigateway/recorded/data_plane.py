"""What requests to a deployed API are answered."""

from __future__ import annotations

import base64
from typing import Any

from tests.local.apigateway.recorded.replay import ECHO, GIVEN, SAME, Replay, case

AGENT = {"User-Agent": "python-requests/testing"}
SELECT = """def handler(event, context):
    status = event.get("statusCode")
    match status:
        case "200":
            return "Pass"
        case "400":
            raise Exception("Error: Raising four hundred from within the Lambda function")
        case "500":
            raise Exception("Error: Raising five hundred from within the Lambda function")
"""
STATUSES = """def handler(event, context):
    failed = int(event["body"]["httpStatus"]) >= 400
    return {"statusCode": 200, "body": "customerror" if failed else "noerror"}
"""
ALL = """#set($all = $input.params())
#set($query = $all.get('querystring'))
#set($header = $all.get('header'))
{"stage": "$context.stage",
"query": {#foreach($name in $query.keySet())
"$name": "$util.escapeJavaScript($query.get($name))"#if($foreach.hasNext),#end
#end},
"header": {#foreach($name in $header.keySet())
"$name": "$util.escapeJavaScript($header.get($name))"#if($foreach.hasNext),#end
#end},
"body": $input.json('$')}
"""
OVERRIDE = """#set($root = $input.path('$'))
$input.json("$")
#if($root.toString().contains("customerror"))
    #set($context.responseOverride.status = 400)
#else
    #set($context.responseOverride.status = 202)
#end
"""
READ_BACK = """{"custom": "$context.responseOverride.custom", "fooHeader": "$context.responseOverride.header.foo",
"statusOverride": "$context.responseOverride.status"}"""


@case
def test_lambda_aws_proxy_integration(replay: Replay) -> None:
    api, root = replay.api()
    greedy = replay.resource(api, root, "{proxy+}")
    hardcoded = replay.resource(api, root, "hardcoded")
    replay.proxy(api, greedy, ECHO)
    replay.proxy(api, hardcoded, ECHO)
    replay.deploy(api, "stage")
    sent = {**AGENT, "tEsT-HEADeR": "aValUE", "authorization": "random-value"}
    query = (
        "dateTimeOffset=2023-06-12T18:05:10.123456+00:00&email=test%2Balias@gmail.com&plus=test+alias@gmail.com"
        "&url=https://www.google.com/&whitespace=foo%20bar&zhash=abort/"
    )
    for step, target in {
        "without-trailing-slash": "/stage/proxy-value",
        "with-trailing-slash": "/stage/proxy-value/",
        "with-double-slash": "/stage/proxy-value//double-slash",
        "with-prepended-slash-to-stage": "//stage/proxy-value",
        "with-prepended-slash": "/stage//proxy-value",
        "without-trailing-slash-and-query-params": "/stage/proxy-value?urlparam=test",
        "with-trailing-slash-and-query-params": "/stage/proxy-value/?urlparam=test",
        "with-path-encoded-email": (
            "/stage/proxy-value/api/user/test%2Balias@gmail.com/plus/test+alias@gmail.com"
        ),
        "with-params-encoding": f"/stage/proxy-value/api?{query}",
    }.items():
        replay.match(f"invocation-payload-{step}", replay.send(api, "GET", target, sent).body)
    multi = {
        **AGENT,
        "Content-Type": "application/json;charset=utf-8",
        "aUThorization": "Bearer token123;API key456",
    }
    query = "category=electronics&category=books&price=10&price=20&price=30"
    answer = replay.send(api, "POST", f"/stage/proxy-value?{query}", multi, {"message": "hello world"})
    replay.match("invocation-payload-with-params-encoding-multi", answer.body)
    replay.match("invocation-hardcoded", replay.send(api, "GET", "/stage//hardcoded", sent).body)


@case
def test_lambda_aws_proxy_integration_non_post_method(replay: Replay) -> None:
    api, root = replay.api()
    replay.proxy(api, replay.resource(api, root, "{proxy+}"), ECHO, integrationHttpMethod="GET")
    replay.gateway.put_gateway_response(
        restApiId=api, responseType="INTEGRATION_FAILURE", responseParameters={}
    )
    replay.deploy(api, "test")
    answer = replay.send(api, "GET", "/test/test-path", AGENT)
    assert answer.status == 500
    replay.match("invocation-payload-with-get-proxy-method", answer.body)


@case
def test_aws_proxy_response_payload_format_validation(replay: Replay) -> None:
    api, root = replay.api()
    replay.proxy(api, replay.resource(api, root, "{proxy+}"), GIVEN)
    replay.deploy(api, "test")

    def invoke(step: str, given: Any, status: int = 200, *, headers: bool = False) -> None:
        answer = replay.send(api, "POST", "/test/test", body=given)
        assert answer.status == status
        shown: dict[str, Any] = {"content": answer.body}
        replay.match(f"invoke-api-{step}", {**shown, "headers": answer.headers} if headers else shown)

    encoded = base64.b64encode(b"test-data").decode()
    several, one = {"test-multi": ["value-multi"]}, {"test-multi": "value-solo"}
    invoke("no-body", {"statusCode": 200})
    invoke(
        "with-headers",
        {"statusCode": 200, "headers": {"test-header": "value", "header-bool": True}},
        headers=True,
    )
    invoke("with-headers-null", {"statusCode": 200, "headers": None}, headers=True)
    invoke("wrong-format", {"statusCode": 200, "wrongValue": "value"}, 502)
    invoke("empty-response", None, 502)
    invoke("b64-encoded-true", {"statusCode": 200, "body": encoded, "isBase64Encoded": True})
    invoke("b64-encoded-false", {"statusCode": 200, "body": encoded})
    valid = {"test-multi": ["value1", "value2"]}
    invoke("multi-headers-valid", {"statusCode": 200, "multiValueHeaders": valid}, headers=True)
    both = {"statusCode": 200, "multiValueHeaders": several, "headers": one}
    invoke("multi-headers-overwrite", both, headers=True)
    both = {"statusCode": 200, "multiValueHeaders": {"tesT-Multi": ["value-multi"]}, "headers": one}
    invoke("multi-headers-overwrite-casing", both, headers=True)
    invoke("multi-headers-invalid", {"statusCode": 200, "multiValueHeaders": {"invalid": "value1"}}, 502)
    invoke("invalid-status-code", {"statusCode": "test"}, 502)
    invoke("status-code-str", {"statusCode": "201"}, 201)
    invoke("just-string", "justAString", 502)
    invoke("only-headers", {"headers": {"test-header": "value"}})


@case
def test_lambda_aws_proxy_integration_request_data_mapping(replay: Replay) -> None:
    api, root = replay.api()
    replay.match("api_id", {"rest_api_id": api})
    sources = {
        "header.headerVar": "header.foobar",
        "path.qsVar": "querystring.testVar",
        "path.pathVar": "path.pathVariable",
        "querystring.queryString": "querystring.testQueryString",
    }
    mappings = {f"integration.request.{name}": f"method.request.{source}" for name, source in sources.items()}
    place = {
        "restApiId": api,
        "resourceId": replay.resource(api, root, "{pathVariable}"),
        "httpMethod": "ANY",
    }
    declared = dict.fromkeys(mappings.values(), True)
    replay.gateway.put_method(**place, authorizationType="NONE", requestParameters=declared)
    target_uri = replay.invocation(replay.function(ECHO)[1])
    replay.gateway.put_integration(
        **place, type="AWS_PROXY", integrationHttpMethod="POST", uri=target_uri, credentials=replay.role(),
        requestParameters=mappings,
    )  # fmt: skip
    replay.deploy(api, "test")
    sent = {"Accept": "application/json", "foobar": "mapped-value", "user-Agent": "test/integration"}
    headers = {**sent, "headerVar": "request-value", "User-Agent": "test/integration"}
    del headers["user-Agent"]
    target = "/test/foobar?testQueryString=foo&testVar=bar"
    answer = replay.send(api, "POST", target, headers, {"message": "hello world"})
    shown = {"content": answer.body, "status_code": answer.status}
    replay.match("http-proxy-invocation-data-mapping", shown)


def _custom(
    replay: Replay, code: str, verb: str, part: str, module: str = "index"
) -> tuple[dict[str, str], Any]:
    """A method that is to have an AWS integration: its place, and the integration's settings."""
    api, root = replay.api()
    uri = replay.invocation(replay.function(code, module)[1])
    place = {"restApiId": api, "resourceId": replay.resource(api, root, part), "httpMethod": verb}
    return place, {"type": "AWS", "integrationHttpMethod": "POST", "uri": uri, "credentials": replay.role()}


@case
def test_lambda_aws_integration(replay: Replay) -> None:
    place, settings = _custom(replay, SAME, "POST", "test")
    replay.match("put-method", replay.ask("put_method", **place, authorizationType="NONE"))
    replay.match("put-integration", replay.ask("put_integration", **place, **settings))
    replay.match(
        "put-integration-response", replay.ask("put_integration_response", **place, statusCode="200")
    )
    replay.match("put-method-response", replay.ask("put_method_response", **place, statusCode="200"))
    replay.deploy(place["restApiId"], "api")
    answer = replay.send(place["restApiId"], "POST", "/api/test", body={"message": "hello world"})
    replay.match("lambda-aws-integration", answer.body)


@case
def test_lambda_aws_integration_with_request_template(replay: Replay) -> None:
    place, settings = _custom(replay, SAME, "GET", "test")
    parameters = {"method.request.querystring.param1": False}
    put = replay.ask("put_method", **place, authorizationType="NONE", requestParameters=parameters)
    replay.match("put-method", put)
    replay.match("put-method-response", replay.ask("put_method_response", **place, statusCode="200"))
    templates = {"application/json": '{"param1": "$input.params(\'param1\')"}'}
    replay.match(
        "put-integration", replay.ask("put_integration", **place, **settings, requestTemplates=templates)
    )
    put = replay.ask("put_integration_response", **place, statusCode="200", selectionPattern="")
    replay.match("put-integration-response", put)
    replay.deploy(place["restApiId"], "api")
    for number, target in enumerate(
        ("/api/test?param1=foobar", "/api/test?param1=foobar&Signature=1"), start=1
    ):
        replay.match(f"lambda-aws-integration-{number}", replay.send(place["restApiId"], "GET", target).body)
    replay.match("delete-integration", replay.ask("delete_integration", **place))
    replay.match("get-integration-after-delete", replay.ask("get_integration", **place))


@case
def test_lambda_aws_integration_response_with_mapping_templates(replay: Replay) -> None:
    place, settings = _custom(replay, STATUSES, "POST", "test")
    replay.gateway.put_method(**place, authorizationType="NONE")
    for status in ("200", "400"):
        replay.gateway.put_method_response(**place, statusCode=status)
    replay.gateway.put_integration(**place, **settings, requestTemplates={"application/json": ALL})
    templates = {"application/json": OVERRIDE}
    replay.gateway.put_integration_response(
        **place, statusCode="200", selectionPattern="", responseTemplates=templates
    )
    replay.deploy(place["restApiId"], "api")
    for step, body in {
        "202": {"httpStatus": "200"},
        "400": {"httpStatus": "400", "errorMessage": "Test Bad request"},
    }.items():
        answer = replay.send(place["restApiId"], "POST", "/api/test", body=body)
        replay.match(f"response-template-{step}", {"statusCode": answer.status, "body": answer.body})


@case
def test_lambda_selection_patterns(replay: Replay) -> None:
    place, settings = _custom(replay, SELECT, "GET", "{statusCode}", "lambda_select_pattern")
    replay.gateway.put_method(**place, authorizationType="NONE")
    templates = {"application/json": '{"statusCode": "$input.params(\'statusCode\')"}'}
    replay.gateway.put_integration(**place, **settings, requestTemplates=templates)
    for status, pattern in {"200": None, "405": ".*400.*", "502": r".*5\d\d.*"}.items():
        replay.gateway.put_method_response(**place, statusCode=status)
        chosen = {} if pattern is None else {"selectionPattern": pattern.replace("400", "four hundred")}
        if status == "502":
            chosen = {"selectionPattern": ".*five hundred.*"}
        replay.gateway.put_integration_response(**place, statusCode=status, **chosen)
    replay.deploy(place["restApiId"], "dev")
    for number, expected in {200: 200, 400: 405, 500: 502}.items():
        answer = replay.send(place["restApiId"], "GET", f"/dev/{number}")
        assert answer.status == expected
        replay.match(f"lambda-selection-pattern-{number}", answer.body)


@case
def test_integration_mock_with_request_overrides_in_response_template(replay: Replay) -> None:
    api, root = replay.api()
    request = '#set($context.requestOverride.path.name = $input.params("name")){"statusCode": 200}'
    name = "$context.requestOverride.path.name"
    response = (
        f'#if({name} == "path1"){{"response": "path was path one"}}'
        f'#elseif({name} == "path2"){{"response": "path was path two"}}'
        '#else{"response": "this is the else clause"}#end'
    )
    replay.mock(api, replay.resource(api, root, "{name}"), "GET", response, request)
    replay.deploy(api, "dev")
    for step, path in {"path1": "path1", "path2": "path2", "path-else": "else"}.items():
        replay.match(f"invoke-{step}", replay.send(api, "GET", f"/dev/{path}").body)


@case
def test_integration_mock_with_response_override_in_request_template_True(replay: Replay) -> None:  # noqa: N802
    api, root = replay.api()
    request = """#set($context.responseOverride.header.foo = "bar")
#set($context.responseOverride.custom = "is also passed around")
#set($context.responseOverride.status = 444)
{"statusCode": 200}"""
    replay.mock(api, replay.resource(api, root, "test"), "GET", READ_BACK, request)
    replay.deploy(api, "dev")
    answer = replay.send(api, "GET", "/dev/test")
    replay.match("response", {"status_code": answer.status, "body": answer.body})


@case
def test_apigw_stage_variables_local(replay: Replay) -> None:
    place, settings = _custom(replay, SAME, "POST", "test")
    replay.gateway.put_method(**place, authorizationType="NONE")
    replay.gateway.put_method_response(**place, statusCode="200")
    templates = {"application/json": '{"version": "$stageVariables.version"}'}
    replay.gateway.put_integration(**place, **settings, requestTemplates=templates)
    replay.gateway.put_integration_response(**place, statusCode="200")
    replay.deploy(place["restApiId"], "local")
    replay.match(
        "response", replay.send(place["restApiId"], "POST", "/local/test", body={"test": "test"}).body
    )
