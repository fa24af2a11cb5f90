"""Lambda's data plane: Invoke, on sandboxes that stay warm between calls (see `pools`)."""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.contracts.event_sources import QueuedInvocation
from accountsctl.localcloud.contracts.function_names import (
    LATEST,
    FunctionNameFault,
    name_and_qualifier,
    named_function,
)
from accountsctl.localcloud.contracts.invocation_logs import InvocationLog
from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, FunctionConfig, Invocation, Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.lambdas import errors
from accountsctl.localcloud.lambdas.concurrency import ReservedConcurrency
from accountsctl.localcloud.lambdas.debugging import Debugging
from accountsctl.localcloud.lambdas.environment import CloudAccess, command
from accountsctl.localcloud.lambdas.errors import InvokeError
from accountsctl.localcloud.lambdas.logs import TAIL, Logs
from accountsctl.localcloud.lambdas.node_sdk import Install, NodeSdk, npm_install, store
from accountsctl.localcloud.lambdas.pools import FunctionPools

INVOKE = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
# CreateFunction, UpdateFunctionCode
NEW_CODE = re.compile(r"^/2015-03-31/functions(?:/[^/]+/code)?/?$")
NAME = re.compile(
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_\.]+)"
    r"(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)
"""Lambda's pattern of a function's name."""
MAX_SYNC = 6 * 1024 * 1024
MAX_ASYNC = 1024 * 1024
EVENT_WORKERS = 2


class Functions:
    """Runs functions. `access` returns how they reach the embedded cloud; `data` holds code and logs.

    `install` installs a package of the AWS SDK that Lambda's Node runtimes carry.
    """

    def __init__(
        self, lookups: Lookups, access: Callable[[], CloudAccess], data: Path, install: Install = npm_install
    ) -> None:
        self._lookups = lookups
        self.debugging = Debugging(lookups, lambda function: self._pools.pool(function).warm())
        self._pools = FunctionPools(access, data / "code", NodeSdk(store(), install), self.debugging)
        self._concurrency = ReservedConcurrency()
        self._logs = Logs(data / "logs")
        self._events = ThreadPoolExecutor(EVENT_WORKERS, thread_name_prefix="lambda-event")
        self.invoke_later: Callable[[Sequence[QueuedInvocation]], None] = self._invoke_soon
        """Takes over asynchronous invocations: their retries and destinations are not ours."""
        self.use: Callable[[], AbstractContextManager[None]] = nullcontext
        """Tells that the cloud is used while a function runs."""
        self.logged: Callable[[InvocationLog], None] = lambda _: None
        """Gets the log of each invocation."""

    def invoke(self, function: FunctionConfig, payload: bytes) -> Invocation:
        """Run `function` once. A refusal (no runtime here, all busy) is an Unhandled error too."""
        try:
            return self._run(function, payload, None)
        except InvokeError as refusal:
            self._logs.append(function.name, f"[ERROR] {refusal.kind}: {refusal.message}\n".encode())
            failure = {"errorType": refusal.kind, "errorMessage": refusal.message}
            return Invocation(json.dumps(failure).encode(), "Unhandled", b"", "")

    def held(self, function: FunctionConfig) -> bool:
        """Whether a debugger is connected to `function`."""
        return self.debugging.attached(function)

    def handle(self, request: Request, region: str) -> Response:
        """The Invoke API (2015-03-31): RequestResponse, Event, DryRun."""
        try:
            return self._invoke_api(request, region)
        except InvokeError as refusal:
            return refusal.response()

    def observe(self, request: Request, response: Response, region: str) -> None:
        """Prepare newly uploaded code: install what its runtime brings, so that the first call need not wait."""
        if request.method in ("POST", "PUT") and NEW_CODE.match(request.path) and response.status < 300:
            function = self._lookups.function(json.loads(response.body)["FunctionArn"], region)
            if function is not None:
                self._events.submit(self._pools.prepare, function).add_done_callback(_raise_bug)

    def close(self) -> None:
        """End every sandbox. Calls under way fail; later ones are refused."""
        self.debugging.close()
        self._pools.close()
        self._events.shutdown(cancel_futures=True)
        self._logs.close()

    def _invoke_api(self, request: Request, region: str) -> Response:
        name = INVOKE.match(request.path)
        if name is None:
            raise InvokeError(404, "UnknownOperationException", f"{request.path} is not an Invoke request.")
        function = self._function(unquote(name[1]), request.query, region)
        kind = request.header("X-Amz-Invocation-Type") or "RequestResponse"
        if kind == "Event" and len(request.body) > MAX_ASYNC:
            raise errors.too_large_event(len(request.body), MAX_ASYNC)
        payload = _payload(request.body, MAX_SYNC)
        command(function)  # refused before an Event is accepted
        match kind:
            case "DryRun":
                return Response(204)
            case "Event":
                self.invoke_later([QueuedInvocation(_reference(function, request), payload.decode())])
                return Response(202)
            case "RequestResponse":
                return self._synchronous(function, payload, request)
            case _:
                raise InvokeError(400, "InvalidParameterValueException", f"Unknown invocation type {kind}.")

    def _invoke_soon(self, invocations: Sequence[QueuedInvocation]) -> None:
        """Invoke each function once."""
        for invocation in invocations:
            function = self._lookups.function(invocation.function_arn, invocation.function_arn.split(":")[3])
            if function is not None:
                run = self._events.submit(self.invoke, function, invocation.payload.encode())
                run.add_done_callback(_raise_bug)

    def _synchronous(self, function: FunctionConfig, payload: bytes, request: Request) -> Response:
        invocation = self._run(function, payload, _client_context(request.header("X-Amz-Client-Context")))
        headers = [
            ("Content-Type", "application/json"),
            ("x-amzn-RequestId", invocation.request_id),
            ("X-Amz-Executed-Version", function.version),
        ]
        if invocation.error is not None:
            headers.append(("X-Amz-Function-Error", invocation.error))
        if request.header("X-Amz-Log-Type") == "Tail":
            headers.append(("X-Amz-Log-Result", base64.b64encode(invocation.log_tail).decode()))
        return Response(200, tuple(headers), invocation.payload)

    def _function(self, name: str, query: str, region: str) -> FunctionConfig:
        plain, qualifier = _named(name, parse_qs(query).get("Qualifier", [""])[0], region)
        reference = plain if qualifier == LATEST else f"{plain}:{qualifier}"
        function = self._lookups.function(reference, region)
        if function is None:
            raise errors.not_found(f"arn:{PARTITION}:lambda:{region}:{ACCOUNT}:function:{plain}:{qualifier}")
        return function

    def _run(self, function: FunctionConfig, payload: bytes, client_context: str | None) -> Invocation:
        reserved = self._concurrency.invocation(function)
        with self.use(), reserved, self._pools.pool(function).sandbox() as sandbox:
            run = sandbox.invoke(payload, client_context, function.invoked_arn or None)
        self._logs.append(function.name, run.log)
        ended = time.time()
        self.logged(InvocationLog(function, run.stream, ended - run.seconds, ended, run.log))
        error = "Unhandled" if run.failed else None
        return Invocation(run.payload, error, run.log[-TAIL:], run.request_id)


def _named(text: str, qualifier: str, region: str) -> tuple[str, str]:
    """The function's name and the version or alias of it that an Invoke request names."""
    if not NAME.fullmatch(text):
        raise errors.bad_name(text, NAME.pattern)
    try:
        name, version = named_function(text, qualifier, region)
    except FunctionNameFault as fault:
        raise InvokeError(fault.status, fault.kind, str(fault)) from None
    return name, version or LATEST


def is_event(request: Request) -> bool:
    """Whether the request is an asynchronous invocation."""
    return request.header("X-Amz-Invocation-Type") == "Event"


def _reference(function: FunctionConfig, request: Request) -> str:
    """The function's ARN, with the version or alias that the request names."""
    name = INVOKE.match(request.path)
    named = name_and_qualifier(unquote(name[1]))[1] if name else ""
    qualifier = parse_qs(request.query).get("Qualifier", [named])[0]
    plain = ":".join(function.arn.split(":")[:7])
    return f"{plain}:{qualifier}" if qualifier and qualifier != LATEST else plain


def _client_context(sent: str | None) -> str | None:
    """The client context as the runtime gets it: JSON, which is sent as base64."""
    if not sent:
        return None
    try:
        context = json.loads(base64.b64decode(sent, validate=True))
    except ValueError:
        raise errors.bad_client_context() from None
    if not isinstance(context, dict):
        raise errors.bad_client_context()
    return json.dumps(context)


def _raise_bug(done: Future[None] | Future[Invocation]) -> None:
    """Raise the bug of a call whose result no one reads, so that concurrent.futures logs it."""
    if not done.cancelled():
        done.result()


def _payload(body: bytes, limit: int) -> bytes:
    if len(body) > limit:
        raise errors.too_large(limit)
    if not body:
        return b"{}"
    try:
        json.loads(body)
    except ValueError as reason:
        raise errors.not_json(str(reason)) from None
    return body
