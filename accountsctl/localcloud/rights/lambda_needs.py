"""What a call to Lambda needs. Lambda's operations are known by method and path.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.rights.need import Need

_FUNCTION = re.compile(r"/\d{4}-\d{2}-\d{2}/functions/(?P<name>[^/]+)(?P<rest>/.*)?")
_OPERATIONS = {
    ("POST", "/invocations"): "InvokeFunction",
    ("GET", ""): "GetFunction",
    ("DELETE", ""): "DeleteFunction",
    ("GET", "/configuration"): "GetFunctionConfiguration",
    ("PUT", "/configuration"): "UpdateFunctionConfiguration",
    ("PUT", "/code"): "UpdateFunctionCode",
    ("GET", "/policy"): "GetPolicy",
    ("POST", "/policy"): "AddPermission",
    ("GET", "/versions"): "ListVersionsByFunction",
    ("POST", "/versions"): "PublishVersion",
    ("GET", "/aliases"): "ListAliases",
    ("POST", "/aliases"): "CreateAlias",
    ("GET", "/url"): "GetFunctionUrlConfig",
}


def needs(request: Request, region: str) -> list[Need]:
    """The operation on the function, with the version or alias that is named. Of others only the service is known."""
    found = _FUNCTION.fullmatch(request.path.rstrip("/"))
    if found is None:
        listed = request.method == "GET" and request.path.rstrip("/").endswith("/functions")
        return [Need("lambda:ListFunctions" if listed else "lambda:*", None)]
    action = _OPERATIONS.get((request.method, found["rest"] or ""))
    name = unquote(found["name"])
    if not name.startswith("arn:"):
        # ``ACCOUNT:function:NAME`` names a function too.
        name = f"arn:{PARTITION}:lambda:{region}:{ACCOUNT}:function:{name.rpartition('function:')[2]}"
    qualifier = parse_qs(request.query).get("Qualifier", [""])[-1]
    resource = f"{name}:{qualifier}" if qualifier and name.count(":") == 6 else name
    return [Need(f"lambda:{action}", resource) if action else Need("lambda:*", None)]
