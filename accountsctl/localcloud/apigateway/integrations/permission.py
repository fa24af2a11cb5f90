"""Whether a function's resource policy lets API Gateway invoke it for one request."""

from __future__ import annotations

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, PolicyDocument
from accountsctl.localcloud.contracts.resource_policies import Access, allows

SERVICE = "apigateway.amazonaws.com"


def source_arn(call: GatewayCall) -> str:
    """The ARN that API Gateway names itself by when it invokes a function for `call`."""
    path = call.resource.path if call.resource else "/"
    return (
        f"arn:{PARTITION}:execute-api:{call.api.region}:{ACCOUNT}:"
        f"{call.api.id}/{call.stage.name}/{call.request.method}{path}"
    )


def allowed(policy: PolicyDocument | None, source: str) -> bool:
    """Whether the function's policy allows it."""
    return allows(policy, Access(SERVICE, "lambda:InvokeFunction", None, source))
