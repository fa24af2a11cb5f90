"""One request on its way through the gateway: the snapshot it meets, and what is known about it so far."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from accountsctl.localcloud.apigateway.deployed.routing import RouteNode
from accountsctl.localcloud.apigateway.deployed.snapshot import DeployedApi, DeployedStage
from accountsctl.localcloud.apigateway.templates.vtl import Overrides, no_overrides
from accountsctl.localcloud.contracts import identifiers
from accountsctl.localcloud.contracts.http_events import request_time, trace_id
from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Request

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import MethodTypeDef

TEST_INVOKE_STAGE = "test-invoke-stage"


def request_id() -> str:
    """A new x-amzn-RequestId."""
    return identifiers.new_uuid()


def extended_id() -> str:
    """A new x-amz-apigw-id."""
    return identifiers.new_extended_id()


def _not_routed() -> MethodTypeDef:
    """The method of a call whose route is not known yet."""
    return {}


@dataclass
class GatewayCall:
    """`path` is the encoded path below the stage. Route, then authorizer, fill in the rest."""

    request: Request
    api: DeployedApi
    stage: DeployedStage
    path: str
    request_id: str = field(default_factory=request_id)
    extended_id: str = field(default_factory=extended_id)
    seconds: float = field(default_factory=time.time)
    resource: RouteNode | None = None
    method: MethodTypeDef = field(default_factory=_not_routed)
    encoded_path_parameters: Mapping[str, str] = field(default_factory=dict)
    authorizer: Mapping[str, object] | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    integration_milliseconds: int | None = None
    overrides: Overrides = field(default_factory=no_overrides)

    @property
    def is_test_invoke(self) -> bool:
        """Whether this is a test invocation, and no request that came from outside."""
        return self.stage.name == TEST_INVOKE_STAGE

    @property
    def path_parameters(self) -> dict[str, str]:
        """The path's parameters by name, decoded, as templates and mappings see them."""
        return {name: unquote(value) for name, value in self.encoded_path_parameters.items()}

    @property
    def trace_id(self) -> str:
        """X-Ray's trace header for this request; one that the client sent is kept."""
        return trace_id(self.request, self.seconds, self.request_id)

    @property
    def segment(self) -> str:
        """The trace header of the answer: a trace that names no parent gets one."""
        trace = self.trace_id
        return trace if "Parent=" in trace else f"{trace};Parent={self.request_id[-12:]:0>16};Sampled=0"

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's names and values, decoded, in order."""
        return parse_qsl(self.request.query, keep_blank_values=True)

    @property
    def binary(self) -> bool:
        """Whether the request's body is of one of the API's binary media types; that of a test is text."""
        kind = self.request.header("Content-Type") or ""
        return not self.is_test_invoke and is_binary(kind, self.api.binary_types)

    def headers(self) -> dict[str, str]:
        """The request's headers, the last value of each, spelt as sent."""
        return dict(self.request.headers)

    def context(self) -> dict[str, object]:
        """The `$context` of templates, and the requestContext of proxy events."""
        resource = self.resource
        context: dict[str, object] = {
            "resourceId": resource.id if resource else None,
            "resourcePath": resource.path if resource else None,
            "httpMethod": self.request.method,
            "extendedRequestId": self.extended_id,
            "requestTime": request_time(self.seconds),
            "path": self.path if self.is_test_invoke else f"/{self.stage.name}{self.path}",
            "accountId": ACCOUNT,
            "protocol": "HTTP/1.1",
            "stage": self.stage.name,
            "domainPrefix": "testPrefix" if self.is_test_invoke else self.api.id,
            "requestTimeEpoch": int(self.seconds * 1000),
            "requestId": self.request_id,
            "identity": self._identity(),
            "domainName": "testPrefix.testDomainName" if self.is_test_invoke else self.api.domain,
            "deploymentId": self.api.deployment_id,
            "apiId": self.api.id,
        }
        if self.authorizer is not None:
            context["authorizer"] = dict(self.authorizer)
        return context

    def _identity(self) -> dict[str, str | None]:
        return {
            "cognitoIdentityPoolId": None,
            "accountId": None,
            "cognitoIdentityId": None,
            "caller": None,
            "sourceIp": self.request.source_ip,
            "principalOrgId": None,
            "accessKey": None,
            "cognitoAuthenticationType": None,
            "cognitoAuthenticationProvider": None,
            "userArn": None,
            "userAgent": self.request.header("User-Agent"),
            "user": None,
            **self.identity,
        }


def is_binary(content_type: str, binary_types: list[str]) -> bool:
    """Whether a media type is among an API's binaryMediaTypes: it is there itself, by `type/*`, or by `*/*`."""
    plain = content_type.split(";")[0].strip().lower()
    kind, slash, _ = plain.partition("/")
    names = {plain, f"{kind}{slash}*", "*/*"}
    return not names.isdisjoint(_supported(binary_types))


def _supported(binary_types: list[str]) -> set[str]:
    """API Gateway knows the wildcards `type/*` and `*/*`; what begins with any other wildcard matches nothing."""
    lower = {media_type.lower() for media_type in binary_types}
    return {media_type for media_type in lower if not media_type.startswith("*") or media_type == "*/*"}
