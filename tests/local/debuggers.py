"""Debuggers: what an editor sends to stop a function at a line, by the protocol of each language."""

from __future__ import annotations

import base64
import json
import os
import socket
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SECONDS = 30.0
Message = dict[str, Any]


@dataclass(frozen=True)
class Stop:
    """Where a function stands: the file in the project, the line from 1 on, and the values of its variables."""

    file: Path
    line: int
    variables: Mapping[str, str]


class PythonDebugger:
    """A client of the Debug Adapter Protocol. https://microsoft.github.io/debug-adapter-protocol/specification"""

    def __init__(self, configuration: Mapping[str, Any], workspace: Path) -> None:
        """Attach with a configuration of VS Code's launch.json, in which ``workspaceFolder`` is `workspace`."""
        text = json.dumps(configuration).replace("${workspaceFolder}", str(workspace))
        self._configuration = json.loads(text)
        where = self._configuration["connect"]
        self._socket = socket.create_connection((where["host"], where["port"]), timeout=SECONDS)
        self._stream = self._socket.makefile("rb")
        self._sequence = 0
        self._events: list[Message] = []

    def attach(self, breakpoint_: tuple[Path, int]) -> None:
        """Connect, with one breakpoint: its file and line."""
        self._request("initialize", {"adapterID": "debugpy", "pathFormat": "path", "linesStartAt1": True})
        attached = self._send("attach", self._configuration)
        self.event("initialized")
        file, line = breakpoint_
        placed = self._request(
            "setBreakpoints", {"source": {"path": str(file)}, "breakpoints": [{"line": line}]}
        )
        assert placed["breakpoints"][0]["verified"], placed
        self._request("configurationDone", {})
        self._answer(attached)

    def stopped(self) -> Stop:
        """Wait until the function stops."""
        thread = self.event("stopped")["threadId"]
        frame = self._request("stackTrace", {"threadId": thread})["stackFrames"][0]
        scope = self._request("scopes", {"frameId": frame["id"]})["scopes"][0]
        values = self._request("variables", {"variablesReference": scope["variablesReference"]})["variables"]
        self._thread = thread
        return Stop(
            Path(frame["source"]["path"]), frame["line"], {value["name"]: value["value"] for value in values}
        )

    def go_on(self) -> None:
        """Let the function run on."""
        self._request("continue", {"threadId": self._thread})

    def event(self, name: str) -> Message:
        """The body of the next event of this name."""
        while True:
            for event in self._events:
                if event["event"] == name:
                    self._events.remove(event)
                    return dict(event.get("body") or {})
            self._read()

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _request(self, command: str, arguments: Mapping[str, Any]) -> Message:
        return self._answer(self._send(command, arguments))

    def _send(self, command: str, arguments: Mapping[str, Any]) -> int:
        self._sequence += 1
        message = {"seq": self._sequence, "type": "request", "command": command, "arguments": arguments}
        body = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        return self._sequence

    def _answer(self, sequence: int) -> Message:
        while True:
            message = self._read()
            if message["type"] == "response" and message["request_seq"] == sequence:
                assert message["success"], message
                return dict(message.get("body") or {})

    def _read(self) -> Message:
        length = 0
        while line := self._stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise ConnectionError("the debugger was disconnected")
        message: Message = json.loads(self._stream.read(length))
        if message["type"] == "event":
            self._events.append(message)
        return message


class NodeDebugger:
    """A client of the inspector. https://chromedevtools.github.io/devtools-protocol/v8/Debugger/"""

    def __init__(self, configuration: Mapping[str, Any], workspace: Path) -> None:
        """Attach with a configuration of VS Code's launch.json, in which ``workspaceFolder`` is `workspace`."""
        text = json.dumps(configuration).replace("${workspaceFolder}", str(workspace))
        self._configuration = json.loads(text)
        address = (self._configuration["address"], self._configuration["port"])
        url = "http://{}:{}/json/list".format(*address)
        with urllib.request.urlopen(url, timeout=SECONDS) as response:
            target = json.loads(response.read())[0]["webSocketDebuggerUrl"]
        self._socket = socket.create_connection(address, timeout=SECONDS)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._events: list[Message] = []
        self._upgrade(target)

    def attach(self, breakpoint_: tuple[Path, int]) -> None:
        """Connect, with one breakpoint: its file and line."""
        file, line = breakpoint_
        local, remote = self._configuration["localRoot"], self._configuration["remoteRoot"]
        there = f"file://{remote}/{file.relative_to(local).as_posix()}"
        self._request("Runtime.enable")
        self._request("Debugger.enable")
        self._request("Debugger.setBreakpointByUrl", url=there, lineNumber=line - 1)

    def stopped(self) -> Stop:
        """Wait until the function stops."""
        frame = self._event("Debugger.paused")["callFrames"][0]
        local, remote = self._configuration["localRoot"], self._configuration["remoteRoot"]
        scripts = (event["params"] for event in self._events if event["method"] == "Debugger.scriptParsed")
        urls = {script["scriptId"]: script["url"] for script in scripts}
        file = urls[frame["location"]["scriptId"]].removeprefix("file://").replace(remote, local)
        scope = next(scope for scope in frame["scopeChain"] if scope["type"] == "local")
        values = self._request("Runtime.getProperties", objectId=scope["object"]["objectId"])["result"]
        shown = {value["name"]: str(value.get("value", {}).get("value")) for value in values}
        return Stop(Path(file), frame["location"]["lineNumber"] + 1, shown)

    def go_on(self) -> None:
        """Let the function run on."""
        self._request("Debugger.resume")

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()

    def _event(self, name: str) -> Message:
        while True:
            for event in self._events:
                if event["method"] == name:
                    self._events.remove(event)
                    return dict(event["params"])
            self._read()

    def _request(self, method: str, **parameters: object) -> Message:
        self._number += 1
        self._write(json.dumps({"id": self._number, "method": method, "params": parameters}).encode())
        while (message := self._read()).get("id") != self._number:
            continue
        assert "error" not in message, message
        return dict(message["result"])

    def _upgrade(self, target: str) -> None:
        path = target.removeprefix("ws://").partition("/")[2]
        key = base64.b64encode(os.urandom(16)).decode()
        lines = (f"GET /{path} HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade")
        head = "\r\n".join((*lines, f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", ""))
        self._socket.sendall(head.encode())
        assert b" 101 " in self._stream.readline()
        while self._stream.readline().strip():
            continue

    def _write(self, body: bytes) -> None:
        """One text frame, masked as a client's must be (RFC 6455, 5.2)."""
        size = bytes([0x80 | len(body)]) if len(body) < 126 else b"\xfe" + len(body).to_bytes(2, "big")
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[index % 4] for index, byte in enumerate(body))
        self._socket.sendall(b"\x81" + size + mask + masked)

    def _read(self) -> Message:
        _, size = self._bytes(2)
        length = size & 0x7F
        if length > 125:
            length = int.from_bytes(self._bytes(2 if length == 126 else 8), "big")
        message: Message = json.loads(self._bytes(length))
        if "method" in message:
            self._events.append(message)
        return message

    def _bytes(self, count: int) -> bytes:
        read = self._stream.read(count)
        if len(read) < count:
            raise ConnectionError("the debugger was disconnected")
        return read


@contextmanager
def attached(
    debugger: PythonDebugger | NodeDebugger, file: Path, line: int
) -> Iterator[PythonDebugger | NodeDebugger]:
    """The debugger, connected with one breakpoint, for the time of the block."""
    try:
        debugger.attach((file, line))
        yield debugger
    finally:
        debugger.close()
