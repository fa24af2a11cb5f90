"""Lambda's data plane: Invoke, on sandboxes that are kept warm.

A function's version is what its sandboxes depend on: the code's hash and the whole configuration. A
changed version gets new sandboxes; the old ones end when they are idle.
"""

from __future__ import annotations

import base64
import contextlib
import json
import re
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.contracts.lookups import ACCOUNT, PARTITION, FunctionConfig, Invocation, Lookups
from accountsctl.localcloud.contracts.messages import Request, Response
from accountsctl.localcloud.lambdas import errors
from accountsctl.localcloud.lambdas.code import unpacked
from accountsctl.localcloud.lambdas.environment import command
from accountsctl.localcloud.lambdas.errors import InvokeError
from accountsctl.localcloud.lambdas.logs import TAIL, Logs
from accountsctl.localcloud.lambdas.node_sdk import Install, NodeSdk, npm_install, store
from accountsctl.localcloud.lambdas.pool import Pool
from accountsctl.localcloud.lambdas.sandbox import Sandbox

INVOKE = re.compile(r"^/2015-03-31/functions/([^/]+)/invocations$")
# CreateFunction, UpdateFunctionCode
NEW_CODE = re.compile(r"^/2015-03-31/functions(?:/[^/]+/code)?/?$")
MAX_SYNC = 6 * 1024 * 1024
MAX_ASYNC = 1024 * 1024
EVENT_WORKERS = 2


class Functions:
    """Runs functions. `endpoint` tells where the embedded cloud listens; `data` holds code and logs.

    `install` gets a package of the AWS SDK that Lambda's Node runtimes carry.
    """

    def __init__(
        self, lookups: Lookups, endpoint: Callable[[], str], data: Path, install: Install = npm_install
    ) -> None:
        self._lookups = lookups
        self._endpoint = endpoint
        self._code = data / "code"
        self._node_sdk = NodeSdk(store(), install)
        self._logs = Logs(data / "logs")
        self._lock = threading.Lock()
        self._pools: dict[str, tuple[Hashable, Pool]] = {}
        self._events = ThreadPoolExecutor(EVENT_WORKERS, thread_name_prefix="lambda-event")
        self._closed = False

    def invoke(self, function: FunctionConfig, payload: bytes) -> Invocation:
        """Run `function` once. A refusal (no runtime here, all busy) is an Unhandled error too."""
        try:
            return self._run(function, payload, None)
        except InvokeError as refusal:
            self._logs.append(function.name, f"{refusal.kind}: {refusal.message}\n".encode())
            told = {"errorType": refusal.kind, "errorMessage": refusal.message}
            return Invocation(json.dumps(told).encode(), "Unhandled", b"", "")

    def handle(self, request: Request, region: str) -> Response:
        """The Invoke API (2015-03-31): RequestResponse, Event, DryRun."""
        try:
            return self._answer(request, region)
        except InvokeError as refusal:
            return refusal.response()

    def observe(self, request: Request, answer: Response, region: str) -> None:
        """New code has come: begin to get what it needs of a runtime, so that the first call need not wait."""
        if request.method in ("POST", "PUT") and NEW_CODE.match(request.path) and answer.status < 300:
            function = self._lookups.function(json.loads(answer.body)["FunctionArn"], region)
            if function is not None:
                self._events.submit(self._prepare, function).add_done_callback(_surface)

    def close(self) -> None:
        """End every sandbox. Calls under way fail; later ones are refused."""
        with self._lock:
            self._closed = True
            pools = [pool for _, pool in self._pools.values()]
            self._pools.clear()
        for pool in pools:
            pool.close()
        self._events.shutdown(cancel_futures=True)

    def _answer(self, request: Request, region: str) -> Response:
        name = INVOKE.match(request.path)
        if name is None:
            raise InvokeError(404, "UnknownOperationException", f"{request.path} is no Invoke.")
        function = self._found(unquote(name[1]), request.query, region)
        kind = request.header("X-Amz-Invocation-Type") or "RequestResponse"
        payload = _payload(request.body, MAX_ASYNC if kind == "Event" else MAX_SYNC)
        command(function)  # refused before an Event is accepted
        match kind:
            case "DryRun":
                return Response(204)
            case "Event":
                self._events.submit(self.invoke, function, payload).add_done_callback(_surface)
                return Response(202)
            case "RequestResponse":
                return self._synchronous(function, payload, request)
            case _:
                raise InvokeError(400, "InvalidParameterValueException", f"Unknown invocation type {kind}.")

    def _synchronous(self, function: FunctionConfig, payload: bytes, request: Request) -> Response:
        done = self._run(function, payload, request.header("X-Amz-Client-Context"))
        headers = [
            ("Content-Type", "application/json"),
            ("x-amzn-RequestId", done.request_id),
            ("X-Amz-Executed-Version", "$LATEST"),
        ]
        if done.error is not None:
            headers.append(("X-Amz-Function-Error", done.error))
        if request.header("X-Amz-Log-Type") == "Tail":
            headers.append(("X-Amz-Log-Result", base64.b64encode(done.log_tail).decode()))
        return Response(200, tuple(headers), done.payload)

    def _found(self, name: str, query: str, region: str) -> FunctionConfig:
        qualifier = parse_qs(query).get("Qualifier", ["$LATEST"])[0]
        wanted = name if qualifier == "$LATEST" else f"{name}:{qualifier}"
        function = self._lookups.function(wanted, region)
        if function is None:
            prefix = f"arn:{PARTITION}:lambda:{region}:{ACCOUNT}:function:"
            raise errors.not_found(wanted if wanted.startswith("arn:") else prefix + wanted)
        return function

    def _run(self, function: FunctionConfig, payload: bytes, client_context: str | None) -> Invocation:
        if function.reserved == 0:
            raise errors.throttled()
        with self._pool(function).sandbox() as sandbox:
            run = sandbox.invoke(payload, client_context)
        self._logs.append(function.name, run.log)
        error = "Unhandled" if run.failed else None
        return Invocation(run.payload, error, run.log[-TAIL:], run.request_id)

    def _pool(self, function: FunctionConfig) -> Pool:
        version = _version(function)
        with self._lock:
            if self._closed:
                raise InvokeError(503, "ServiceException", "The embedded cloud is stopping.", "Server")
            known = self._pools.get(function.arn)
            if known is not None and known[0] == version:
                return known[1]
            pool = Pool(lambda: self._sandbox(function))
            self._pools[function.arn] = (version, pool)
        if known is not None:
            known[1].retire()
        return pool

    def _sandbox(self, function: FunctionConfig) -> Sandbox:
        return Sandbox(function, self._placed(function), self._endpoint())

    def _placed(self, function: FunctionConfig) -> Path:
        """The folder with the code; what a runtime brings is where the code finds it."""
        root = unpacked(function.code, self._code)
        if function.runtime.startswith("nodejs"):
            self._node_sdk.provide(root)
        return root

    def _prepare(self, function: FunctionConfig) -> None:
        with contextlib.suppress(InvokeError):  # whoever calls the function tries again, and is told
            self._placed(function)


def _surface(done: Future[Any]) -> None:
    """A bug in a call that nobody waits for: raised here, concurrent.futures logs it."""
    if not done.cancelled():
        done.result()


def _version(function: FunctionConfig) -> Hashable:
    return (
        function.code_sha256,
        function.runtime,
        function.handler,
        function.timeout,
        function.memory,
        function.log_group,
        tuple(sorted(function.environment.items())),
    )


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
