"""What a call to a service API is: its operation's name if the request states it, and whether it only reads."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services import alarms, http_apis
from accountsctl.localcloud.moto_services.errors import not_imitated

_READS = re.compile(
    r"(Describe|List|Get|Head|BatchGet|Lookup|Search|Validate|Simulate|Filter|Estimate)[A-Z].*"
    r"|Query|Scan"
)
# Their names say that they read, but they issue tokens or register an identity.
_READ_NAMES_THAT_WRITE = {"GetTokensFromRefreshToken", "GetId", "GetOpenIdToken", "GetCredentialsForIdentity"}


def operation(request: Request) -> str:
    """The action of the query and JSON protocols; "" for REST, whose method and path say it."""
    target = request.header("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    form = request.header("Content-Type") or ""
    if form.startswith("application/x-www-form-urlencoded") and request.path == "/":
        return parse_qs(request.body.decode("latin-1")).get("Action", [""])[0]
    return parse_qs(request.query).get("Action", [""])[0] if "Action=" in request.query else ""


def reads(request: Request) -> bool:
    """Whether the call changes nothing, so that nothing has to be saved."""
    name = operation(request)
    if name:
        return name not in _READ_NAMES_THAT_WRITE and _READS.fullmatch(name) is not None
    return request.method in ("GET", "HEAD", "OPTIONS")


_UNSUPPORTED_PATHS = (
    ("lambda", "POST", r"/2014-11-13/functions/[^/]+/invoke-async/?", "InvokeAsync"),
    ("lambda", "POST", r"/2021-11-15/functions/.*", "response streaming"),
    ("lambda", "POST", r"/2015-03-31/functions/[^/]+/invocations/?", "this way to invoke a function"),
)
_UNSUPPORTED_ACTIONS = {
    "cognito-identity": (
        "GetOpenIdToken",
        "GetOpenIdTokenForDeveloperIdentity",
    ),
    "dynamodb": (
        *("BatchExecuteStatement", "ExecuteStatement", "ExecuteTransaction"),
        *("DescribeExport", "DescribeImport", "ExportTableToPointInTime", "ImportTable"),
        *("ListExports", "ListImports"),
    ),
    "events": (
        *("CreateApiDestination", "CreateArchive", "CreateConnection", "CreatePartnerEventSource"),
        *("PutPartnerEvents", "StartReplay"),
    ),
    "sns": ("CreatePlatformApplication", "CreatePlatformEndpoint"),
    "rds": ("RestoreDBClusterToPointInTime", "RestoreDBClusterFromS3"),
}


def refusal_of(scope: str, request: Request) -> Response | None:
    """501 for an operation that moto accepts without doing it; None for any other."""
    for service, method, path, what in _UNSUPPORTED_PATHS:
        if scope == service and request.method == method and re.fullmatch(path, request.path):
            return not_imitated(scope, what, request)
    if scope == alarms.SCOPE and operation(request) not in alarms.PLAYED:
        return not_imitated(scope, operation(request) or request.path, request)
    if scope == http_apis.SCOPE:
        return http_apis.refusal_of(request)
    name = operation(request)
    if (scope, name) == ("iam", "CreateUser") and b"PermissionsBoundary=" in request.body:
        return not_imitated(scope, "the permissions boundary of a user", request)
    if name in _UNSUPPORTED_ACTIONS.get(scope, ()):
        return not_imitated(scope, name, request)
    return None
