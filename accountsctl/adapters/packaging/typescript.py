"""TypeScript: a function's handler with all that it imports, as one file of JavaScript, by esbuild.

Types are not checked; that is the work of `tsc`. A source map goes into the zip, so that traces name the lines of the
sources. The AWS SDK, which Lambda's runtime has, is left to it unless the function locks a version of its own.
Source: https://docs.aws.amazon.com/lambda/latest/dg/typescript-package.html
"""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

from accountsctl.adapters.packaging.node import install_modules
from accountsctl.adapters.packaging.tools import Tools, last_lines
from accountsctl.model.errors import UsageError
from accountsctl.model.packaging import PackageRequest

ESBUILD = "esbuild@0.28.2"
OPTIONS = ("--bundle", "--platform=node", "--sourcemap", "--sources-content=false", "--log-level=warning")
IN_RUNTIME = ("@aws-sdk/*", "@smithy/*")
REQUIRE = "import{createRequire as r}from'node:module';const require=r(import.meta.url);"
"""What packages written for CommonJS need in a module."""


def bundle(request: PackageRequest, work: Path, files: Path, tools: Tools, source: Path) -> None:
    """Fill the new folder `files` with the handler and its source map. UsageError if that fails."""
    install_modules(request, work, tools, source)
    for name, content in request.files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(content)
    done = tools.run(("npx", "--yes", ESBUILD, request.entry, *_options(request)), work)
    if done.returncode:
        raise UsageError(
            f"{request.resource} could not be built.",
            why=last_lines(done),
            hint=f"The files and lines are those of {request.folder}. Fix them, then push again.",
        )
    for path in (_output(request), f"{_output(request)}.map"):
        (files / path).parent.mkdir(parents=True, exist_ok=True)
        (work / path).rename(files / path)


def _options(request: PackageRequest) -> tuple[str, ...]:
    target, module = f"--target=node{request.target.version}", _is_module(request)
    form = ("--format=esm", f"--banner:js={REQUIRE}") if module else ("--format=cjs",)
    external = () if b'"@aws-sdk/' in request.files.get("package.json", b"") else IN_RUNTIME
    return (
        *OPTIONS,
        target,
        *form,
        f"--outfile={_output(request)}",
        *(f"--external:{name}" for name in external),
    )


def _output(request: PackageRequest) -> str:
    """The handler's file: next to its source, so that the source map names the sources as they are in the project."""
    return str(PurePosixPath(request.entry).with_suffix(".mjs" if _is_module(request) else ".js"))


def _is_module(request: PackageRequest) -> bool:
    try:
        package = json.loads(request.files.get("package.json", b"{}"))
    except ValueError:
        return False
    return request.entry.endswith(".mts") or (isinstance(package, dict) and package.get("type") == "module")
