"""Handlers that fail, each in its own way, and the words by which a user is to know what happened, and where."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

from tests.local.project import LocalProject

PYTHON, NODE = "python3.13", "nodejs22.x"


@dataclass(frozen=True)
class Broken:
    """A function that fails. `says` are words of `call`, one of them the file and line.

    `counted` is False if nothing is logged of the failure, so that only `call` can explain it.
    """

    name: str
    code: str
    says: tuple[str, ...]
    file: str = "index.py"
    runtime: str = PYTHON
    handler: str = "index.handler"
    parameters: dict[str, object] = field(default_factory=dict)
    counted: bool = True

    @property
    def source(self) -> str:
        return f"amplify/backend/function/{self.name}/src/{self.file}"


def node(name: str, code: str, *says: str, file: str = "index.js") -> Broken:
    return Broken(name, code, says, file, NODE)


HANDLERS = (
    Broken(
        "missing",
        "import nosuchpackage\n\ndef handler(event, context):\n    return 1\n",
        ("No module named 'nosuchpackage'", "index.py:1", "src/requirements.txt"),
    ),
    Broken(
        "raising",
        'def handler(event, context):\n    raise ValueError("bad price")\n',
        ("ValueError: bad price", 'index.py", line 2'),
    ),
    Broken(
        "slow",
        "def handler(event, context):\n    while True:\n        pass\n",
        ("timed out after 1.00 seconds", "--timeout"),
        parameters={"timeout": 1},
    ),
    Broken(
        "hungry",
        "def handler(event, context):\n    return len(bytearray(900_000_000))\n",
        ("memory", "--memory"),
        parameters={"memorySize": 128},
    ),
    Broken(
        "text",
        'def handler(event, context):\n    return "a text"\n',
        ('"statusCode"', "amplify/backend/function/text/src/index.py:1"),
        counted=False,
    ),
    Broken(
        "misnamed",
        "def handle(event, context):\n    return 1\n",
        (
            "Handler 'handler' missing",
            "amplify/backend/function/misnamed/src/index.py",
            "--handler index.handle",
        ),
    ),
    Broken(
        "uncallable", "handler = 5\n", ("not callable", "uncallable/src/index.py:1", "must be a function")
    ),
    Broken(
        "unserializable",
        "def handler(event, context):\n    return {'statusCode': 200, 'body': {1, 2}}\n",
        ("not JSON serializable", "unserializable/src/index.py"),
    ),
    Broken(
        "exiting",
        "import sys\n\ndef handler(event, context):\n    sys.exit(3)\n",
        ("Runtime.ExitError", "exiting/src/index.py:4", "must not end the process"),
    ),
    Broken(
        "loading",
        "SETTINGS = {}\nLIMIT = SETTINGS['limit']\n\ndef handler(event, context):\n    return 1\n",
        ("KeyError: 'limit'", 'index.py", line 2'),
    ),
    Broken(
        "huge",
        "def handler(event, context):\n    return {'statusCode': 200, 'body': 'x' * 7_000_000}\n",
        ("413", "huge/src/index.py:1", "at most 6 MB"),
    ),
    Broken(
        "unset",
        "import os\n\ndef handler(event, context):\n    return os.environ['STRIPE_KEY']\n",
        ("KeyError: 'STRIPE_KEY'", 'index.py", line 4', "function env set unset STRIPE_KEY="),
    ),
    node(
        "rejected",
        "exports.handler = async () => {\n  throw new Error('bad price');\n};\n",
        "bad price",
        "index.js:2",
    ),
    node(
        "unhandled",
        "exports.handler = async () => {\n  Promise.reject(new Error('lost'));\n"
        "  await new Promise((done) => setTimeout(done, 500));\n  return 1;\n};\n",
        "lost",
        "index.js:2",
    ),
    node("nodemissing", "require('nosuchpackage');\n", "nosuchpackage", "index.js"),
    node(
        "mixed",
        "const os = require('os');\nexport const handler = async () => 1;\n",
        "ES module",
        "index.js",
    ),
    node(
        "module",
        "const os = require('os');\nexport const handler = async () => 1;\n",
        "require is not defined",
        "index.mjs:1",
        file="index.mjs",
    ),
)


UNREADABLE = (
    ("raising", "index.py", "def handler(event, context):\n    return {\n"),
    ("rejected", "index.js", "exports.handler = async () => {\n  return {;\n};\n"),
)
"""Code that no runtime can read, which a push refuses: the function, its file, and the code with an error in line 2."""


def write_broken(root: Path) -> LocalProject:
    """A project with a function for each handler, and an API that calls each by its name without a sign-in."""
    functions = {
        broken.name: {
            "build": True,
            "service": "Lambda",
            "providerPlugin": "awscloudformation",
            "dependsOn": [],
        }
        for broken in HANDLERS
    }
    edges = [
        {"category": "function", "resourceName": broken.name, "attributes": ["Name", "Arn"]}
        for broken in HANDLERS
    ]
    api = {"service": "API Gateway", "providerPlugin": "awscloudformation", "dependsOn": edges}
    paths = {
        f"/{broken.name}": {"function": broken.name, "authorization": "NONE", "methods": ["GET"]}
        for broken in HANDLERS
    }
    _write(root / "backend-config.json", {"function": functions, "api": {"web": api}})
    _write(root / "amplify/backend/api/web/parameters.json", {"paths": paths})
    _write(
        root / "amplify/environments/dev.json",
        {"cloud": "local", "region": "eu-west-1", "stackName": "broken-dev"},
    )
    for broken in HANDLERS:
        folder = root / "amplify/backend/function" / broken.name
        settings = {"runtime": broken.runtime, "handler": broken.handler, "timeout": 10, "memorySize": 512}
        _write(folder / "parameters.json", {**settings, **broken.parameters})
        (folder / "src").mkdir()
        (folder / "src" / broken.file).write_text(broken.code)
    project = LocalProject(root)
    project.run("env", "checkout", "dev")
    return project


def _write(file: Path, value: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(value, indent=2))
