"""Whether a function's resource policy lets API Gateway invoke it for one request."""

from __future__ import annotations

from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, PolicyDocument
from accountsctl.localcloud.contracts.resource_policies import Access, allows

MANY = 2_000
SERVICE = "apigateway.amazonaws.com"


def source_arn(call: GatewayCall) -> str:
    """The ARN that API Gateway names itself by when it invokes a function for `call`."""
    path = call.resource.path if call.resource else "/"
    return (
        f"arn:{PARTITION}:execute-api:{call.api.region}:{ACCOUNT}:"
        f"{call.api.id}/{call.stage.name}/{call.request.method}{path}"
    )


class Permissions:
    """Judges the policies of functions, and remembers its judgements.

    A function that was looked up again, because a call may have changed it, has another policy object: the same one
    allows the same.
    """

    def __init__(self) -> None:
        self._known: dict[str, tuple[PolicyDocument | None, bool]] = {}

    def allow(self, policy: PolicyDocument | None, source: str) -> bool:
        """Whether the function's policy allows the call that `source_arn` names."""
        known = self._known.get(source)
        if known is not None and known[0] is policy:
            return known[1]
        found = allows(policy, Access(SERVICE, "lambda:InvokeFunction", None, source))
        if len(self._known) >= MANY:
            self._known.clear()  # verbs come from requests, and may be of any number
        self._known[source] = (policy, found)
        return found


allowed = Permissions().allow
