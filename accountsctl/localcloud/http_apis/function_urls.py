"""Function URLs: HTTP straight to a function, for everyone whom its policy lets in, or for signed requests.

https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Protocol

from accountsctl.localcloud.contracts.function_urls import FunctionUrl, FunctionUrls
from accountsctl.localcloud.contracts.lookups import ACCOUNT, Invoker, Lookups, PolicyDocument, Signer
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.contracts.policy_documents import (
    Statement,
    covers,
    is_allowed,
    listed,
    statements,
)
from accountsctl.localcloud.contracts.requests import (
    AnsweredRequest,
    EndpointKind,
    MeasuredEndpoint,
    NoRecorder,
    RequestRecorder,
)
from accountsctl.localcloud.http_apis import payloads
from accountsctl.localcloud.http_apis.call import HttpCall
from accountsctl.localcloud.http_apis.cors import with_cors
from accountsctl.localcloud.http_apis.signed import SignedCaller, caller_of

SERVICE = "lambda"
LARGEST = 6 * 1024 * 1024
ACTIONS = ("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")
"""A caller needs both: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"""
MALFORMED = "The response of the function is not in the format that its URL expects."
FORBIDDEN = (
    "Forbidden. For troubleshooting Function URL authorization issues, see: "
    "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"
)


class UrlLookups(Lookups, FunctionUrls, Protocol):
    """Finds function URLs, and who signs."""


class FunctionUrlService:
    """Serves the URLs. `now` returns seconds since the epoch; `recorder` is given what each URL has answered."""

    def __init__(
        self,
        lookups: UrlLookups,
        invoker: Invoker,
        now: Callable[[], float] = time.time,
        recorder: RequestRecorder | None = None,
    ) -> None:
        self._lookups = lookups
        self._invoker = invoker
        self._now = now
        self._recorder = recorder or NoRecorder()

    def handle(self, request: Request, url_id: str, path: str) -> Response:
        """One request to a URL."""
        url = self._lookups.function_url(url_id)
        if url is None:
            return _error(403, "AccessDeniedException", FORBIDDEN)
        return with_cors(url.cors, request, 200, lambda: self._answer(request, url, path))

    def _answer(self, request: Request, url: FunctionUrl, path: str) -> Response:
        caller: SignedCaller | None = None
        if url.auth == "AWS_IAM":
            caller = caller_of(request, SERVICE, url.function.region, self._lookups, self._now())
            if caller is None:
                return _error(403, "AccessDeniedException", FORBIDDEN)
        if not permitted(url, caller.signer if caller else None):
            return _error(403, "AccessDeniedException", FORBIDDEN)
        call = HttpCall(
            request,
            path,
            url.id,
            url.host,
            "anonymous" if caller is None else ACCOUNT,
            authorizer=None if caller is None else {"iam": caller.context()},
        )
        payload = json.dumps(payloads.event(call)).encode()
        if len(payload) > LARGEST:
            return _error(413, "RequestEntityTooLargeException", "Request must be smaller than 6291456 bytes")
        done, why = self._invoker.invoke(url.function, payload), None
        try:
            if done.error is not None:
                why = f"The function failed: {payloads.error_of(done.payload)}."
                raise payloads.MalformedAnswer
            response = payloads.response(done.payload)
        except payloads.MalformedAnswer:
            response = Response(502, (("Content-Type", "application/json"),), b"Internal Server Error")
            self._record(call, url, 502, why or MALFORMED)
            return response
        self._record(call, url, response.status)
        marks = (("x-amzn-RequestId", call.request_id), ("X-Amzn-Trace-Id", call.trace_id))
        return Response(response.status, (*marks, *response.headers), response.body)

    def _record(self, call: HttpCall, url: FunctionUrl, status: int, why: str | None = None) -> None:
        endpoint = MeasuredEndpoint(EndpointKind.URL, url.function.region, url.id, url.function.name)
        route = (call.request.method, call.route_key, call.path)
        self._recorder.record(AnsweredRequest(endpoint, *route, status, call.request_id, why))


def permitted(url: FunctionUrl, caller: Signer | None) -> bool:
    """Whether the function's policy, or the caller's own, allows both actions, within the role's boundary.

    A Deny in any of them ends it.
    """
    if caller is not None and caller.policies is None:
        return True  # the account itself
    own = [] if caller is None else list(caller.policies or ())
    policies: list[PolicyDocument] = [url.function.policy or {}, *own]
    limits = [policies] if caller is None or caller.boundary is None else [policies, [caller.boundary]]
    return all(_allowed(limit, action, url, caller) for limit in limits for action in ACTIONS)


def _allowed(policies: list[PolicyDocument], action: str, url: FunctionUrl, caller: Signer | None) -> bool:
    return is_allowed(
        statement
        for policy in policies
        for statement in statements(policy)
        if _applies(statement, action, url, caller)
    )


def _applies(statement: Statement, action: str, url: FunctionUrl, caller: Signer | None) -> bool:
    # A statement of a state that was saved by an earlier version has it as AddPermission states it.
    required = statement.get("FunctionUrlAuthType")
    return (
        covers(statement, "Action", action)
        and covers({"Resource": "*", **statement}, "Resource", url.function.invoked_arn or url.function.arn)
        and _is_principal(statement, caller)
        and required in (None, url.auth)
        and _holds(statement, url)
    )


def _holds(statement: Statement, url: FunctionUrl) -> bool:
    """Whether every condition holds of a request to the URL; one about anything else does not."""
    facts = {"lambda:functionurlauthtype": url.auth, "lambda:invokedviafunctionurl": "true"}
    conditions = statement.get("Condition") or {}
    return all(
        operator in ("StringEquals", "Bool")
        and facts.get(key.lower()) in [str(value) for value in listed(wanted)]
        for operator, tests in conditions.items()
        for key, wanted in tests.items()
    )


def _is_principal(statement: Statement, caller: Signer | None) -> bool:
    if "Principal" not in statement:
        return caller is not None  # a policy of the caller's own
    principal = statement["Principal"]
    named = listed(principal.get("AWS", []) if isinstance(principal, dict) else principal)
    account = (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root")
    return "*" in named or (
        caller is not None and any(name == caller.arn or name in account for name in named)
    )


def _error(status: int, kind: str, message: str) -> Response:
    body = json.dumps({"Message": message}).encode()
    return Response(status, (("Content-Type", "application/json"), ("x-amzn-ErrorType", kind)), body)
