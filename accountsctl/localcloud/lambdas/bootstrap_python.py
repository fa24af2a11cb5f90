"""The first code in a Python sandbox: watch the Runtime API, then be AWS's own runtime client.

Run as a file by the interpreter of the sandbox, which may be another version than that of the embedded cloud,
with the handler as its argument; it imports nothing of accountsctl. The sandbox must not outlive the daemon, even
one that was killed: a connection to the Runtime API then closes, and the complete process group ends with it.
(PR_SET_PDEATHSIG is of no use: it fires when the *thread* that forked ends, and those are short-lived here.)
"""

import builtins
import contextlib
import http.client
import io
import json
import os
import re
import signal
import site
import socket
import sys
import threading
from collections.abc import Callable
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from urllib.parse import urlsplit

RUNTIME_PACKAGES = frozenset(
    {
        *("awslambdaric", "simplejson", "snapshot_restore_py"),
        *("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six"),
    }
)
"""What Lambda's Python runtime brings besides the standard library, in /var/runtime."""
DEADLINE = "Lambda-Runtime-Deadline-Ms"
AWS = re.compile(r"(^|\.)amazonaws\.com(\.cn)?$|\.on\.aws$", re.IGNORECASE)


class RuntimePackages:
    """Finds what Lambda's runtime brings, and nothing else of the installation that it lies in.

    It comes after sys.path, as /var/runtime does: packages that the function brings itself go before.
    """

    def __init__(self, folders: list[str], names: frozenset[str] = RUNTIME_PACKAGES) -> None:
        self._folders = folders
        self._names = names

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        del target
        if path is not None or name not in self._names:
            return None
        return PathFinder.find_spec(name, self._folders)


class RuntimeClient(ModuleType):
    """The module `runtime_client`, in Python: awslambdaric's own is compiled for one version of Python.

    Its requests are those of the Runtime API (2018-06-01), on a connection that stays open. What the handler returned
    is sent together with the request for the next invocation, which follows at once: one message an invocation.
    """

    def __init__(self, address: str, path: str) -> None:
        super().__init__("runtime_client")
        self._path = f"{path}/2018-06-01/runtime/invocation"
        self._address = address
        self._connection: socket.socket | None = None
        self._received = b""  # and not used yet
        self._posts = b""

    def initialize_client(self, user_agent: str) -> None:
        """Nothing is sent with the requests that the embedded cloud reads."""

    def next(self) -> tuple[bytes, dict[str, str | int]]:
        """The next invocation: its event, and its headers by their names in Lambda's spelling."""
        if self._connection is None:
            host, port = self._address.split(":")
            self._connection = socket.create_connection((host, int(port)))
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        posts, self._posts = self._posts, b""
        self._connection.sendall(posts + self._request("GET", "/next"))
        if posts:
            self._response(202)
        received, body = self._response(200)
        headers: dict[str, str | int] = {**received}
        headers[DEADLINE] = int(headers[DEADLINE])
        return body, headers

    def post_invocation_result(
        self, invoke_id: str, result: bytes, content_type: str, invocation_id: str | None = None
    ) -> None:
        """Send what the handler returned."""
        del invocation_id  # of functions that run several invocations at a time
        self._posts = self._request("POST", f"/{invoke_id}/response", result, content_type)

    def post_error(
        self, invoke_id: str, error: str, xray_fault: str, invocation_id: str | None = None
    ) -> None:
        """Send the error of the handler."""
        del xray_fault, invocation_id
        self._posts = self._request("POST", f"/{invoke_id}/error", error.encode(), "application/json")

    def _request(self, method: str, path: str, content: bytes = b"", kind: str = "") -> bytes:
        typed = f"Content-Type: {kind}\r\nContent-Length: {len(content)}\r\n" if kind else ""
        head = f"{method} {self._path}{path} HTTP/1.1\r\nHost: {self._address}\r\n{typed}\r\n"
        return head.encode() + content

    def _response(self, expected: int) -> tuple[dict[str, str], bytes]:
        """The next response. http.client would take each one through the parser for e-mail."""
        while (end := self._received.find(b"\r\n\r\n")) < 0:
            self._received += self._receive()
        status, *lines = self._received[:end].decode("latin-1").split("\r\n")
        if status.split(" ")[1:2] != [str(expected)]:
            raise RuntimeError(f"The Runtime API answered with {status}, not with {expected}.")
        parts = [line.partition(":") for line in lines]
        headers = {name.title(): value.strip() for name, _, value in parts}
        return headers, self._exactly(end + len(b"\r\n\r\n"), int(headers["Content-Length"]))

    def _exactly(self, start: int, length: int) -> bytes:
        """So many bytes from `start` on; what follows them is kept."""
        parts = [self._received[start:]]
        left = length - len(parts[0])
        while left > 0:
            parts.append(self._receive())
            left -= len(parts[-1])
        found = b"".join(parts)
        self._received = found[length:]
        return found[:length]

    def _receive(self) -> bytes:
        assert self._connection is not None
        data = self._connection.recv(1 << 20)
        if not data:
            self._connection.close()
            raise RuntimeError("The Runtime API is gone.")
        return data


def is_plain(value: object) -> bool:
    """Whether json and simplejson write a value in the same way, which they do not for subclasses of its types."""
    kind = type(value)
    if isinstance(value, str):
        return kind is str and (value.isascii() or not ("\u2028" in value or "\u2029" in value))
    if isinstance(value, dict):
        return (
            kind is dict
            and all(type(name) is str and is_plain(name) for name in value)
            and all(map(is_plain, value.values()))
        )
    if isinstance(value, list):
        return kind is list and all(map(is_plain, value))
    return value is None or kind in (bool, int, float)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not valid JSON.")


def _end_when_closed(watch: socket.socket) -> None:
    try:
        while watch.recv(1):
            pass
    except OSError:
        pass  # a connection that was reset means the same as one that was closed
    os.killpg(0, signal.SIGKILL)


def _reach_the_cloud(endpoint: str) -> None:
    """Let http.client connect to the embedded cloud for AWS's hosts, and for the cloud's own port, without TLS.

    Code that answers a custom resource, or reads a user pool's keys, may know HTTPS only.
    """
    cloud = urlsplit(endpoint)
    here = (cloud.hostname, cloud.port)
    encrypted = http.client.HTTPSConnection.connect

    def connect(self: http.client.HTTPSConnection) -> None:
        if (self.host, self.port) != here and not AWS.search(self.host):
            return encrypted(self)
        self.sock = socket.create_connection(here, self.timeout)
        return None

    if cloud.hostname:
        http.client.HTTPSConnection.connect = connect  # type: ignore[method-assign,assignment]


def _mount_layers(folder: str | None) -> None:
    """Lambda unpacks layers into /opt: let that name, in the paths that code reads, stand for their folder."""
    if folder is None:
        return

    def real(path: object) -> object:
        name = os.fspath(path) if isinstance(path, str | os.PathLike) else None
        is_layers = isinstance(name, str) and (name == "/opt" or name.startswith("/opt/"))
        return f"{folder}{str(name)[4:]}" if is_layers else path

    def reading(original: Callable[..., object]) -> Callable[..., object]:
        return lambda path=".", *rest, **named: original(real(path), *rest, **named)

    for owner, names in (
        (builtins, ("open",)),
        (io, ("open",)),
        (os, ("stat", "lstat", "listdir", "scandir")),
    ):
        for name in names:
            setattr(owner, name, reading(getattr(owner, name)))
    sys.path[1:] = [str(real(path)) for path in sys.path[1:]]


def _let_debuggers_connect(port: int, folder: str) -> None:
    """Let debugpy listen. It stays out of the paths on which the function's own imports are searched."""
    packages = RuntimePackages([folder], frozenset({"debugpy"}))
    variables = dict(os.environ)
    os.environ |= {"PYDEVD_DISABLE_FILE_VALIDATION": "1", "PYDEVD_USE_CYTHON": "NO"}
    sys.meta_path.append(packages)
    import debugpy

    debugpy.configure(subProcess=False)
    debugpy.listen(("127.0.0.1", port))
    sys.meta_path.remove(packages)
    for name in set(os.environ) - set(variables):
        del os.environ[name]


def _client(address: str, secret: str) -> object:
    """The client of AWS's runtime, with what differs here."""
    from awslambdaric.lambda_runtime_client import LambdaRuntimeClient
    from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

    class CompiledMarshaller(LambdaMarshaller):  # type: ignore[misc]
        """Reads and writes by json: simplejson, which awslambdaric uses, is compiled for one version of Python.

        Elsewhere it works in Python, which took 40 % of the time of a small function. It judges what is not valid,
        and writes what json would write in another way.
        """

        def unmarshal_request(self, request: bytes, content_type: str = "application/json") -> object:
            if content_type == "application/json":
                with contextlib.suppress(ValueError):
                    return json.loads(request.decode(), parse_constant=_refuse_constant)
            return super().unmarshal_request(request, content_type)

        def marshal_response(self, response: object) -> object:
            with contextlib.suppress(RecursionError):
                if is_plain(response):
                    return json.dumps(
                        response, ensure_ascii=self.jsonEncoder.ensure_ascii
                    ), "application/json"
            return super().marshal_response(response)

    class SecretClient(LambdaRuntimeClient):  # type: ignore[misc]  # it has no types
        """What the client sends by itself needs the secret in the path."""

        def call_rapid(self, http_method: str, endpoint: str, *rest: object, **named: object) -> None:
            super().call_rapid(http_method, f"/{secret}{endpoint}", *rest, **named)

    client = SecretClient(address)
    client.marshaller = CompiledMarshaller()
    return client


def main() -> None:
    """Become the runtime of the handler named in argv, until the Runtime API is gone."""
    address, _, secret = os.environ["AWS_LAMBDA_RUNTIME_API"].partition("/")
    host, port = address.split(":")
    watch = socket.create_connection((host, int(port)))
    threading.Thread(target=_end_when_closed, args=(watch,), daemon=True).start()
    sys.path[0] = os.environ["LAMBDA_TASK_ROOT"]
    _mount_layers(os.environ.get("ACCOUNTSCTL_OPT"))
    sys.argv += json.loads(os.environ.pop("ACCOUNTSCTL_ARGUMENTS", "[]"))  # if a wrapper script started us
    folders = sys.argv.pop(2).split(os.pathsep)
    debugger = sys.argv[2:]
    del sys.argv[2:]
    sys.meta_path.append(RuntimePackages(folders))
    site.setquit()  # the names that every Python has, and that -S left out with the packages
    site.sethelper()
    if debugger:
        _let_debuggers_connect(int(debugger[0]), debugger[1])
    _reach_the_cloud(os.environ.get("AWS_ENDPOINT_URL", ""))
    sys.modules["runtime_client"] = RuntimeClient(f"{host}:{port}", f"/{secret}")
    from awslambdaric import bootstrap

    # On Lambda the lines of an error go through a pipe that keeps them apart; here they are lines of the log.
    bootstrap.ERROR_LOG_LINE_TERMINATE = "\n"
    bootstrap.run(sys.argv[1], _client(f"{host}:{port}", secret))


if __name__ == "__main__":
    main()
