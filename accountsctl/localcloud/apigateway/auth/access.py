"""Decide whether a request may call its method, by the method's authorization and the API's resource policy.

Source: AWS's "How API Gateway resource policies affect authorization workflow". With NONE and Cognito, a
resource policy must allow the call if there is one. With a Lambda authorizer or IAM, the resource policy or the
authorizer's or signer's policy must allow it. A Deny in either ends the request.
"""

from __future__ import annotations

import json

from accountsctl.localcloud.apigateway.auth import authorizers, iam
from accountsctl.localcloud.apigateway.auth.lambda_authorizers import LambdaAuthorizers
from accountsctl.localcloud.apigateway.auth.policies import ACTION, HIDDEN, PolicyDecision, judge, method_arn
from accountsctl.localcloud.apigateway.call import GatewayCall
from accountsctl.localcloud.apigateway.errors import GatewayError, denied
from accountsctl.localcloud.contracts.lookups import Lookups, Signer
from accountsctl.localcloud.contracts.policy_documents import PolicyDocument

USER = "User is not authorized to access this resource"
EXPLICIT = " with an explicit deny"


def authorize(call: GatewayCall, lookups: Lookups, functions: LambdaAuthorizers) -> None:
    """Add the caller's identity to `call`; GatewayError if it is not allowed."""
    policy = _resource_policy(call)
    match call.method.get("authorizationType"):
        case "COGNITO_USER_POOLS":
            authorizer = call.api.authorizers[call.method["authorizerId"]]
            call.authorizer = authorizers.cognito(call, authorizer, lookups)
            _require(call, policy, None)
        case "AWS_IAM":
            _signed(call, policy, iam.iam(call, call.api.region, lookups))
        case "CUSTOM":
            _custom(call, policy, functions)
        case _:
            _require(call, policy, None)


def _signed(call: GatewayCall, policy: PolicyDocument | None, caller: Signer) -> None:
    """The signer's own policies together with the API's; the account itself needs none."""
    decisions = [] if policy is None else [judge(policy, call, caller.arn)]
    decisions += [judge(document, call, caller.arn) for document in caller.policies or ()]
    limit = PolicyDecision.ALLOW if caller.boundary is None else judge(caller.boundary, call, caller.arn)
    if PolicyDecision.DENY in (*decisions, limit):
        raise _refused(call, caller.arn, explicit=True)
    allowed = PolicyDecision.ALLOW in decisions and limit is PolicyDecision.ALLOW
    if caller.policies is not None and not allowed:
        raise _refused(call, caller.arn, explicit=False)


def _custom(call: GatewayCall, policy: PolicyDocument | None, functions: LambdaAuthorizers) -> None:
    resource = PolicyDecision.SILENT if policy is None else judge(policy, call)
    if resource is PolicyDecision.DENY:
        raise _refused(call, None, explicit=True)
    grant = functions.grant(call, call.api.authorizers[call.method["authorizerId"]])
    decision = judge(grant.policy, call)
    if decision is PolicyDecision.DENY:
        raise denied(USER + EXPLICIT)
    if decision is PolicyDecision.SILENT and resource is PolicyDecision.SILENT:
        raise denied(USER)
    call.authorizer = grant.context
    if grant.api_key is not None:
        call.identity = {**call.identity, "apiKey": grant.api_key}


def _resource_policy(call: GatewayCall) -> PolicyDocument | None:
    text = call.api.settings.get("policy")
    return json.loads(text) if text else None


def _require(call: GatewayCall, policy: PolicyDocument | None, caller: str | None) -> None:
    if policy is None:
        return
    decision = judge(policy, call, caller)
    if decision is not PolicyDecision.ALLOW:
        raise _refused(call, caller, explicit=decision is PolicyDecision.DENY)


def _refused(call: GatewayCall, caller: str | None, *, explicit: bool) -> GatewayError:
    """The error as API Gateway words it, with only the last four digits of the account."""
    message = f"User: {caller or 'anonymous'} is not authorized to perform: {ACTION} on resource: "
    return denied(message + method_arn(call, HIDDEN) + (EXPLICIT if explicit else ""))
