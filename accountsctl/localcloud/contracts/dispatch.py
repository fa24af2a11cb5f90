"""Which service a request is for, read from its signature's credential scope and from its path.

AWS gives every service a host of its own; on one loopback port the SigV4 scope
(``AKID/date/region/service/aws4_request``) tells them apart. The server verifies the signature (see
`server.authentication`). What a web page could send without a preflight is refused besides: a request
that carries ``Origin`` reaches API Gateway's data plane and Cognito's public calls, no more.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.contracts.messages import Request, Response

INTERNAL = "INTERNAL"
Service = Literal[
    "cloudformation",
    "control",
    "custom-response",
    "daemon",
    "data-api",
    "function-url",
    "gateway",
    "invoke",
    "unknown",
    "wait-signal",
]

_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request", re.IGNORECASE)
_EXECUTE = re.compile(r"/_aws/execute-api/([^/]+)/+([^/]+)(/.*)?")
_EXECUTE_HOST = re.compile(r"([a-z0-9]+)\.execute-api\.[^:]+(:\d+)?", re.IGNORECASE)
_URL = re.compile(r"/_aws/lambda-url/([a-z0-9]+)(/.*)?")
_URL_HOST = re.compile(r"([a-z0-9]+)\.lambda-url\.[^:]+(:\d+)?", re.IGNORECASE)
_INVOKE = re.compile(r"/2015-03-31/functions/[^/]+/invocations")
_WELL_KNOWN = re.compile(r"/[\w-]+_[A-Za-z0-9]+/\.well-known/(jwks\.json|openid-configuration)")
OWN_PATHS = "/_aws/"
CUSTOM_RESPONSES = "/_aws/cloudformation-response/"
"""The URLs by which the functions of custom resources answer; each carries a secret, and is not signed."""
FUNCTION_URL = "/_aws/lambda-url/"
FUNCTION_CODE = "/_aws/lambda-code/"
"""Where the code of functions is read, by its hash; AWS signs such a URL."""
WAIT_SIGNALS = "/_aws/cloudformation-waitcondition/"
"""The URLs of wait condition handles; each carries a secret, and is not signed."""
REQUESTED_HEADERS = "Access-Control-Request-Headers"
LARGEST_UNSIGNED = (
    10 * 1024 * 1024 + 1
)  # bytes: one more than API Gateway takes, so that it can refuse the rest
LARGEST_SIGNED = 1 << 30  # objects of S3
_PUBLIC_TARGETS = ("AWSCognitoIdentityProviderService.", "AWSCognitoIdentityService.")


@dataclass(frozen=True)
class ServiceTarget:
    """Where a request goes. `api`, `stage` and `path` are filled for the gateway alone."""

    service: Service
    region: str = "us-east-1"
    scope: str = ""
    access_key: str = ""
    api: str = ""
    stage: str = ""
    path: str = ""


def target(request: Request) -> ServiceTarget:
    """The service, the region and the caller of a request."""
    if request.path.startswith("/_accountsctl/"):
        return ServiceTarget("daemon")
    if request.path.startswith(CUSTOM_RESPONSES):
        return ServiceTarget("custom-response")
    if request.path.startswith(WAIT_SIGNALS):
        return ServiceTarget("wait-signal")
    if request.path.startswith(FUNCTION_CODE):
        return ServiceTarget("control", scope="lambda")
    called = _gateway(request) or _function_url(request)
    if called:
        return called
    sent = request.header("Authorization") or ""
    signed = _by_scope(_credential(sent), request.path) or _by_scope(sent, request.path)
    return signed or _by_query_scope(request) or _unsigned(request)


def _credential(sent: str) -> str:
    """The part of an Authorization header that is the same all day; the signature differs with each request."""
    _, found, rest = sent.partition("Credential=")
    return found + rest.partition(",")[0]


@lru_cache(maxsize=256)
def _by_scope(credential: str, path: str) -> ServiceTarget | None:
    found = _SCOPE.search(credential)
    if not found:
        return None
    key, region, scope = found[1], found[2], found[3].lower()
    if scope == "apigateway" and path.startswith("/v2/"):
        scope = "apigatewayv2"  # API Gateway v2 signs as the first one does
    return ServiceTarget(_signed(scope, path), region, scope, key)


def _signed(scope: str, path: str) -> Service:
    if scope == "cloudformation":
        return "cloudformation"
    if scope == "rds-data":
        return "data-api"
    if scope == "lambda" and _INVOKE.fullmatch(path):
        return "invoke"
    return "control"


def _by_query_scope(request: Request) -> ServiceTarget | None:
    if "X-Amz-Credential=" not in request.query:
        return None
    values = parse_qs(request.query).get("X-Amz-Credential", [""])
    return _by_scope(f"Credential={values[0]}", request.path)


def _unsigned(request: Request) -> ServiceTarget:
    if _WELL_KNOWN.fullmatch(request.path):
        return ServiceTarget("control", scope="cognito-idp")
    operation = request.header("X-Amz-Target") or ""
    if operation.startswith(_PUBLIC_TARGETS) or is_preflight_for_cognito(request):
        idp = not operation.startswith("AWSCognitoIdentityService.")
        return ServiceTarget("control", scope="cognito-idp" if idp else "cognito-identity")
    if re.search(r"(^|&)AWSAccessKeyId=", request.query):
        return ServiceTarget("control", scope="s3")
    return ServiceTarget("unknown")


def _gateway(request: Request) -> ServiceTarget | None:
    """An API's invoke URL: by path on loopback, by host as AWS has it."""
    by_path = _EXECUTE.fullmatch(request.path) if request.path.startswith(OWN_PATHS) else None
    if by_path:
        return _invocation(by_path[1], unquote(by_path[2]), by_path[3] or "/")
    api = _named(_EXECUTE_HOST, request.header("Host") or "")
    if not api:
        return None
    stage, _, rest = request.path.lstrip("/").partition("/")
    return _invocation(api, unquote(stage), "/" + rest)


def _function_url(request: Request) -> ServiceTarget | None:
    """A function's URL: by path on loopback, by host as AWS has it."""
    by_path = _URL.fullmatch(request.path) if request.path.startswith(OWN_PATHS) else None
    if by_path:
        return ServiceTarget("function-url", scope="lambda", api=by_path[1], path=by_path[2] or "/")
    api = _named(_URL_HOST, request.header("Host") or "")
    return ServiceTarget("function-url", scope="lambda", api=api, path=request.path) if api else None


@lru_cache(maxsize=256)
def _named(hosts: re.Pattern[str], host: str) -> str | None:
    """What a host of this kind names by its first part, in lower case; clients send few hosts, with every request."""
    found = hosts.fullmatch(host)
    return found[1].lower() if found else None


def _invocation(api: str, stage: str, path: str) -> ServiceTarget:
    return ServiceTarget("gateway", scope="execute-api", api=api, stage=stage, path=path)


def is_preflight_for_cognito(request: Request) -> bool:
    """A browser asking whether it may send Cognito's JSON calls; they are never signed."""
    if request.method != "OPTIONS" or request.path != "/":
        return False
    requested = (request.header(REQUESTED_HEADERS) or "").lower()
    return "x-amz-target" in requested and "authorization" not in requested


def kept_bytes(request: Request) -> int:
    """How much of a request's body is worth keeping in memory; `request` has no body yet."""
    where = target(request)
    return LARGEST_SIGNED if where.access_key else LARGEST_UNSIGNED


def refuses_page(request: Request, where: ServiceTarget) -> Response | None:
    """403 for a call that a web page may not send (see the module's text); None if it may."""
    if where.service in ("gateway", "function-url") or not _from_page(request):
        return None
    if where.service == "control" and where.scope.startswith("cognito") and not where.access_key:
        return None
    return error(
        403, "AccessDeniedException", "Web pages may call an API and Cognito's public operations only."
    )


def _from_page(request: Request) -> bool:
    """Sent by a page of another origin: Origin, or without it (an image's GET) the Fetch metadata."""
    return request.header("Origin") is not None or request.header("Sec-Fetch-Site") in (
        "cross-site",
        "same-site",
    )


def missing_token(_: Request) -> Response:
    """AWS's response to a call without a signature."""
    return error(403, "MissingAuthenticationTokenException", "Missing Authentication Token")


def error(status: int, kind: str, message: str) -> Response:
    """An error in the shape of AWS's JSON protocols."""
    body = json.dumps({"__type": kind, "message": message}).encode()
    return Response(
        status, (("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-ErrorType", kind)), body
    )
