"""The code of the functions that the recorded sequences run, in words of our own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache

VERSION = """import os
def handler(event, context):
    return {"version_id": "NUMBER", "invoked_arn": context.invoked_function_arn,
            "version_from_ctx": context.function_version}
"""
SOURCES: Mapping[str, tuple[str, str]] = {
    "echo": ("index.py", "def handler(event, context):\n    return event\n"),
    "version": ("index.py", "def handler(event, context):\n    return context.function_version\n"),
    "none-python": ("index.py", "def handler(event, context):\n    pass\n"),
    "none-node": ("index.mjs", "export const handler = async () => {}\n"),
    "context": (
        "index.py",
        """import logging
logging.getLogger().setLevel(logging.INFO)
NAMES = ("invoked_function_arn function_version function_name memory_limit_in_mb aws_request_id log_group_name"
         " log_stream_name client_context")
def handler(event, context):
    print("Lambda log message - print function")
    logging.getLogger().info("Lambda log message - logging module")
    return {"event": event, "context": {name: getattr(context, name) for name in NAMES.split()}}
""",
    ),
    "context-node": (
        "index.mjs",
        """const names = ["callbackWaitsForEmptyEventLoop", "functionVersion", "functionName", "memoryLimitInMB",
  "logGroupName", "logStreamName", "clientContext", "invokedFunctionArn", "awsRequestId"]
export const handler = async (event, context) =>
  ({ context: Object.fromEntries(names.map((name) => [name, context[name]])) })
""",
    ),
    "v1": ("index.py", VERSION.replace("NUMBER", "version1")),
    "v2": ("index.py", VERSION.replace("NUMBER", "version2")),
    "v3": ("index.py", VERSION.replace("NUMBER", "version3")),
    "two": (
        "index.py",
        "def handler(event, context):\n    return {'handler': 'handler'}\n"
        "def handler_two(event, context):\n    return {'handler': 'handler_two'}\n",
    ),
    "counter-python": (
        "index.py",
        "counter = -1\ndef handler(event, context):\n    global counter\n    counter += 1\n"
        "    return {'counter': counter}\n",
    ),
    "counter-node": (
        "index.mjs",
        "let counter = -1\nexport const handler = async () => ({ counter: ++counter })\n",
    ),
    "sleep": (
        "index.py",
        "import time\ndef handler(event, context):\n    time.sleep(event.get('wait', 0))\n",
    ),
    "exit-init": ("index.py", "import sys\nsys.exit(0)\ndef handler(event, context):\n    pass\n"),
    "exit-handler": ("index.py", "import sys\ndef handler(event, context):\n    sys.exit(0)\n"),
    "fails": ("index.py", 'def handler(event, context):\n    raise Exception("Handler fails")\n'),
    "large": ("index.py", "def handler(event, context):\n    return 'x' * event['bytes']\n"),
    "request-id": (
        "index.py",
        "import logging\nlogging.getLogger().setLevel(logging.INFO)\ndef handler(event, context):\n"
        "    logging.getLogger().info('RequestId log message')\n    return context.aws_request_id\n",
    ),
    "environment": (
        "index.py",
        "import os\ndef handler(event, context):\n    return {'environment': dict(os.environ)}\n",
    ),
}


@cache
def zipped(name: str) -> bytes:
    """The zip of a package; the same bytes at each call."""
    file, source = SOURCES[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo(file, (1980, 1, 1, 0, 0, 0)), source)
    return out.getvalue()
