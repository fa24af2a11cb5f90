"""Functions that use version 2 of the AWS SDK for JavaScript.

Its support ended on 2025-09-08, and Lambda's Node.js runtimes from 18 on do not contain it.
Sources: https://aws.amazon.com/blogs/developer/announcing-end-of-support-for-aws-sdk-for-javascript-v2/
and https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from accountsctl.commands.doctor.project.resources import FUNCTION, EvaluatedProject, RenderedResource
from accountsctl.formats.layout import code_folder
from accountsctl.model.health import Check, Outcome

ENDED = "2025-09-08"
USE = re.compile(r"""(?:\brequire\s*\(\s*|\bfrom\s+|\bimport\s*\(?\s*)["']aws-sdk(?:/[^"']*)?["']""")
SCRIPT = (".js", ".mjs", ".cjs", ".ts")


def sdk_v2_uses(project: EvaluatedProject) -> Iterator[Check]:
    """A check for each function that uses it: a finding if it is not there, so that every call would fail."""
    for function in project.of_type(FUNCTION):
        source = project.project.sources.get(function.child.id)
        place = _first_use(source.code) if source else None
        if source is None or place is None:
            continue
        folder = code_folder(source.id)
        start = f"{folder}/{place}: {source.id} uses version 2 of the AWS SDK for JavaScript"
        codemod = f"npx aws-sdk-js-codemod -t v2-to-v3 {folder}/{place.partition(':')[0]}"
        if _is_missing(function, source.code):
            message = f"{start}, which no runtime from nodejs18.x on contains: every call would fail."
            cure = f"npm install aws-sdk --prefix {folder}; or move to version 3: {codemod}"
            yield Check("code", Outcome.FINDING, message, cure)
        else:
            message = f"{start}, which has had no updates since {ENDED}."
            yield Check("code", Outcome.NOTE, message, f"Move to version 3: {codemod}")


def _first_use(code: Mapping[str, bytes]) -> str | None:
    """The file and line of the first use in the function's own code."""
    for path in sorted(code):
        if path.endswith(SCRIPT) and "node_modules" not in path.split("/"):
            text = code[path].decode("utf-8", "replace")
            if found := USE.search(text):
                return f"{path}:{text.count(chr(10), 0, found.start()) + 1}"
    return None


def _is_missing(function: RenderedResource, code: Mapping[str, bytes]) -> bool:
    """Whether the function does not bring the SDK, nor a layer that may.

    The runtimes that contain it are retired, so that a function that leaves them is without it.
    """
    if not function.text("Runtime").startswith("nodejs") or function.properties.get("Layers"):
        return False
    return "node_modules/aws-sdk/package.json" not in code and not _is_declared(code)


def _is_declared(code: Mapping[str, bytes]) -> bool:
    """Whether the function's package.json names it: then it is installed by a push, or the push is refused."""
    try:
        manifest = json.loads(code.get("package.json", b"{}"))
    except ValueError:
        return True
    dependencies = manifest.get("dependencies") if isinstance(manifest, dict) else None
    return isinstance(dependencies, dict) and "aws-sdk" in dependencies
