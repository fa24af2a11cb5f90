"""What a function's source tells of its CORS headers: Python by its syntax tree, JavaScript by its text.

Only what is plain is reported; if the code builds its responses in ways that cannot be followed, the facts stay None.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from accountsctl.doctor.facts.handler import FunctionHandler
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.templates import javascript_answers, javascript_objects, python_answers
from accountsctl.doctor.facts.templates.origin_checks import read_origin_checks
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN

NOT_FOLLOWED = re.compile(
    r"\b(?:aws_lambda_powertools|awsgi|apig_wsgi|mangum|serverless_wsgi|chalice|flask|fastapi|django|bottle)\b"
    r"|@middy/|@aws-lambda-powertools/|serverless-http|aws-serverless-express|@vendia/serverless-express"
    r"|@codegenie/serverless-express|lambda-api|@nestjs/|[\"\'](?:express|fastify|hono|koa|cors)[\"\']"
    r"|\bheaders\s*\.\s*update\(|\bheaders\s*\|=|Object\.assign\(\s*headers|\bfrom\s+\.\w+\s+import"
)
"""Ways to answer that are not followed: frameworks, their adapters, and headers that are put together elsewhere."""
LOOKS_AT_METHOD = re.compile(
    r"httpMethod|requestContext|routeKey|\bmethod\b|\[['\"]resource['\"]\]|\.resource\b", re.IGNORECASE
)
"""Words of code that answers some requests in another way than others, by their method or path."""
REFUSES = re.compile(r"\b(?:40[0-9]|50[0-9])\b|\braise\b|\bthrow\b")
"""Words of code that refuses some requests."""
REST_KEYS = {"statusCode", "headers", "multiValueHeaders", "body", "isBase64Encoded"}
PROXY_KEYS = {*REST_KEYS, "cookies"}
"""What an answer may have; cookies are of payload format 2.0, so of HTTP APIs and function URLs."""
RESUMING = "DatabaseResumingException"
_JS_HEADER = re.compile(r"""["']access-control-allow-origin["']\s*:\s*(["'`])?([^"'`,}\n]*)""", re.IGNORECASE)
_JS_ALLOW = re.compile(
    r"""["'](access-control-allow-(?:credentials|headers|methods))["']\s*:\s*"""
    r"""(?:(["'`])([^"'`$]*)\2(?!\s*\+)|(true|false)\b)""",
    re.IGNORECASE,
)
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


def read_handler(files: Mapping[str, str], entry: str, place: SourcePlace) -> FunctionHandler | None:
    """What the sources tell. `entry` is Lambda's Handler (``index.handler``); None if no source is its module."""
    found = _read(files, entry, place)
    return replace(found, origins=read_origin_checks(files)) if found else None


def _read(files: Mapping[str, str], entry: str, place: SourcePlace) -> FunctionHandler | None:
    module, _, function = entry.rpartition(".")
    stem = module.removeprefix("src/")
    for name in files:
        if name.removesuffix(".py") in (module, stem) and name.endswith(".py"):
            return _python(files, name, function, place)
        bare = re.sub(r"\.(js|mjs|cjs|ts)$", "", name)
        if bare != name and bare in (module, stem):
            return _javascript(files, place)
    return None


def _javascript(files: Mapping[str, str], place: SourcePlace) -> FunctionHandler:
    code = "\n".join(
        _JS_COMMENT.sub("", text) for name, text in files.items() if re.search(r"\.(js|mjs|cjs|ts)$", name)
    )
    found = _JS_HEADER.findall(code)
    literal = frozenset(value for quote, value in found if quote and "${" not in value)
    mentions = ALLOW_ORIGIN in code.lower()
    in_the_open = javascript_answers.answers_in_the_open(code) and not NOT_FOLLOWED.search(code)
    known = in_the_open and "statusCode" in code
    stated: dict[str, list[str]] = {}
    for match in _JS_ALLOW.finditer(code):
        stated.setdefault(match.group(1).lower(), []).append(match.group(3) or match.group(4) or "")
    malformed, unknown_to_rest = javascript_objects.malformed(code, REST_KEYS, known=known)
    unknown_to_rest = unknown_to_rest or (in_the_open and not _has_status(code))
    return FunctionHandler(
        place=place,
        malformed=place if malformed else None,
        unknown_to_rest=place if unknown_to_rest else None,
        allows=literal if literal or (known and not mentions) else None,
        computed=mentions and (len(literal) < len(found) or not found),
        handles_options=_handles_options(code, known=known),
        varies="vary" in code.lower(),
        resumes=RESUMING in code,
        allow_headers=_list_in(code, ALLOW_HEADERS, stated, known=known),
        allow_methods=_list_in(code, ALLOW_METHODS, stated, known=known),
        allow_credentials=_value_in(code, ALLOW_CREDENTIALS, stated, known=known),
        wants_claims="claims" in code and "requestContext" in code,
    )


def _has_status(code: str) -> bool:
    """Whether code has the key that a REST API requires of every answer, in whatever spelling."""
    return "statuscode" in code.lower()


def _values_in(code: str, name: str, stated: Mapping[str, list[str]], *, known: bool) -> list[str] | None:
    """The literal values of a header; empty if it is never sent, None if the code does not tell.

    Code that mentions the header elsewhere than with a literal may send anything, and so may code that is not followed.
    """
    mentions, literals = code.lower().count(name), stated.get(name, [])
    if not mentions:
        return [] if known else None
    return literals if mentions == len(literals) else None


def _value_in(code: str, name: str, stated: Mapping[str, list[str]], *, known: bool) -> str | None:
    """The value of a header that takes one; None if different answers may send different values."""
    values = _values_in(code, name, stated, known=known)
    return "".join(set(values)) if values is not None and len(set(values)) < 2 else None


def _list_in(code: str, name: str, stated: Mapping[str, list[str]], *, known: bool) -> str | None:
    """Everything that a header with a list allows in any answer."""
    values = _values_in(code, name, stated, known=known)
    return None if values is None else ",".join(dict.fromkeys(values))


def _handles_options(code: str, *, known: bool) -> bool | None:
    """Whether code has an answer to OPTIONS; None if it is not followed, True if it answers all requests alike.

    Code that knows methods and no OPTIONS refuses it only if it refuses some requests at all.
    """
    if "options" in code.lower():
        return True
    if NOT_FOLLOWED.search(code):
        return None
    if not LOOKS_AT_METHOD.search(code):
        return True
    return False if known and REFUSES.search(code) else None


@dataclass
class _Seen:
    """What a walk through syntax trees gathers."""

    allows: set[str] = field(default_factory=set)
    computed: bool = False
    strings: set[str] = field(default_factory=set)
    malformed: int | None = None
    with_cookies: int | None = None
    bare_errors: int | None = None
    with_header: bool = False
    claims: bool = False
    stated: dict[str, list[str]] = field(default_factory=dict)


def _python(files: Mapping[str, str], main: str, function: str, place: SourcePlace) -> FunctionHandler:
    seen = _Seen()
    trees: dict[str, ast.Module] = {}
    for name, text in files.items():
        if not name.endswith(".py"):
            continue
        try:
            tree = ast.parse(text)
        except SyntaxError as error:
            if name == main:
                return FunctionHandler(place=place, broken=f"line {error.lineno}: {error.msg}")
            continue
        if name == main and function not in _defined(tree):
            return FunctionHandler(place=place, broken=f"{name} defines no {function}")
        trees[name] = tree
        _gather(tree, seen)
    lower = {string.lower() for string in seen.strings}
    code = "\n".join(text for name, text in files.items() if name.endswith(".py"))
    at = _at(place, seen.malformed)
    plain = python_answers.answers_in_the_open(trees[main], function, list(trees.values()))
    known = plain and not NOT_FOLLOWED.search(code)
    unknown_to_rest = _at(place, seen.with_cookies) or (place if known and not _has_status(code) else None)
    return FunctionHandler(
        place=place,
        allows=frozenset(seen.allows) if seen.allows or (known and not seen.computed) else None,
        computed=seen.computed,
        handles_options=_handles_options(code, known=known),
        malformed=at,
        unknown_to_rest=unknown_to_rest,
        bare_errors=_at(place, seen.bare_errors) if seen.with_header else None,
        varies="vary" in lower,
        resumes=any(RESUMING in string for string in seen.strings) or RESUMING in "".join(files.values()),
        allow_headers=_list_in(code, ALLOW_HEADERS, seen.stated, known=known),
        allow_methods=_list_in(code, ALLOW_METHODS, seen.stated, known=known),
        allow_credentials=_value_in(code, ALLOW_CREDENTIALS, seen.stated, known=known),
        wants_claims=seen.claims or {"claims", "authorizer"} <= seen.strings,
    )


def _at(place: SourcePlace, line: int | None) -> SourcePlace | None:
    return SourcePlace(place.layer, f"{place.source}:{line}", place.pointer) if line else None


def _defined(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names.update(alias.asname or alias.name for alias in node.names)
    return names


def _gather(tree: ast.AST, seen: _Seen) -> None:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            seen.strings.add(node.value)
        for key, value in _entries(node):
            _entry(key, value, seen)
        if isinstance(node, ast.Dict):
            _answer(node, seen)
        if (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and node.slice.value == "claims"
        ):
            seen.claims = True


def _entries(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Text keys with their values: of a dict display, and of ``headers["X"] = value``."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), node.value


def _entry(key: str, value: ast.expr, seen: _Seen) -> None:
    literal = value.value if isinstance(value, ast.Constant) else None
    if key.lower() == ALLOW_ORIGIN:
        if isinstance(literal, str):
            seen.allows.add(literal)
        else:
            seen.computed = True
    if isinstance(literal, str | bool):
        # API Gateway writes a boolean as JSON does.
        text = str(literal).lower() if isinstance(literal, bool) else literal
        seen.stated.setdefault(key.lower(), []).append(text)


def _answer(node: ast.Dict, seen: _Seen) -> None:
    """A dict with a statusCode is an answer: is its shape right, and has an error the header?"""
    entries = dict(_entries(node))
    whole = all(isinstance(key, ast.Constant) for key in node.keys)
    if "statusCode" not in entries:
        return
    status, body = entries["statusCode"], entries.get("body")
    wrong_body = isinstance(body, ast.Dict | ast.List | ast.Set)
    wrong_status = isinstance(status, ast.Constant) and not str(status.value).isdigit()
    if whole and (wrong_body or wrong_status or set(entries) - PROXY_KEYS):
        seen.malformed = seen.malformed or node.lineno
    if whole and "cookies" in entries:
        seen.with_cookies = seen.with_cookies or node.lineno
    headers = entries.get("headers")
    named = isinstance(headers, ast.Dict) and any(key.lower() == ALLOW_ORIGIN for key, _ in _entries(headers))
    opaque = headers is not None and not isinstance(headers, ast.Dict)
    if named or opaque:
        seen.with_header = True
    elif whole and isinstance(status, ast.Constant) and isinstance(status.value, int) and status.value >= 400:
        seen.bare_errors = seen.bare_errors or node.lineno
