"""What a call to a service API is: its operation's name where the wire tells it, and whether it only reads."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.moto_services.errors import not_imitated

_READS = re.compile(
    r"(Describe|List|Get|Head|BatchGet|Lookup|Search|Validate|Simulate|Filter|Estimate)[A-Z].*"
)
_WRITES_THOUGH = {"GetTokensFromRefreshToken", "GetId", "GetOpenIdToken", "GetCredentialsForIdentity"}


def operation(request: Request) -> str:
    """The action of the query and JSON protocols; "" for REST, whose method tells enough."""
    target = request.header("X-Amz-Target")
    if target:
        return target.rpartition(".")[2]
    form = request.header("Content-Type") or ""
    if form.startswith("application/x-www-form-urlencoded") and request.path == "/":
        return parse_qs(request.body.decode("latin-1")).get("Action", [""])[0]
    return parse_qs(request.query).get("Action", [""])[0] if "Action=" in request.query else ""


def reads(request: Request) -> bool:
    """True where the call changes nothing, so that nothing has to be saved."""
    name = operation(request)
    if name:
        return name not in _WRITES_THOUGH and _READS.fullmatch(name) is not None
    return request.method in ("GET", "HEAD", "OPTIONS")


_REFUSED_PATHS = (
    ("lambda", "POST", r"/2014-11-13/functions/[^/]+/invoke-async/?", "InvokeAsync"),
    ("lambda", "POST", r"/2021-11-15/functions/.*", "response streaming"),
    ("lambda", "POST", r"/2015-03-31/functions/[^/]+/invocations/?", "this way to invoke a function"),
)
_REFUSED_ACTIONS = {
    "rds": ("RestoreDBClusterFromSnapshot", "RestoreDBClusterToPointInTime", "RestoreDBClusterFromS3"),
}


def refused(scope: str, request: Request) -> Response | None:
    """The operations that moto answers without doing them: an answer of 501 instead of a pretence."""
    for service, method, path, what in _REFUSED_PATHS:
        if scope == service and request.method == method and re.fullmatch(path, request.path):
            return not_imitated(scope, what)
    name = operation(request)
    if name in _REFUSED_ACTIONS.get(scope, ()):
        return not_imitated(scope, name)
    return None
