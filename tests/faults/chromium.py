"""Headless Chromium as the judge: a page on loopback fetches every case and tells what it got."""

from __future__ import annotations

import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 180.0
PAGE = b"""<!doctype html><title>cases</title><script>
const fetched = async (each) => {
  try {
    const answer = await fetch(each.url, {
      method: each.method, headers: each.headers, credentials: each.credentials ? "include" : "same-origin",
      body: ["POST", "PUT", "PATCH"].includes(each.method) ? "{}" : undefined,
    });
    return {ok: true, status: answer.status};
  } catch (error) { return {ok: false, status: 0, error: String(error)}; }
};
const sandboxed = (each) => new Promise((done) => {
  const frame = document.createElement("iframe");
  frame.sandbox = "allow-scripts";
  addEventListener("message", (event) => { if (event.source === frame.contentWindow) done(event.data); });
  frame.srcdoc = "<script>const fetched = " + fetched.toString() + ";fetched(" + JSON.stringify(each)
    + ").then((told) => parent.postMessage(told, '*'))<\\/script>";
  document.body.append(frame);
});
addEventListener("load", async () => {
  const cases = await (await fetch("/cases")).json();
  const told = {};
  for (const [name, each] of Object.entries(cases))
    told[name] = await (each.opaque ? sandboxed(each) : fetched(each));
  await fetch("/told", {method: "POST", body: JSON.stringify(told)});
});
</script><body></body>"""


@dataclass(frozen=True)
class Page:
    """A site on loopback whose page runs cases in a real browser."""

    origin: str
    cases: dict[str, Any]
    told: queue.Queue[dict[str, Any]]
    profile: Path

    def fetch(self, cases: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Run all cases in Chromium: name -> {ok, status}."""
        self.cases.clear()
        self.cases.update(cases)
        assert CHROMIUM is not None
        browser = subprocess.Popen(
            [
                CHROMIUM,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                f"--user-data-dir={self.profile}",
                "--remote-debugging-port=0",
                f"{self.origin}/",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return self.told.get(timeout=PATIENCE)
        finally:
            browser.terminate()
            browser.wait(timeout=20)


@contextmanager
def site(profile: Path) -> Iterator[Page]:
    """Serve the page on a free port of localhost."""
    cases: dict[str, Any] = {}
    told: queue.Queue[dict[str, Any]] = queue.Queue()

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(json.dumps(cases).encode() if self.path == "/cases" else PAGE)

        def do_POST(self) -> None:
            told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self._answer(b"{}")

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html" if body is PAGE else "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Page(f"http://localhost:{server.server_port}", cases, told, profile)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def names(cases: Sequence[Any]) -> list[str]:
    """A name of its own for each case."""
    return [f"{number:03}-{each.id}" for number, each in enumerate(cases)]
