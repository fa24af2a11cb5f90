"""Function URLs: they answer HTTP, for everyone or for signed requests, with CORS by their configuration."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from accountsctl.localcloud.client import LocalCloudClient
from tests.local.apigateway.deployed.templates import REGION, TRUST, att, function, ref
from tests.local.deployed_api import Answer, Api
from tests.local.identity.templates import resource

Deploy = Callable[..., Api]
Clients = Callable[[str], Any]
CODE = """
import json
def handler(event, context):
    kind = event["rawPath"].rpartition("/")[2]
    if kind == "throws":
        raise ValueError("no")
    if kind == "text":
        return "plain"
    if kind == "malformed":
        return {"statusCode": "many"}
    if kind == "full":
        return {"statusCode": 201, "headers": {"X-Own": "yes", "Access-Control-Allow-Origin": "https://other"},
                "cookies": ["a=1", "b=2"], "body": "aGk=", "isBase64Encoded": True}
    return event
"""


def url(auth: str = "NONE", cors: Mapping[str, Any] | None = None, *, allowed: bool = True) -> dict[str, Any]:
    """A function with a URL, and a policy that lets everyone in if `allowed`."""
    more = {"Cors": dict(cors)} if cors else {}
    made = {
        "Api": resource("ApiGateway::RestApi", Name="urls"),
        "Role": resource("IAM::Role", AssumeRolePolicyDocument=TRUST),
        "Function": function(CODE),
        "Url": resource("Lambda::Url", TargetFunctionArn=att("Function", "Arn"), AuthType=auth, **more),
    }
    if allowed:
        plain = {"FunctionName": ref("Function"), "Principal": "*"}
        made["ByUrl"] = resource(
            "Lambda::Permission", Action="lambda:InvokeFunctionUrl", FunctionUrlAuthType=auth, **plain
        )
        made["Invoked"] = resource(
            "Lambda::Permission", Action="lambda:InvokeFunction", InvokedViaFunctionUrl=True, **plain
        )
    outputs = {"Api": ref("Api"), "Function": ref("Function"), "Url": att("Url", "FunctionUrl")}
    return {"Resources": made, "Outputs": {name: {"Value": value} for name, value in outputs.items()}}


def host(api: Api) -> str:
    return urlsplit(api.outputs["Url"]).netloc


def send(
    api: Api, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | None = None
) -> Answer:
    """A request to the URL, by the host that AWS gives it."""
    name, port = api.host.split(":")
    connection = http.client.HTTPConnection(name, int(port), timeout=30)
    try:
        connection.request(method, target, body, {"Host": host(api), **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read().decode())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def public(deploy: Deploy) -> Api:
    return deploy(url())


def test_a_request_becomes_an_event_of_format_2(public: Api) -> None:
    headers = {"Content-Type": "application/json", "Cookie": "a=1; b=2", "X-Many": "one", "User-Agent": "me"}
    answer = send(public, "POST", "/some/path?x=1&x=2&y=%20", headers, b'{"z": 1}')
    event = json.loads(answer.body)
    http_context = event["requestContext"].pop("http")
    assert {key: event[key] for key in ("version", "routeKey", "rawPath", "rawQueryString", "cookies")} == {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": "/some/path",
        "rawQueryString": "x=1&x=2&y=%20",
        "cookies": ["a=1", "b=2"],
    }
    assert event["queryStringParameters"] == {"x": "1,2", "y": " "}
    assert (event["body"], event["isBase64Encoded"]) == ('{"z": 1}', False)
    assert (http_context["method"], http_context["path"], http_context["userAgent"]) == (
        "POST",
        "/some/path",
        "me",
    )
    assert (event["requestContext"]["accountId"], event["requestContext"]["domainName"]) == (
        "anonymous",
        host(public),
    )
    assert (event["headers"]["host"], event["headers"]["x-many"]) == (host(public), "one")
    assert "cookie" not in event["headers"]


def test_a_body_that_is_no_text_comes_in_base64(public: Api) -> None:
    event = json.loads(send(public, "PUT", "/", {"Content-Type": "image/png"}, b"\x00\x01").body)
    assert (event["body"], event["isBase64Encoded"]) == ("AAE=", True)


def test_answers_are_read_as_format_2_has_them(public: Api) -> None:
    full = send(public, "GET", "/full")
    cookies = [value for name, value in full.pairs if name.lower() == "set-cookie"]
    assert (full.status, full.header("X-Own"), full.body, cookies) == (201, "yes", "hi", ["a=1", "b=2"])
    text = send(public, "GET", "/text")
    assert (text.status, text.header("Content-Type"), text.body) == (200, "application/json", "plain")
    for path in ("/throws", "/malformed"):
        assert (send(public, "GET", path).status, send(public, "GET", path).body) == (
            502,
            "Internal Server Error",
        )


def test_the_url_answers_by_its_path_on_loopback_too(public: Api) -> None:
    name, port = public.host.split(":")
    connection = http.client.HTTPConnection(name, int(port), timeout=30)
    try:
        connection.request("GET", f"/_aws/lambda-url/{host(public).partition('.')[0]}/text")
        assert connection.getresponse().read() == b"plain"
    finally:
        connection.close()


def test_nobody_comes_in_without_a_policy(deploy: Deploy) -> None:
    answer = send(deploy(url(allowed=False)), "GET", "/text")
    assert (answer.status, answer.header("x-amzn-ErrorType")) == (403, "AccessDeniedException")


def test_a_policy_of_another_kind_of_url_lets_nobody_in(deploy: Deploy) -> None:
    template = url()
    template["Resources"]["ByUrl"]["Properties"]["FunctionUrlAuthType"] = "AWS_IAM"
    assert send(deploy(template), "GET", "/text").status == 403


def test_a_url_that_was_not_made_answers_nothing(public: Api) -> None:
    assert send(public, "GET", "/", {"Host": "abc.lambda-url.eu-west-1.on.aws"}).status == 403


def signed(api: Api, path: str, credentials: Credentials, service: str = "lambda") -> Answer:
    request = AWSRequest(method="GET", url=f"https://{host(api)}{path}", headers={"Host": host(api)})
    SigV4Auth(credentials, service, REGION).add_auth(request)
    return send(api, "GET", path, {name: str(value) for name, value in request.headers.items()})


def test_a_signed_url_answers_whoever_has_the_right(
    deploy: Deploy, client: Clients, cloud: LocalCloudClient
) -> None:
    api = deploy(url("AWS_IAM", allowed=False))
    account = Credentials(*cloud.credentials())
    assert signed(api, "/text", account).body == "plain"
    assert signed(api, "/text", account, "execute-api").status == 403
    assert signed(api, "/text", Credentials(account.access_key, "wrong")).status == 403
    assert send(api, "GET", "/text").status == 403
    iam = client("iam")
    iam.create_user(UserName="caller")
    key = iam.create_access_key(UserName="caller")["AccessKey"]
    user = Credentials(key["AccessKeyId"], key["SecretAccessKey"])
    assert signed(api, "/text", user).status == 403
    actions = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    iam.put_user_policy(UserName="caller", PolicyName="calls", PolicyDocument=json.dumps(policy))
    event = json.loads(signed(api, "/event", user).body)
    assert event["requestContext"]["authorizer"]["iam"]["userArn"].endswith("user/caller")


def test_cors_is_what_the_configuration_says(deploy: Deploy) -> None:
    cors = {
        "AllowOrigins": ["https://page.example"],
        "AllowMethods": ["GET", "PUT"],
        "AllowHeaders": ["x-own"],
        "ExposeHeaders": ["x-seen"],
        "AllowCredentials": True,
        "MaxAge": 600,
    }
    api = deploy(url(cors=cors))
    asks = {"Origin": "https://page.example", "Access-Control-Request-Method": "PUT"}
    preflight = send(api, "OPTIONS", "/full", asks)
    answered = {
        name: preflight.header(f"Access-Control-{name}") for name in ("Allow-Origin", "Allow-Methods")
    }
    assert (preflight.status, answered) == (
        200,
        {"Allow-Origin": "https://page.example", "Allow-Methods": "GET,PUT"},
    )
    assert (preflight.header("Access-Control-Max-Age"), preflight.header("Access-Control-Allow-Headers")) == (
        "600",
        "x-own",
    )
    answer = send(api, "GET", "/full", {"Origin": "https://page.example"})
    assert answer.header("Access-Control-Allow-Origin") == "https://page.example"
    assert answer.header("Access-Control-Expose-Headers") == "x-seen"
    assert answer.header("Access-Control-Allow-Credentials") == "true"
    stranger = send(api, "GET", "/full", {"Origin": "https://other"})
    assert (stranger.status, stranger.header("Access-Control-Allow-Origin")) == (201, None)
    deploy(url(), api)
    assert send(api, "GET", "/full", asks).header("Access-Control-Allow-Origin") == "https://other"


def test_a_url_with_a_qualifier_runs_the_alias(deploy: Deploy, client: Clients) -> None:
    template = url()
    resources = template["Resources"]
    resources["Version"] = resource("Lambda::Version", FunctionName=ref("Function"))
    resources["Live"] = resource(
        "Lambda::Alias", FunctionName=ref("Function"), FunctionVersion=att("Version", "Version"), Name="live"
    )
    resources["Url"]["Properties"] |= {"TargetFunctionArn": ref("Function"), "Qualifier": "live"}
    resources["Url"]["DependsOn"] = "Live"
    for name in ("ByUrl", "Invoked"):
        resources[name]["Properties"]["FunctionName"] = ref("Live")
    api = deploy(template)
    arn = f"arn:aws:lambda:{REGION}:123456789012:function:{api.outputs['Function']}:live"
    listed = client("lambda").list_function_url_configs(FunctionName=api.outputs["Function"])
    assert [config["FunctionArn"] for config in listed["FunctionUrlConfigs"]] == [arn]
    assert send(api, "GET", "/text").body == "plain"
    resources["Url"]["Properties"]["AuthType"] = "AWS_IAM"
    assert send(deploy(template, api), "GET", "/text").status == 403
