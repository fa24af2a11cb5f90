"""A server of the embedded cloud in this process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from accountsctl.localcloud.server.http import Server


@contextlib.contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Serve from a thread of its own, and stop at the end."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
