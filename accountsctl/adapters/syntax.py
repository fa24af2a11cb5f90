"""`ports.Syntax`: a function's own code, read by the interpreter that will run it, and not run.

Python of this process's version is compiled here; other versions, and JavaScript, by a program that this machine has. A
version that is older than the runtime may not know its syntax, so what it finds counts only if it is what runs the
function. Packages that were installed into the code are not read: some contain files for other versions.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from accountsctl.adapters.local_cloud import Interpreter, interpreter_for

SECONDS = 30.0
SCRIPTS = (".js", ".mjs", ".cjs")
Found = tuple[str, int, str]
"""A file, a line and what is wrong there."""

_PYTHON = """
import json, sys, warnings
warnings.simplefilter("ignore")
found = []
for path, text in json.load(sys.stdin).items():
    try:
        compile(text, path, "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        found.append([path, getattr(error, "lineno", None) or 0, getattr(error, "msg", None) or str(error)])
json.dump(found, sys.stdout)
"""
_NODE = """
const vm = require("node:vm");
const files = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const at = (error) => Number((String(error.stack).match(/^.*:(\\d+)$/m) ?? [0, 0])[1]);
const found = [];
const parameters = "exports, require, module, __filename, __dirname";
for (const [path, { text, kind }] of Object.entries(files)) {
  const parse = {
    commonjs: () => new vm.Script(`(function (${parameters}) {${text}\\n})`, { filename: path }),
    module: () => new vm.SourceTextModule(text, { identifier: path }),
  };
  const both = /^\\s*(import|export)\\b/m.test(text) ? ["module", "commonjs"] : ["commonjs", "module"];
  const kinds = kind === "any" ? both : [kind];
  const errors = [];
  for (const each of kinds) {
    try {
      parse[each]();
      errors.length = 0;
      break;
    } catch (error) {
      errors.push([path, each === "module" ? 0 : at(error), error.message]);
    }
  }
  if (errors.length) found.push(errors[0]);
}
process.stdout.write(JSON.stringify(found));
"""


class Script(TypedDict):
    """A file of JavaScript: ``commonjs``, ``module``, or ``any`` if Node.js finds out from the text."""

    text: str
    kind: str


class InstalledSyntax:
    """The interpreters of this machine."""

    def errors(self, code: Mapping[str, bytes], runtime: str, *, local: bool) -> Sequence[Found]:
        """What the runtime could not load, in the order of the files; empty if no program here can tell."""
        interpreter = interpreter_for(runtime)
        if interpreter is None or not (local or interpreter.exact or _is_newer(interpreter, runtime)):
            return ()
        if runtime.startswith("nodejs"):
            return [_with_line(interpreter.program, code, error) for error in _node_errors(interpreter, code)]
        files = dict(_modules(code))
        if interpreter.version == sys.version_info[:2]:
            return [error for path, text in files.items() if (error := _compiled(path, text))]
        return _run([interpreter.program, "-I", "-S", "-c", _PYTHON], files)


def _node_errors(interpreter: Interpreter, code: Mapping[str, bytes]) -> Sequence[Found]:
    options = ("--experimental-vm-modules", "--no-warnings", "-e", _NODE)
    return _run([interpreter.program, *options], _scripts(code))


def _with_line(node: str, code: Mapping[str, bytes], error: Found) -> Found:
    """The error with its line, which Node.js reports of a module only when it checks a file."""
    path, line, what = error
    if line:
        return error
    with tempfile.TemporaryDirectory(prefix="accountsctl-") as folder:
        file = Path(folder) / "module.mjs"
        file.write_bytes(code[path])
        done = subprocess.run(
            [node, "--check", str(file)], capture_output=True, text=True, timeout=SECONDS, check=False
        )
    match = re.match(r".*module\.mjs:(\d+)$", done.stderr, re.MULTILINE)
    return path, int(match[1]) if match else 0, what


def _is_newer(interpreter: Interpreter, runtime: str) -> bool:
    version = runtime.removeprefix("python").removeprefix("nodejs").removesuffix(".x")
    return interpreter.version >= tuple(int(part) for part in version.split("."))


def _modules(code: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The function's own modules of Python. Below folders only if nothing was installed next to them."""
    vendored = any(path.split("/")[0].endswith((".dist-info", ".egg-info")) for path in code)
    for path in sorted(code):
        if path.endswith(".py") and not (vendored and "/" in path):
            yield path, code[path].decode("utf-8-sig", "replace")


def _scripts(code: Mapping[str, bytes]) -> dict[str, Script]:
    """The function's own JavaScript, each file with how Node.js would load it."""
    found: dict[str, Script] = {}
    for path in sorted(code):
        if path.endswith(SCRIPTS) and "node_modules" not in path.split("/"):
            found[path] = {"text": code[path].decode("utf-8", "replace"), "kind": _kind(path, code)}
    return found


def _kind(path: str, code: Mapping[str, bytes]) -> str:
    if path.endswith(".mjs"):
        return "module"
    if path.endswith(".cjs"):
        return "commonjs"
    folders = path.split("/")[:-1]
    for depth in range(len(folders), -1, -1):
        package = code.get("/".join([*folders[:depth], "package.json"]))
        if package is not None:
            try:
                stated = json.loads(package).get("type")
            except (ValueError, AttributeError):
                return "any"
            return str(stated) if stated in ("module", "commonjs") else "any"
    return "any"


def _compiled(path: str, text: str) -> Found | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, path, "exec", dont_inherit=True)
        except SyntaxError as error:
            return path, error.lineno or 0, error.msg
        except ValueError as error:
            return path, 0, str(error)
    return None


def _run(command: Sequence[str], files: Mapping[str, object]) -> Sequence[Found]:
    """What the program prints; nothing if it fails itself: then the function's first call will tell."""
    if not files:
        return ()
    try:
        done = subprocess.run(
            command, input=json.dumps(files), capture_output=True, text=True, timeout=SECONDS, check=False
        )
        return [(str(path), int(line), str(what)) for path, line, what in json.loads(done.stdout)]
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return ()
