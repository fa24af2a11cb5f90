"""HTTP APIs: routes, payload formats, JWT authorizers against a user pool, stages, CORS."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.deployed.templates import REGION, ref
from tests.local.deployed_api import Answer, Api
from tests.local.http_apis.templates import http_api
from tests.local.identity.people import People

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]


ROUTES: dict[str, dict[str, Any]] = {
    "GET /orders/{id}": {},
    "GET /orders/first": {},
    "ANY /orders/{proxy+}": {},
    "POST /orders": {},
    "$default": {},
}
SECURED = {"AuthorizationType": "JWT", "AuthorizerId": ref("Authorizer")}


@pytest.fixture(scope="module")
def orders(deploy: Deploy) -> Api:
    return deploy(http_api(ROUTES))


def send(
    api: Api, method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """A request to the default stage."""
    return api.send(method, path, headers, body, stage="$default")


@pytest.mark.parametrize(
    ("request_line", "route", "parameters"),
    [
        ("GET /orders/first", "GET /orders/first", None),
        ("GET /orders/a%20b", "GET /orders/{id}", {"id": "a b"}),
        ("PUT /orders/7", "ANY /orders/{proxy+}", {"proxy": "7"}),
        ("GET /orders/7/lines/1", "ANY /orders/{proxy+}", {"proxy": "7/lines/1"}),
        ("POST /orders", "POST /orders", None),
        ("DELETE /orders", "$default", None),
        ("GET /", "$default", None),
    ],
)
def test_a_request_meets_the_most_specific_route(
    orders: Api, request_line: str, route: str, parameters: dict[str, str] | None
) -> None:
    method, path = request_line.split(" ")
    event = json.loads(send(orders, method, path).body)
    assert (event["routeKey"], event.get("pathParameters")) == (route, parameters)


def test_the_event_has_format_2(orders: Api) -> None:
    answer = send(orders, "POST", "/orders?x=1&x=2", {"Content-Type": "text/plain", "Cookie": "a=1"}, b"hi")
    event = json.loads(answer.body)
    assert {
        key: event[key] for key in ("version", "rawPath", "rawQueryString", "body", "stageVariables")
    } == {
        "version": "2.0",
        "rawPath": "/orders",
        "rawQueryString": "x=1&x=2",
        "body": "hi",
        "stageVariables": {"colour": "red"},
    }
    assert (event["cookies"], event["queryStringParameters"]) == (["a=1"], {"x": "1,2"})
    assert event["requestContext"]["http"]["method"] == "POST"
    assert answer.header("apigw-requestid") == event["requestContext"]["requestId"]


def test_the_api_answers_by_its_host_too(orders: Api) -> None:
    host = orders.outputs["Url"].removeprefix("https://")
    import http.client

    name, port = orders.host.split(":")
    connection = http.client.HTTPConnection(name, int(port), timeout=30)
    try:
        connection.request("GET", "/orders/text", headers={"Host": host})
        assert connection.getresponse().read() == b"plain"
    finally:
        connection.close()


def test_a_function_that_fails_is_a_500_and_one_that_is_slow_a_503(deploy: Deploy) -> None:
    api = deploy(http_api({"$default": {}}, integration={"TimeoutInMillis": 500}))
    assert (send(api, "GET", "/throws").status, send(api, "GET", "/throws").body) == (
        500,
        '{"message":"Internal Server Error"}',
    )
    assert (send(api, "GET", "/slow").status, send(api, "GET", "/slow").body) == (
        503,
        '{"message":"Service Unavailable"}',
    )


def test_format_1_is_that_of_rest_apis_and_needs_a_status(deploy: Deploy) -> None:
    api = deploy(http_api({"GET /orders/{id}": {}}, integration={"PayloadFormatVersion": "1.0"}))
    event = json.loads(send(api, "GET", "/orders/7?x=1&x=2").body)
    assert {key: event[key] for key in ("version", "resource", "path", "httpMethod", "pathParameters")} == {
        "version": "1.0",
        "resource": "/orders/{id}",
        "path": "/orders/7",
        "httpMethod": "GET",
        "pathParameters": {"id": "7"},
    }
    assert event["multiValueQueryStringParameters"] == {"x": ["1", "2"]}
    assert send(api, "GET", "/orders/text").status == 500


def test_a_named_stage_is_the_first_part_of_the_path(deploy: Deploy) -> None:
    api = deploy(http_api({"GET /orders": {}}, stage="v1"))
    event = json.loads(api.send("GET", "/orders", stage="v1").body)
    assert (event["rawPath"], event["requestContext"]["stage"]) == ("/v1/orders", "v1")
    missing = api.send("GET", "/orders", stage="v2")
    assert (missing.status, missing.body) == (404, '{"message":"Not Found"}')
    assert api.send("GET", "/nothing", stage="v1").status == 404


def test_a_jwt_authorizer_takes_the_tokens_of_its_pool(deploy: Deploy, client: Clients) -> None:
    scoped = {**SECURED, "AuthorizationScopes": ["orders/read"]}
    api = deploy(http_api({"GET /mine": SECURED, "GET /scoped": scoped}))
    people = People(api, client("cognito-idp"))
    (token,) = people.sign_in("ann", "admins").values()
    answer = send(api, "GET", "/mine", {"Authorization": f"Bearer {token}"})
    granted = json.loads(answer.body)["requestContext"]["authorizer"]["jwt"]
    assert (granted["claims"]["cognito:username"], granted["claims"]["cognito:groups"]) == ("ann", "[admins]")
    refused = send(api, "GET", "/mine")
    assert refused.summary == (401, None, '{"message":"Unauthorized"}')
    assert refused.header("WWW-Authenticate") == "Bearer"
    head, claims, signature = token.split(".")
    assert send(api, "GET", "/mine", {"Authorization": f"{head}.{claims}.{signature[::-1]}"}).status == 401
    missing = send(api, "GET", "/scoped", {"Authorization": token})
    assert (missing.status, missing.body) == (403, '{"message":"Forbidden"}')
    assert missing.header("WWW-Authenticate") == 'Bearer scope="orders/read" error="insufficient_scope"'
    (elsewhere,) = people.of_another_client().sign_in("bob").values()
    for wrong, why in (
        (elsewhere, "the token does not have a valid audience"),
        ("none", "token contains an invalid number of segments"),
    ):
        refused = send(api, "GET", "/mine", {"Authorization": wrong})
        challenge = f'Bearer scope="" error="invalid_token" error_description="{why}"'
        assert (refused.status, refused.header("WWW-Authenticate")) == (401, challenge)
    other = People(deploy(http_api({"$default": {}})), client("cognito-idp"))
    (stranger,) = other.sign_in("ann").values()
    assert send(api, "GET", "/mine", {"Authorization": stranger}).status == 401


def signed(api: Api, path: str, credentials: Credentials, service: str = "execute-api") -> Answer:
    """A request to the default stage, signed as it is sent."""
    url = f"http://{api.host}/_aws/execute-api/{api.id}/$default{path}"
    request = AWSRequest(method="GET", url=url, headers={"Host": api.host})
    SigV4Auth(credentials, service, REGION).add_auth(request)
    return send(api, "GET", path, {name: str(value) for name, value in request.headers.items()})


def test_an_iam_route_answers_whoever_signs_and_may_invoke_it(
    deploy: Deploy, client: Clients, cloud: LocalCloudClient
) -> None:
    api = deploy(http_api({"GET /mine/{id}": {"AuthorizationType": "AWS_IAM"}}))
    account = Credentials(*cloud.credentials())
    event = json.loads(signed(api, "/mine/1", account).body)
    assert event["requestContext"]["authorizer"]["iam"]["accessKey"] == account.access_key
    refused = [
        send(api, "GET", "/mine/1"),
        signed(api, "/mine/1", account, "lambda"),
        signed(api, "/mine/1", Credentials(account.access_key, "wrong")),
    ]
    assert [(answer.status, answer.body) for answer in refused] == [(403, '{"message":"Forbidden"}')] * 3

    iam = client("iam")
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    user = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    assert signed(api, "/mine/1", user).status == 403
    arn = f"arn:aws:execute-api:{REGION}:123456789012:{api.id}/$default/GET/mine/1"
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": arn}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_user_policy(UserName="reader", PolicyName="reads", PolicyDocument=json.dumps(policy))
    assert signed(api, "/mine/1", user).status == 200
    assert signed(api, "/mine/2", user).status == 403


def test_the_older_payload_shows_who_has_signed(deploy: Deploy, cloud: LocalCloudClient) -> None:
    routes = {"GET /mine": {"AuthorizationType": "AWS_IAM"}}
    api = deploy(http_api(routes, integration={"PayloadFormatVersion": "1.0"}))
    account = Credentials(*cloud.credentials())
    identity = json.loads(signed(api, "/mine", account).body)["requestContext"]["identity"]
    assert (identity["accessKey"], identity["accountId"]) == (account.access_key, "123456789012")


def test_a_function_that_the_api_may_not_invoke_is_a_500(deploy: Deploy) -> None:
    api = deploy(http_api({"GET /a": {}, "GET /b": {}}, permission="*/GET/a"))
    assert (send(api, "GET", "/a").status, send(api, "GET", "/b").status) == (200, 500)


def test_cors_is_answered_by_the_api(deploy: Deploy) -> None:
    cors = {
        "AllowOrigins": ["https://page.example"],
        "AllowMethods": ["GET"],
        "AllowHeaders": ["authorization"],
        "MaxAge": 60,
    }
    api = deploy(http_api({"GET /cors": {}}, api={"CorsConfiguration": cors}))
    asks = {"Origin": "https://page.example", "Access-Control-Request-Method": "GET"}
    preflight = send(api, "OPTIONS", "/cors", asks)
    names = ("Allow-Origin", "Allow-Methods", "Allow-Headers", "Max-Age")
    assert (preflight.status, [preflight.header(f"Access-Control-{name}") for name in names]) == (
        204,
        ["https://page.example", "GET", "authorization", "60"],
    )
    assert send(api, "GET", "/cors", asks).header("Access-Control-Allow-Origin") == "https://page.example"
    stranger = send(api, "GET", "/cors", {"Origin": "https://other"})
    assert stranger.header("Access-Control-Allow-Origin") is None
    deploy(http_api({"GET /cors": {}}), api)
    assert send(api, "GET", "/cors", asks).header("Access-Control-Allow-Origin") == "https://other"


def test_an_api_is_changed_in_place_and_goes_with_its_stack(deploy: Deploy) -> None:
    first = deploy(http_api({"GET /a": {}}))
    after = deploy(http_api({"GET /b": {}}), first)
    assert after.id == first.id
    assert (send(first, "GET", "/a").status, send(first, "GET", "/b").status) == (404, 200)


def test_what_is_not_supported_is_refused(client: Clients, deploy: Deploy) -> None:
    apis = client("apigatewayv2")
    with pytest.raises(ClientError, match="WEBSOCKET"):
        apis.create_api(
            Name="chat", ProtocolType="WEBSOCKET", RouteSelectionExpression="$request.body.action"
        )
    with pytest.raises(ClientError, match="domainnames"):
        apis.create_domain_name(DomainName="a.example")
    arn = "arn:aws:lambda:eu-west-1:123456789012:function:f"
    with pytest.raises(ClientError, match="target of HTTP APIs"):
        apis.create_api(Name="quick", ProtocolType="HTTP", Target=arn)
    made = apis.create_api(Name="plain", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(ClientError, match="integrationType HTTP_PROXY"):
        apis.create_integration(ApiId=made, IntegrationType="HTTP_PROXY", IntegrationUri="https://a.example")
    with pytest.raises(ClientError, match="without autoDeploy"):
        apis.create_stage(ApiId=made, StageName="a", AutoDeploy=False)
    template = http_api({"GET /a": {"AuthorizationType": "CUSTOM"}})
    with pytest.raises(AssertionError, match="does not support the AuthorizationType CUSTOM"):
        deploy(template)


def test_what_an_api_answers_is_measured_by_cloudwatch(orders: Api, client: Clients) -> None:
    """By all of its requests, and exactly by the dimensions of the query, as on AWS."""
    begun = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=5)
    assert send(orders, "GET", "/orders/throws").status == 500
    assert send(orders, "GET", "/orders/first").status == 200
    cloudwatch = client("cloudwatch")

    def total(metric: str, **dimensions: str) -> float:
        points = cloudwatch.get_metric_statistics(
            Namespace="AWS/ApiGateway",
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=begun,
            EndTime=datetime.now(UTC) + timedelta(seconds=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return sum(float(point["Sum"]) for point in points)

    failed = total("5xx", ApiId=orders.id)
    assert failed >= 1
    assert total("5xx", ApiId=orders.id, Stage="$default") == failed
    assert total("Count", ApiId=orders.id) > failed
    assert total("5xx", ApiId=orders.id, Stage="other") == 0
    listed = cloudwatch.list_metrics(Dimensions=[{"Name": "ApiId", "Value": orders.id}])["Metrics"]
    assert {metric["MetricName"] for metric in listed} == {"Count", "4xx", "5xx"}

    alarm = {"Namespace": "AWS/ApiGateway", "MetricName": "5xx", "Statistic": "Sum", "Period": 86400}
    cloudwatch.put_metric_alarm(
        **alarm,
        AlarmName="orders-fail",
        Dimensions=[{"Name": "ApiId", "Value": orders.id}],
        EvaluationPeriods=1,
        Threshold=failed - 0.5,
        ComparisonOperator="GreaterThanThreshold",
    )
    (described,) = cloudwatch.describe_alarms(AlarmNames=["orders-fail"])["MetricAlarms"]
    assert described["StateValue"] == "ALARM"
