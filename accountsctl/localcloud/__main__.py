"""``python -m accountsctl.localcloud serve --data DIR``: run the embedded cloud.

With ``--detach`` it runs on without its parent; `client.LocalCloudClient` starts it so.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m accountsctl.localcloud")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the embedded cloud until it is stopped")
    serve.add_argument("--data", type=Path, required=True, help="the folder of its state")
    serve.add_argument("--port", type=int, help="the port to prefer; any free one if it is taken")
    serve.add_argument("--detach", action="store_true", help="run in the background")
    serve.add_argument("--ready-fd", type=int, help="a descriptor to write to when it listens")
    options = parser.parse_args(arguments)
    if options.detach and os.fork():
        os._exit(0)
    from accountsctl.localcloud.server.daemon import serve as run

    return run(options.data.absolute(), options.port, options.ready_fd)


def leave(code: int) -> None:
    """End the process at once. Everything is saved and closed by now; to free moto's objects one by one, as the
    interpreter would, takes a second in which the folder stays locked."""
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    leave(main())
