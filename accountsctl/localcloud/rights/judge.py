"""Whether a caller's policies allow what a call needs, and AWS's words if they do not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
"""

from __future__ import annotations

import json
from collections.abc import Callable

from accountsctl.localcloud.contracts.dispatch import ServiceTarget
from accountsctl.localcloud.contracts.lookups import PolicyDocument, Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.resource_policies import PolicyVerdict, verdict
from accountsctl.localcloud.moto_services.errors import refusal
from accountsctl.localcloud.rights.attached import combined, within_boundary
from accountsctl.localcloud.rights.need import NO_RESOURCE, Need
from accountsctl.localcloud.rights.needs import needs

FindSecret = Callable[[str, str], str]
FindPolicy = Callable[[str], str]
MANY = 2_000
_CODES = {
    "s3": (403, "AccessDenied"),
    "sqs": (403, "AccessDenied"),
    "sns": (403, "AuthorizationError"),
    "ec2": (403, "UnauthorizedOperation"),
    "lambda": (403, "AccessDeniedException"),
    "rds-data": (403, "AccessDeniedException"),
    "apigateway": (403, "AccessDeniedException"),
    "apigatewayv2": (403, "AccessDeniedException"),
    "cloudformation": (403, "AccessDenied"),
    "iam": (403, "AccessDenied"),
    "sts": (403, "AccessDenied"),
    "rds": (403, "AccessDenied"),
    "monitoring": (403, "AccessDenied"),
}
_BY_BOUNDARY = {
    PolicyVerdict.DENIED: "with an explicit deny in a permissions boundary",
    PolicyVerdict.SILENT: "because no permissions boundary allows the {} action",
}
_OTHERS = (400, "AccessDeniedException")


class Rights:
    """Judges calls by the policies of their callers and of what they name.

    `find_secret` finds a secret's ARN by its name and its region, `find_policy` the policy that is attached to the
    resource of an ARN, as JSON text.
    """

    def __init__(self, find_secret: FindSecret, find_policy: FindPolicy) -> None:
        self._find_secret = find_secret
        self._find_policy = find_policy
        self._known: dict[tuple[str, Need], tuple[Signer, str, PolicyVerdict]] = {}

    def refuses(self, request: Request, where: ServiceTarget, signer: Signer) -> Response | None:
        """The refusal of a call that the signer has no right to; None if there is nothing against it."""
        if signer.policies is None:
            return None
        for need in needs(request, where, self._find_secret):
            attached = self._find_policy(need.resource or "") if _is_named(need) else ""
            found = self._verdict(signer, need, attached)
            if found is not PolicyVerdict.ALLOWED:
                status, code = _CODES.get(where.scope, _OTHERS)
                return refusal(where.scope, status, code, _words(signer, need, found, attached), request)
        return None

    def _verdict(self, signer: Signer, need: Need, attached: str) -> PolicyVerdict:
        """Signers are looked up again when a policy may have changed: the same one has the same rights."""
        key = (signer.arn, need)
        known = self._known.get(key)
        if known is not None and known[0] is signer and known[1] == attached:
            return known[2]
        found = combined(signer, need, _document(attached))
        if len(self._known) >= MANY:
            self._known.clear()  # resources come from requests, and may be of any number
        self._known[key] = (signer, attached, found)
        return found


def _is_named(need: Need) -> bool:
    """Whether the call is of one resource, by its ARN."""
    return need.resource not in (None, NO_RESOURCE)


def _document(attached: str) -> PolicyDocument:
    """A policy that cannot be read says nothing: its service refuses to take such a one."""
    try:
        document = json.loads(attached or "{}")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _words(signer: Signer, need: Need, found: PolicyVerdict, attached: str) -> str:
    own = verdict(signer.policies or (), need.action, need.resource)
    if found is within_boundary(signer, need) and (
        found is PolicyVerdict.DENIED or own is PolicyVerdict.ALLOWED
    ):
        by_boundary = _BY_BOUNDARY.get(found)
        if by_boundary:
            return _refused(signer, need, by_boundary.format(need.action))
    side = "resource" if attached and own is PolicyVerdict.ALLOWED else "identity"
    if found is PolicyVerdict.DENIED and own is not PolicyVerdict.DENIED:
        side = "resource"
    article = "an" if side == "identity" else "a"
    reason = {
        PolicyVerdict.DENIED: f"with an explicit deny in {article} {side}-based policy",
        PolicyVerdict.SILENT: f"because no {side}-based policy allows the {need.action} action",
        PolicyVerdict.UNCLEAR: (
            f"because a policy that decides on the {need.action} action has a condition that the embedded cloud does "
            "not evaluate"
        ),
    }[found]
    return _refused(signer, need, reason)


def _refused(signer: Signer, need: Need, reason: str) -> str:
    resource = f" on resource: {need.resource}" if _is_named(need) else ""
    return f"User: {signer.arn} is not authorized to perform: {need.action}{resource} {reason}"
