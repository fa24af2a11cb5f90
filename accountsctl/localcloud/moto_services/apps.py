"""moto's service APIs as WSGI applications in this process, one per service, called one at a time.

moto's backends are plain objects without locks of their own, so a lock around every call is what keeps
them consistent. Only the services of `SCOPES` are offered: those are the ones whose state is known to come
back after a kill. Anything else is refused.
"""

from __future__ import annotations

import functools
import importlib
import io
import os
import sys
import types
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.contracts.messages import Request, Response

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from moto.core.base_backend import BackendDict

JsonObject = dict[str, Any]
"""A JSON object whose members AWS's API defines, or moto's keyword arguments named after them."""

# SigV4 scope -> moto's package. In the order in which a push needs them.
SCOPES = {
    "s3": "s3",
    "iam": "iam",
    "sts": "sts",
    "cognito-idp": "cognitoidp",
    "cognito-identity": "cognitoidentity",
    "logs": "logs",
    "lambda": "awslambda",
    "secretsmanager": "secretsmanager",
    "kms": "kms",
    "ssm": "ssm",
    "apigateway": "apigateway",
    "monitoring": "cloudwatch",
    "apigatewayv2": "apigatewayv2",
    "ec2": "ec2",
    "rds": "rds",
    "sqs": "sqs",
    "dynamodb": "dynamodb",
    "dynamodbstreams": "dynamodbstreams",
    "sns": "sns",
    "events": "events",
    "states": "stepfunctions",
}

ENVIRONMENT = {
    "MOTO_ACCOUNT_ID": ACCOUNT,
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # 1 MB of images that no one here starts
    "MOTO_DISABLE_GLOBAL_CORS": "true",  # otherwise moto lets any web page read any response
    "MOTO_COGNITO_IDP_USER_POOL_ENABLE_TOTP": "true",  # otherwise any code is a right one
}


def configure() -> None:
    """Set up what must be there before the first import of moto.

    That is its settings, one reader of AWS's models for all sessions, and a stand-in for a library that moto
    imports and we do not need: moto.apigateway imports openapi_spec_validator (0.4 s and pydantic) for
    ImportRestApi and PutRestApi alone; both are our own, see `importing`.
    """
    os.environ.update(ENVIRONMENT)
    _share_models()
    importlib.import_module("accountsctl.localcloud.moto_services.service_models").install()
    for name in ("", ".validation", ".validation.exceptions"):
        module = types.ModuleType(f"openapi_spec_validator{name}")
        module.__dict__.update(__path__=[], validate=_refuse, OpenAPIValidationError=ValueError)
        sys.modules.setdefault(module.__name__, module)


def _share_models() -> None:
    """Every botocore session parses AWS's models again; moto alone makes three of them to list EC2's regions,
    which took a third of its loading time."""
    sessions: Any = importlib.import_module("botocore.session")
    if not hasattr(sessions.create_loader, "cache_info"):
        sessions.create_loader = functools.cache(sessions.create_loader)


def _refuse(*_: object) -> None:
    raise NotImplementedError("OpenAPI documents are not read")


def models(scope: str) -> types.ModuleType:
    """moto's models of a service."""
    return importlib.import_module(f"moto.{SCOPES[scope]}.models")


def backends(scope: str) -> BackendDict[Any]:
    """moto's table of a service: account -> region (or partition) -> backend, whose class the scope decides."""
    table: BackendDict[Any] = getattr(models(scope), f"{SCOPES[scope].removeprefix('aws')}_backends")
    return table


def tables() -> dict[str, BackendDict[Any]]:
    """moto's tables of all services, by scope."""
    return {scope: backends(scope) for scope in SCOPES}


class Apps:
    """A WSGI application per service, built on first use."""

    def __init__(self) -> None:
        self._built: dict[str, WSGIApplication] = {}

    def build(self, scope: str) -> WSGIApplication:
        if scope not in self._built:
            server = importlib.import_module("moto.moto_server.werkzeug_app")
            name = "lambda" if scope == "lambda" else SCOPES[scope]
            self._built[scope] = server.create_backend_app(_SERVICE_NAMES.get(name, name))
        return self._built[scope]

    def call(self, scope: str, request: Request, region: str) -> Response:
        """Pass one request through moto; what moto raises passes through."""
        heads: list[tuple[str, list[tuple[str, str]]]] = []

        def start(status: str, headers: list[tuple[str, str]], _: object = None, /) -> Any:
            heads.append((status, headers))

        if scope == "dynamodb" and (request.header("X-Amz-Target") or "").startswith("DynamoDBStreams"):
            scope = "dynamodbstreams"  # the same signature, another host
        parts = self.build(scope)(_environ(request, region, scope), start)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        # WSGI lets an application start its response again after an error: the last start counts.
        status, headers = heads[-1]
        return Response(int(status[:3]), tuple(headers), body)


_FORM = "application/x-www-form-urlencoded"
_SERVICE_NAMES = {"cognitoidp": "cognito-idp", "cognitoidentity": "cognito-identity"}


def _environ(request: Request, region: str, scope: str) -> WSGIEnvironment:
    """The WSGI environment. moto reads the region from the signature, so a call without one is given it."""
    preserved = importlib.import_module("moto.core.request")
    target = f"{request.path}?{request.query}" if request.query else request.path
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "REQUEST_URI": target,
        "RAW_URI": target,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": request.source_ip,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=UNSIGNED/20000101/{region}/{scope}/aws4_request",
    }
    names: dict[str, str] = {}
    environ[preserved.PRESERVED_HEADER_NAMES_ENVIRON_KEY] = names
    for name, key, value in _headers(request):
        if "_" in name:
            names.setdefault(key, name)
        environ[key] = value
    if scope == "s3" and request.method == "PUT" and environ.get("CONTENT_TYPE", "").startswith(_FORM):
        environ["CONTENT_TYPE"] = (
            "binary/octet-stream"  # otherwise moto takes the object for a form, and loses it
        )
    return environ


def _headers(request: Request) -> Iterator[tuple[str, str, str]]:
    """The name as it was sent, its WSGI key, and the value.

    In WSGI an underscore stands for a dash, so only names of S3's metadata may contain underscores.
    """
    for name, value in request.headers:
        lower = name.lower()
        if lower in ("content-length", "transfer-encoding", "user-agent", "x-moto-account-id"):
            continue
        if "_" in name and not lower.startswith("x-amz-meta-"):
            continue
        key = lower.upper().replace("-", "_")
        yield name, key if key == "CONTENT_TYPE" else f"HTTP_{key}", value
