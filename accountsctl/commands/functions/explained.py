"""What a function's failure means: the line of the project where it is, and what to type.

The words are those of Lambda and of its runtimes for Python and Node.js, as they stand in a log. A rule recognizes one
cause and says where it is in the code, if the log does not: a response that cannot be read has no trace.
Source: https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from accountsctl.formats.layout import code_folder
from accountsctl.model.names import ResourceId

MOST_SECONDS, MOST_MEMORY = 900, 10240
ENDINGS = (".py", ".js", ".mjs", ".cjs", ".ts")
DEFINED = (
    r"^(?:async )?def (\w+)\(\w+, *\w+\)"
    r"|^(?:module\.)?exports\.(\w+)"
    r"|^export .*?(?:const|function) (\w+)"
)
"""What can be a handler, by how it is written: in Python, in CommonJS, in an ES module."""
UNREAD = 'Its answer must be an object with a number as "statusCode" and a text as "body".'


@dataclass(frozen=True)
class FunctionCode:
    """A function as the project has it: `files` are below its ``src/``, `memory` in MB and `timeout` in seconds."""

    name: str
    handler: str
    files: Mapping[str, bytes]
    timeout: int = 25
    memory: int = 512

    @property
    def folder(self) -> str:
        """The folder of its code, from the project's root."""
        return code_folder(ResourceId("function", self.name))

    def find(self, pattern: str) -> str:
        """``file:line`` of the first line that matches, from the project's root; empty if there is none."""
        wanted = re.compile(pattern)
        for path in sorted(self.files, key=lambda path: (not path.startswith(self.module), path)):
            if path.endswith(ENDINGS):
                for number, line in enumerate(self.files[path].decode("utf-8", "replace").splitlines(), 1):
                    if wanted.search(line):
                        return f"{self.folder}/{path}:{number}"
        return ""

    @property
    def module(self) -> str:
        """The handler's file without its ending."""
        return self.handler.rpartition(".")[0].replace(".", "/")

    @property
    def entry(self) -> str:
        """Where the handler is defined; its file, if it is not defined there; the folder, if there is no such file."""
        name = re.escape(self.handler.rpartition(".")[2])
        files = (path for path in self.files if path.rpartition(".")[0] == self.module)
        file = next(files, "")
        definition = rf"\bdef {name}\b|^{name}\s*=|exports\.{name}\b|export .*\b{name}\b"
        return self.find(definition) or f"{self.folder}/{file}".rstrip("/")

    def candidates(self) -> list[str]:
        """The handlers that its files define, as ``file.function``."""
        found = []
        for path, content in self.files.items():
            stem, _, ending = path.rpartition(".")
            if f".{ending}" in ENDINGS:
                names = re.findall(DEFINED, content.decode("utf-8", "replace"), re.MULTILINE)
                found += [f"{stem}.{name}" for groups in names for name in groups if name]
        return found


@dataclass(frozen=True)
class FailureCause:
    """Where a failure is in the project (``file:line``, empty if that is not known), and what to do about it."""

    place: str
    hint: str


Rule = Callable[[FunctionCode, re.Match[str]], FailureCause]


def explain_failure(code: FunctionCode, text: str) -> FailureCause:
    """The cause of a failure, from what was logged about it, all lines as one text."""
    for pattern, rule in RULES:
        if found := re.search(pattern, text, re.IGNORECASE):
            cause = rule(code, found)
            return FailureCause(place_in(code, text) or cause.place, cause.hint)
    return FailureCause(place_in(code, text), "")


def explain_unread(code: FunctionCode) -> FailureCause:
    """The cause of a response that API Gateway cannot read, though the function logged no error."""
    return FailureCause(code.entry, UNREAD)


def place_in(code: FunctionCode, text: str) -> str:
    """The line of the function's own code that a trace names: the innermost one."""
    folder = re.escape(code.folder)
    python = re.findall(rf'File "({folder}/[^"]+)",? [Ll]ine (\d+)', text)
    node = re.findall(rf"({folder}/[^\s:()]+):(\d+)", text)
    # Python's trace ends with the innermost frame, Node's begins with it.
    frames = [python[-1]] if python else node[:1]
    return next((f"{file}:{line}" for file, line in frames), "")


def own_lines(code: FunctionCode, lines: Sequence[str]) -> list[str]:
    """A trace without the frames of runtimes and packages; all of it, if nothing of it is the function's own."""
    kept: list[str] = []
    following = True
    for line in lines[1:]:
        frame = re.match(r'\s*(File "|at |- )', line) is not None
        if frame or code.folder in line:
            following = code.folder in line
        if following:
            kept.append(line)
    return [*lines[:1], *(kept if any(code.folder in line for line in kept) else lines[1:])]


def _slow(code: FunctionCode, _: re.Match[str]) -> FailureCause:
    more = min(MOST_SECONDS, 2 * code.timeout)
    return FailureCause(
        code.entry,
        f"Find what takes so long, or give it more time: accountsctl update function {code.name} --timeout {more}",
    )


def _hungry(code: FunctionCode, _: re.Match[str]) -> FailureCause:
    more = min(MOST_MEMORY, 2 * code.memory)
    return FailureCause(
        code.entry, f"Give it more memory: accountsctl update function {code.name} --memory {more}"
    )


def _missing(code: FunctionCode, found: re.Match[str]) -> FailureCause:
    module = found[1]
    if module.replace(".", "/") == code.module:
        return _misnamed(code, found)
    package = re.escape(module)
    place = code.find(rf"^\s*(import|from) {package}\b|(require\(|from |import )\s*['\"]{package}['\"]")
    if any(path.endswith(".py") for path in code.files):
        name = module.partition(".")[0]
        return FailureCause(
            place, f"Add {name} to {code.folder}/requirements.txt, or correct the import; then push."
        )
    if module.startswith((".", "/")):
        return FailureCause(place, "Correct the path, or add the file.")
    return FailureCause(place, f"Install it, then push: npm install {module} --prefix {code.folder}")


def _misnamed(code: FunctionCode, _: re.Match[str]) -> FailureCause:
    known = code.candidates()
    handler = known[0] if known else "FILE.FUNCTION"
    others = f" It defines {', '.join(known)}." if known else ""
    return FailureCause(
        code.entry,
        f'The handler is "{code.handler}".{others}'
        f" Name the right one: accountsctl update function {code.name} --handler {handler}",
    )


def _unset(code: FunctionCode, found: re.Match[str]) -> FailureCause:
    set_ = f"accountsctl function env set {code.name} {found[1]}=VALUE"
    return FailureCause("", f"Set the variable: {set_}, or by `accountsctl function secret set`. Then push.")


def _ended(code: FunctionCode, _: re.Match[str]) -> FailureCause:
    place = code.find(r"\b(sys\.exit|os\._exit|quit|exit|process\.exit)\(")
    return FailureCause(
        place or code.entry, "Return or raise instead: a handler must not end the process that runs it."
    )


def _stated(hint: str) -> Rule:
    return lambda code, _: FailureCause(code.entry, hint)


RULES: tuple[tuple[str, Rule], ...] = (
    (r"Task timed out after [\d.]+ seconds|status timeout", _slow),
    (r"signal: killed|OutOfMemory|MemoryError|heap out of memory|out of memory", _hungry),
    (r"No module named '([\w.]+)'", _missing),
    (r"Cannot find (?:module|package) '([^']+)'", _missing),
    (
        r"Handler '\w+' missing|HandlerNotFound|undefined or not exported|MalformedHandlerName|Bad handler",
        _misnamed,
    ),
    (
        r"require is not defined in ES module scope",
        _stated("This file is an ES module: use import, or end its name in .cjs."),
    ),
    (
        r"Cannot use import statement outside a module|Unexpected token '?export",
        _stated('This file is CommonJS: end its name in .mjs, or add "type": "module" to package.json.'),
    ),
    (r"SyntaxError|IndentationError", _stated("Correct this line, then push.")),
    (
        r"object is not callable",
        _stated('The handler must be a function: "def handler(event, context)".'),
    ),
    (
        r"MarshalError|not JSON serializable|circular structure|Unable to stringify",
        _stated(
            "Return only what JSON has: text, numbers, lists, objects; json.dumps(body, default=str) helps."
        ),
    ),
    (
        r"ResponseSizeTooLarge|6291556|response code: 413",
        _stated(
            "A response has at most 6 MB: return a page of it, or put it into a bucket and return its address."
        ),
    ),
    (r"KeyError: '(\w+)'(?=[\s\S]*environ)", _unset),
    (r"Runtime exited|Runtime\.ExitError", _ended),
)
"""What the log says, and the rule for it; the first that matches counts."""


def over_its_memory(text: str) -> bool:
    """Whether a report line says that a function used all of its memory."""
    used = re.search(r"used (\d+) MB of (\d+) MB", text)
    return used is not None and int(used[1]) >= int(used[2])


def cause_lines(cause: FailureCause, shown: str) -> Iterator[str]:
    """A cause as lines below an error; a place that is `shown` already is not repeated."""
    file, _, line = cause.place.rpartition(":")
    named = file and file in shown and re.search(rf"(line {line}\b|:{line}\b)", shown, re.IGNORECASE)
    if cause.place and not named:
        yield f"  at {cause.place}"
    if cause.hint:
        yield f"  -> {cause.hint}"
