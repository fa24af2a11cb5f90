"""Requests over plain sockets, and what a process and its children cost: for benchmarks of servers."""

from __future__ import annotations

import selectors
import socket
import statistics
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

TICKS = 100  # of /proc/PID/stat, a second


@dataclass(frozen=True)
class Load:
    """What a number of connections measured: seconds of the median and of the 99th percentile, requests a second.

    `cpu`: seconds of processor time for a request, of the server and all its children.
    """

    p50: float
    p99: float
    rate: float
    cpu: float = 0.0

    def __str__(self) -> str:
        return (
            f"p50 {self.p50 * 1e3:6.2f} ms  p99 {self.p99 * 1e3:7.2f} ms  {self.rate:7.0f}/s"
            f"  CPU {self.cpu * 1e3:5.2f} ms"
        )


def request(
    url: str, headers: Sequence[tuple[str, str]] = (), method: str = "GET", body: bytes = b""
) -> bytes:
    """The bytes of a request."""
    parts = urlsplit(url)
    sent = [("Host", parts.netloc), *headers, *([("Content-Length", str(len(body)))] if body else [])]
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    return f"{method} {target} HTTP/1.1\r\n{lines}\r\n".encode() + body


class _Client:
    """One connection, which sends the next request when it has the response to the last one."""

    def __init__(self, address: tuple[str, int], message: bytes) -> None:
        self.socket = socket.create_connection(address, timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.message = message
        self.received = b""
        self.send()

    def send(self) -> None:
        self.received = b""
        self.sent = time.perf_counter()
        self.socket.sendall(self.message)

    def complete(self) -> bool:
        """Read what is there; whether the response is complete. Any other status than 200 ends the benchmark."""
        data = self.socket.recv(1 << 20)
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not data or (found and head[9:12] != b"200"):
            raise SystemExit(f"not 200: {self.received[:600].decode('latin-1')!r}")
        if not found:
            return False
        _, _, length = head.lower().partition(b"content-length:")
        if length:
            return len(body) >= int(length.split(b"\r\n")[0])
        return body.endswith(b"0\r\n\r\n")  # chunked


def load(url: str, message: bytes, connections: int, seconds: float, server: int) -> Load:
    """Send `message` over so many connections at once for so long; `server` is the process whose cost is counted."""
    address = urlsplit(url)
    selector = selectors.DefaultSelector()
    for _ in range(connections):
        client = _Client((address.hostname or "", address.port or 80), message)
        selector.register(client.socket, selectors.EVENT_READ, client)
    taken: list[float] = []
    before, begun = cpu(server), time.perf_counter()
    while (now := time.perf_counter()) < begun + seconds:
        for key, _ in selector.select(1):
            client = key.data
            if client.complete():
                taken.append(time.perf_counter() - client.sent)
                client.send()
    used = cpu(server) - before
    for key in list(selector.get_map().values()):
        key.data.socket.close()
    selector.close()
    if not taken:
        raise SystemExit(f"no response from {url} within {seconds:g} s")
    taken.sort()
    count = len(taken)
    return Load(taken[count // 2], taken[int(count * 0.99)], len(taken) / (now - begun), used / count)


def median(loads: Sequence[Load]) -> Load:
    """The median of each figure over several rounds."""
    return Load(
        *(statistics.median(getattr(one, name) for one in loads) for name in ("p50", "p99", "rate", "cpu"))
    )


def tree(process: int) -> list[int]:
    """The process and all that it started."""
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], check=True, text=True, capture_output=True).stdout
    pairs = [(int(pid), int(parent)) for pid, parent in (line.split() for line in listed.splitlines())]
    found = [process]
    for parent in found:
        found += [pid for pid, above in pairs if above == parent]
    return found


def cpu(process: int) -> float:
    """Seconds of processor time that the process and its children have used."""
    total = 0
    for pid in tree(process):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        total += int(fields[11]) + int(fields[12])
    return total / TICKS


def status(process: int, field: str) -> int:
    """A number of /proc/PID/status: VmRSS in kB, Threads."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))
