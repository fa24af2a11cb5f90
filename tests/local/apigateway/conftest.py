"""An API as its snapshot holds it, a pool with its own key, and a function that is a Python callable."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from accountsctl.localcloud.apigateway import Gateway
from accountsctl.localcloud.contracts.lookups import Cluster, FunctionConfig, Invocation, Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.requests import AnsweredRequest

REGION = "eu-west-1"
POOL = "eu-west-1_abc"
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:123456789012:userpool/{POOL}"
FUNCTION_ARN = f"arn:aws:lambda:{REGION}:123456789012:function:f"
KEY = RSAKey.generate_key(2048, {"kid": "k1"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "k1"})


def permission(source: str = f"arn:aws:execute-api:{REGION}:123456789012:api1/*/*/*") -> dict[str, Any]:
    return {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "apigateway.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Resource": FUNCTION_ARN,
                "Condition": {"ArnLike": {"AWS:SourceArn": source}},
            }
        ]
    }


def proxy(**changes: Any) -> dict[str, Any]:
    """A method with a Lambda proxy integration."""
    integration = {
        "type": "AWS_PROXY",
        "httpMethod": "POST",
        "uri": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{FUNCTION_ARN}/invocations",
        **changes.pop("integration", {}),
    }
    return {"authorizationType": "NONE", "methodIntegration": integration, **changes}


def mocked(**changes: Any) -> dict[str, Any]:
    """A method with a MOCK integration that answers 204 with one CORS header."""
    header = "method.response.header.Access-Control-Allow-Headers"
    origin = "method.response.header.Access-Control-Allow-Origin"
    integration = {
        "type": "MOCK",
        "requestTemplates": {"application/json": '{"statusCode": 204}'},
        "integrationResponses": {
            "204": {"statusCode": "204", "responseParameters": {header: "'Authorization'"}}
        },
        **changes,
    }
    responses = {"204": {"statusCode": "204", "responseParameters": {header: True, origin: True}}}
    return {"authorizationType": "NONE", "methodIntegration": integration, "methodResponses": responses}


def secured(**changes: Any) -> dict[str, Any]:
    return proxy(authorizationType="COGNITO_USER_POOLS", authorizerId="a1", **changes)


def snapshot(paths: Mapping[str, Mapping[str, Any]], **changes: Any) -> dict[str, Any]:
    authorizer = {"id": "a1", "type": "COGNITO_USER_POOLS", "providerARNs": [POOL_ARN]}
    plain: dict[str, Any] = {
        "region": REGION,
        "apiId": "api1",
        "deploymentId": "d1",
        "api": {"id": "api1", "name": "api"},
        "resources": [
            {"id": f"r{n}", "path": path, "methods": verbs} for n, (path, verbs) in enumerate(paths.items())
        ],
        "authorizers": {"a1": authorizer},
        "gatewayResponses": {},
        "validators": {},
        "models": {},
    }
    return {**plain, **changes}


def token(key: RSAKey = KEY, **claims: Any) -> str:
    """An ID token; claims of None are left out."""
    plain = {
        "iss": f"https://cognito-idp.{REGION}.amazonaws.com/{POOL}",
        "sub": "user-1",
        "aud": "client-1",
        "token_use": "id",
        "iat": int(time.time()),
        "exp": int(time.time()) + 3600,
    }
    present = {name: value for name, value in {**plain, **claims}.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "k1"}, present, key)


class FakeLookups:
    def __init__(self) -> None:
        self.functions: dict[str, FunctionConfig] = {}
        self.signers = {"AKIDKNOWN": Signer("its-secret", "arn:aws:iam::123456789012:root", "123456789012")}
        self.pools: dict[str, Mapping[str, Any]] = {POOL: {"keys": [KEY.as_dict(private=False)]}}

    def function(self, name_or_arn: str, region: str) -> FunctionConfig | None:
        return self.functions.get(name_or_arn)

    def cluster(self, arn: str) -> Cluster | None:
        return None

    def secret(self, arn_or_name: str, region: str) -> str | None:
        return None

    def signer(self, access_key_id: str, token: str | None = None) -> Signer | None:
        return self.signers.get(access_key_id)

    def jwks(self, user_pool_id: str) -> Mapping[str, Any] | None:
        return self.pools.get(user_pool_id)

    def clusters(self) -> list[Cluster]:
        return []


class FakeInvoker:
    """Remembers the events it was given; answers with `answer`."""

    def __init__(self) -> None:
        self.events: list[Any] = []
        self.answer: Any = {"statusCode": 200, "body": "ok"}
        self.error: str | None = None
        self.authorizer: Any = None
        self.wait: Callable[[], object] = lambda: None
        self.debugger: Callable[[], bool] = lambda: False

    def held(self, function: FunctionConfig) -> bool:
        return self.debugger()

    def invoke(self, function: FunctionConfig, payload: bytes) -> Invocation:
        event = json.loads(payload)
        self.events.append(event)
        self.wait()
        if "methodArn" in event:  # an authorizer's; it may depend on the event
            answer = self.authorizer(event) if callable(self.authorizer) else self.authorizer
            failed = "errorMessage" in answer if isinstance(answer, dict) else False
            return Invocation(json.dumps(answer).encode(), "Unhandled" if failed else None, b"", "id")
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        return Invocation(body, self.error, b"", "id")


class NotFoundException(Exception):
    """botocore's, as the client's `exceptions` has it."""


class FakeControl:
    """The parts of boto3's apigateway client that the gateway reads, over a snapshot."""

    class exceptions:  # noqa: N801  botocore's name
        NotFoundException = NotFoundException

    def __init__(self) -> None:
        self.live: dict[str, Any] = {}
        self.stages: dict[str, dict[str, Any]] = {"dev": {"deploymentId": "d1", "variables": {}}}
        self.asked = 0
        self.plans: list[dict[str, Any]] = []
        self.keys: list[dict[str, Any]] = []
        self.members: dict[str, list[str]] = {}

    def get_usage_plans(self, **_: Any) -> Any:
        self.asked += 1
        return {"items": self.plans}

    def get_api_keys(self, *, includeValues: bool, **_: Any) -> Any:
        assert includeValues
        return {"items": self.keys}

    def get_usage_plan_keys(self, *, usagePlanId: str, **_: Any) -> Any:
        return {"items": [{"id": each} for each in self.members.get(usagePlanId, [])]}

    def get_stage(self, restApiId: str, stageName: str) -> Any:
        self.asked += 1
        if stageName not in self.stages:
            raise NotFoundException
        return self.stages[stageName]

    def get_paginator(self, name: str) -> FakeControl:
        return self

    def paginate(self, **_: Any) -> Iterable[Any]:
        items = [
            {"id": r["id"], "path": r["path"], "resourceMethods": r["methods"]}
            for r in self.live["resources"]
        ]
        return [{"items": items}]

    def get_rest_api(self, **_: Any) -> Any:
        return self.live["api"]

    def get_authorizers(self, **_: Any) -> Any:
        return {"items": list(self.live["authorizers"].values())}

    def get_gateway_responses(self, **_: Any) -> Any:
        return {"items": list(self.live["gatewayResponses"].values())}

    def get_request_validators(self, **_: Any) -> Any:
        return {"items": list(self.live["validators"].values())}

    def get_models(self, **_: Any) -> Any:
        return {"items": [{"name": name, "schema": text} for name, text in self.live["models"].items()]}


class Recorded:
    """Remembers what the gateway has answered."""

    def __init__(self) -> None:
        self.requests: list[AnsweredRequest] = []

    def record(self, answered: AnsweredRequest) -> None:
        self.requests.append(answered)


class World:
    """A gateway and its surroundings, with short ways to call it."""

    def __init__(self, *, watched: bool = False) -> None:
        self.lookups = FakeLookups()
        self.invoker = FakeInvoker()
        self.control = FakeControl()
        self.changes: list[None] = []
        self.recorded = Recorded()
        self.gateway = Gateway(
            self.lookups,
            self.invoker,
            self.client,
            lambda: self.changes.append(None),
            watched=watched,
            recorder=self.recorded,
        )
        self.function()

    def client(self, service: str, region: str) -> Any:
        """The fake, where the gateway takes a client of boto3's."""
        assert service == "apigateway"
        return self.control

    def function(self, policy: Mapping[str, Any] | None = None, timeout: int = 3) -> None:
        self.lookups.functions[FUNCTION_ARN] = FunctionConfig(
            arn=FUNCTION_ARN,
            name="f",
            region=REGION,
            runtime="python3.14",
            handler="index.handler",
            code=b"",
            code_sha256="",
            environment={},
            timeout=timeout,
            memory=128,
            log_group="",
            policy=permission() if policy is None else policy,
        )

    def serve(self, paths: Mapping[str, Mapping[str, Any]], **changes: Any) -> World:
        self.control.live = copy.deepcopy(snapshot(paths, **changes))
        self.gateway.deployed(REGION, "api1", "d1")
        return self

    def send(
        self, method: str, path: str, body: bytes = b"", query: str = "", stage: str = "dev", **headers: str
    ) -> Response:
        """Send a request with headers as keyword arguments: `x_api_key` is X-Api-Key."""
        sent = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        request = Request(method, f"/_aws/execute-api/api1/{stage}{path}", query, sent, body)
        return self.gateway.handle(request, "api1", stage, path)

    def send_with(self, headers: Mapping[str, str], method: str, path: str) -> Response:
        """Send a request with these headers, whose names only the caller's table knows."""
        request = Request(method, f"/_aws/execute-api/api1/dev{path}", headers=tuple(headers.items()))
        return self.gateway.handle(request, "api1", "dev", path)


@pytest.fixture
def world() -> World:
    return World()
