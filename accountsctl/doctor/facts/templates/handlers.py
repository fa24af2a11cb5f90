"""What a function's source tells of its CORS headers: Python by its syntax tree, JavaScript by its text.

Only what is plain is reported; if the code builds its responses in ways that cannot be followed, the facts stay None.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from accountsctl.doctor.facts.handler import OTHER_VERBS, FunctionHandler
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.templates import javascript_answers, javascript_objects, python_answers
from accountsctl.doctor.facts.templates.imported_modules import (
    framework_of,
    is_framework_without_cors,
    own_files,
)
from accountsctl.doctor.facts.templates.javascript_branches import cut_javascript
from accountsctl.doctor.facts.templates.javascript_text import with_constants
from accountsctl.doctor.facts.templates.origin_checks import read_origin_checks
from accountsctl.doctor.facts.templates.python_branches import cut_python
from accountsctl.doctor.facts.templates.python_facts import REST_KEYS, Seen, constants_of, gather
from accountsctl.model.cors_headers import ALLOW_CREDENTIALS, ALLOW_HEADERS, ALLOW_METHODS, ALLOW_ORIGIN
from accountsctl.model.http_methods import METHODS

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
RESUMING = "DatabaseResumingException"
_STATUS = re.compile(r"statuscode|\b(?:raise|throw)\b", re.IGNORECASE)
_OTHER_KEYS = re.compile(r"(?<![.\w])(?<!\[['\"])(?:headers|multiValueHeaders|body|isBase64Encoded)\b")
_MISSPELT = re.compile(r"\bstat\w*['\"]?\s*:", re.IGNORECASE)
"""A key for the status that is not ``statusCode``, so one that is not known."""
_MODULE = re.compile(r"\.(py|js|mjs|cjs|ts)$")
_VERB = re.compile(rf"['\"`]({'|'.join(METHODS)})['\"`]")
_JS_HEADER = re.compile(r"""["']access-control-allow-origin["']\s*:\s*(["'`])?([^"'`,}\n]*)""", re.IGNORECASE)
_JS_ALLOW = re.compile(
    r"""["'](access-control-allow-(?:credentials|headers|methods))["']\s*:\s*"""
    r"""(?:(["'`])([^"'`$]*)\2(?!\s*\+)|(true|false)\b)""",
    re.IGNORECASE,
)
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'`])//[^\n]*", re.DOTALL)


def read_handler(files: Mapping[str, str], entry: str, place: SourcePlace) -> FunctionHandler | None:
    """What the sources tell. `entry` is Lambda's Handler (``index.handler``); None if no source is its module."""
    main = main_file(files, entry)
    if main is None:
        return None
    files = own_files(files, main)
    function = entry.rpartition(".")[2]
    if not main.endswith(".py") and not javascript_answers.may_export(files[main], function):
        return FunctionHandler(place=place, broken=f"{main} exports no {function}")
    read = _python(files, main, function, place) if main.endswith(".py") else _javascript(files, place)
    read = replace(read, framework=framework_of(files))
    if read.broken is None and is_framework_without_cors(files):
        return replace(read, allows=frozenset(), handles_options=False, by_verb={})
    origins = read_origin_checks(files)
    by_verb = {verb: replace(part, origins=origins) for verb, part in read.by_verb.items()}
    return replace(read, origins=origins, by_verb=by_verb)


def main_file(files: Mapping[str, str], entry: str) -> str | None:
    """The file that has Lambda's Handler (``index.handler``); None if there is none."""
    module = entry.rpartition(".")[0]
    names = (module, module.removeprefix("src/"), module.replace(".", "/"))
    return next((name for name in files if _MODULE.search(name) and _MODULE.sub("", name) in names), None)


def _javascript(files: Mapping[str, str], place: SourcePlace) -> FunctionHandler:
    code = "\n".join(
        _JS_COMMENT.sub("", text) for name, text in files.items() if re.search(r"\.(js|mjs|cjs|ts)$", name)
    )
    return _by_verb(
        code, _of_javascript(code, place), lambda verb: _of_javascript(cut_javascript(code, verb), place)
    )


def _by_verb(code: str, every: FunctionHandler, cut: Callable[[str], FunctionHandler]) -> FunctionHandler:
    """What code tells, also for each of the methods that it compares with; `cut` reads it for one."""
    verbs = set(_VERB.findall(code)) if LOOKS_AT_METHOD.search(code) else set()
    if not verbs:
        # What decides is not seen, and any answer with the header may be that to OPTIONS.
        may_answer = every.handles_options is False and (every.allows or every.computed)
        return replace(every, handles_options=None) if may_answer else every
    parts = {verb: cut(verb) for verb in (*sorted(verbs), OTHER_VERBS)}
    by_verb = {
        verb: replace(
            part,
            handles_options=_answers_options(every, part),
            varies=every.varies,
            resumes=every.resumes,
            wants_claims=every.wants_claims,
        )
        for verb, part in parts.items()
    }
    return replace(every, by_verb=by_verb)


def _answers_options(every: FunctionHandler, part: FunctionHandler) -> bool | None:
    """Whether code answers OPTIONS, by what it tells of its answers to it."""
    if part.allows is None and not part.computed:
        return every.handles_options
    if not part.allows and not part.computed:
        return False
    return every.handles_options if every.handles_options is None or (part.status or 200) >= 400 else True


def _of_javascript(code: str, place: SourcePlace) -> FunctionHandler:
    code = with_constants(code)
    found = _JS_HEADER.findall(code)
    literal = frozenset(value for quote, value in found if quote and "${" not in value)
    mentions = ALLOW_ORIGIN in code.lower()
    in_the_open = javascript_answers.answers_in_the_open(code) and not NOT_FOLLOWED.search(code)
    known = in_the_open and "statusCode" in code
    stated: dict[str, list[str]] = {}
    for match in _JS_ALLOW.finditer(code):
        stated.setdefault(match.group(1).lower(), []).append(match.group(3) or match.group(4) or "")
    answers = list(javascript_objects.read_answers(code))
    malformed, refused_by_rest = javascript_objects.is_malformed(code, answers, REST_KEYS, known=known)
    refused_by_rest = refused_by_rest or (in_the_open and _lacks_status(code))
    bare = known and mentions and javascript_objects.has_bare_error(answers)
    return FunctionHandler(
        place=place,
        malformed=place if malformed else None,
        unknown_to_rest=place if refused_by_rest else None,
        bare_errors=place if bare else None,
        allows=literal if literal or (known and not mentions) else None,
        computed=mentions and (len(literal) < len(found) or not found),
        handles_options=_handles_options(code, known=known),
        varies="vary" in code.lower(),
        resumes=RESUMING in code,
        allow_headers=_list_in(code, ALLOW_HEADERS, stated, known=known),
        allow_methods=_list_in(code, ALLOW_METHODS, stated, known=known),
        allow_credentials=_value_in(code, ALLOW_CREDENTIALS, stated, known=known),
        wants_claims="claims" in code and "requestContext" in code,
        status=javascript_objects.status_of(code, answers) if known else None,
    )


def _lacks_status(code: str) -> bool:
    """Whether code answers, and a REST API refuses all of it: answers with no other keys than its own are a 200."""
    return not _STATUS.search(code) and (not _OTHER_KEYS.search(code) or _MISSPELT.search(code) is not None)


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


def _python(files: Mapping[str, str], main: str, function: str, place: SourcePlace) -> FunctionHandler:
    trees: dict[str, ast.Module] = {}
    for name, text in files.items():
        if not name.endswith(".py"):
            continue
        try:
            trees[name] = ast.parse(text)
        except SyntaxError as error:
            if name == main:
                return FunctionHandler(place=place, broken=f"line {error.lineno}: {error.msg}")
    if function not in _defined(trees[main]):
        return FunctionHandler(place=place, broken=f"{main} defines no {function}")
    code = "\n".join(text for name, text in files.items() if name.endswith(".py"))

    def cut(verb: str) -> FunctionHandler:
        parts = cut_python({name: files[name] for name in trees}, function, verb)
        return _of_python(parts, main, function, "\n".join(map(ast.unparse, parts.values())), place)

    every = _of_python(trees, main, function, code, place)
    return _by_verb(code, replace(every, resumes=RESUMING in "".join(files.values())), cut)


def _of_python(
    trees: Mapping[str, ast.Module], main: str, function: str, code: str, place: SourcePlace
) -> FunctionHandler:
    seen = Seen(constants=constants_of(trees.values()))
    for tree in trees.values():
        gather(tree, seen)
    plain = python_answers.answers_in_the_open(trees[main], function, list(trees.values()))
    known = plain and not NOT_FOLLOWED.search(code)
    no_object = python_answers.gives_no_object(trees[main], function)
    return FunctionHandler(
        place=place,
        allows=frozenset(seen.allows) if seen.allows or (known and not seen.computed) else None,
        computed=seen.computed,
        handles_options=_handles_options(code, known=known),
        malformed=_at(place, seen.malformed),
        unknown_to_rest=_at(place, seen.refused_by_rest or no_object)
        or (place if known and _lacks_status(code) else None),
        bare_errors=_at(place, seen.bare_errors) if seen.with_header else None,
        varies="vary" in {string.lower() for string in seen.strings},
        allow_headers=_list_in(code, ALLOW_HEADERS, seen.stated, known=known),
        allow_methods=_list_in(code, ALLOW_METHODS, seen.stated, known=known),
        allow_credentials=_value_in(code, ALLOW_CREDENTIALS, seen.stated, known=known),
        wants_claims=seen.claims or {"claims", "authorizer"} <= seen.strings,
        status=next(iter(seen.statuses)) if known and len(seen.statuses) == 1 else None,
        is_valid=known and _is_valid(seen, code) and not no_object,
    )


def _is_valid(seen: Seen, code: str) -> bool:
    """Whether all answers have a statusCode and a text as body, or there are none: the code can only raise."""
    answers = bool(seen.statuses) or "return" not in code
    return answers and not seen.malformed and not seen.other_bodies


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
