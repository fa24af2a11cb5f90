"""Objects that JavaScript writes as an answer, with the beginnings of their values: are they of a valid form?

What is read is text. An object counts if it is given as an answer where it stands (``return {``, ``callback(null, {``)
and all its keys are written out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from accountsctl.doctor.facts.templates.javascript_text import CLOSES, OPENS, close, marks

_GIVEN = re.compile(
    r"(?:\breturn\s*|=>\s*\(\s*|\b(?:callback|cb|done)\(\s*null\s*,\s*|\.succeed\(\s*|\bPromise\.resolve\(\s*)(?=\{)"
)
_KEY = re.compile(r"""\s*(?:(["'])(?P<quoted>[\w-]+)\1|(?P<plain>[A-Za-z_$][\w$]*))\s*(?P<colon>:)?""")
_QUOTES = "\"'`"
_FUNCTION = re.compile(
    r"\bfunction\s+(?!handler\b)\w+|\b(?:const|let|var)\s+(?!handler\b)\w+\s*=\s*(?:async\s*)?(?:function\b|\([^()]*\)\s*=>|\w+\s*=>)"
)
_GIVEN_VALUE = re.compile(
    r"(?:\breturn\b(?!\s*;)|\b(?:callback|cb|done)\(\s*null\s*,|\.succeed\()\s*(\S+)|=>\s*([^\s{]\S*)"
)
_NO_OBJECT = re.compile(r"[\d\"'`]|JSON\.stringify\(")
_ASYNC = re.compile(
    r"\bhandler\s*=\s*async\s*(?:function\s*)?\((?:\s*\w+\s*,\s*\w+\s*,\s*(\w+)\s*|[^()]*)\)\s*(?:=>\s*)?\{"
)
_BODY = re.compile(r"(?:=>|\bfunction\b[^(){}]*\([^()]*\))\s*\{")
_LATER = re.compile(r"\bsetTimeout\(|\(\s*(?:e|err|error)\s*,\s*\w+\s*\)\s*(?:=>|\{)")
_HANDLER = re.compile(r"(?:exports\.\w+|export\s+const\s+\w+)\s*=\s*(?:async\s*)?(?:function\b|\(|\w+\s*=>)")
LONGEST = 4000
"""Characters of an object; a longer one is not read."""


Answer = Mapping[str, str]
"""The keys of an object with their values' text."""


def is_malformed(
    code: str, answers: Sequence[Answer], rest_keys: Collection[str], *, known: bool
) -> tuple[bool, bool]:
    """Whether an answer is of no valid form, and whether one is of a form that a REST API refuses.

    Keys count if the code is `known` and has one function alone: another one's object may be no answer.
    """
    alone = known and not _FUNCTION.search(code)
    unknown = alone and any(set(entries) - set(rest_keys) for entries in answers)
    refused = unknown or any(map(_has_wrong_values, answers)) or _gives_no_object(code)
    refused = refused or _ends_before_it_answers(code)
    return any(map(_is_wrong, answers)), refused


def status_of(code: str, answers: Sequence[Answer]) -> int | None:
    """The status of all answers of known code; None if they have several, or another is not given where it stands."""
    found = {entries["statusCode"].strip("'\"`") for entries in answers}
    if len(found) != 1 or len(re.findall(r"\bstatusCode\b", code)) != len(answers):
        return None
    status = found.pop()
    return int(status) if re.fullmatch(r"[1-5]\d\d", status) else None


def has_bare_error(answers: Sequence[Answer]) -> bool:
    """Whether an answer with an error's status has no headers."""
    return any(
        re.fullmatch(r"['\"]?[45]\d\d['\"]?", entries["statusCode"])
        and not {"headers", "multiValueHeaders"} & set(entries)
        for entries in answers
    )


def _has_wrong_values(entries: Answer) -> bool:
    """Whether a header has a list for its value, or one of multiValueHeaders a text."""
    return any(
        value[:1] in wrong
        for name, wrong in (("headers", "["), ("multiValueHeaders", _QUOTES))
        for value in (read_object(entries.get(name, "")) or {}).values()
        if value
    )


def _gives_no_object(code: str) -> bool:
    """Whether all that a handler, and all functions of its code, give is text or a number."""
    given = [found.group(1) or found.group(2) for found in _GIVEN_VALUE.finditer(code)]
    return bool(given) and _HANDLER.search(code) is not None and all(map(_NO_OBJECT.match, given))


def _ends_before_it_answers(code: str) -> bool:
    """Whether an async handler returns nothing, and calls back, if at all, after it has ended.

    https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
    """
    found = _ASYNC.search(code)
    end = close(code, found.end() - 1) if found else None
    if found is None or end is None:
        return False
    body, callback = code[found.end() : end - 1], found.group(1) or "callback"
    outside = _without_functions(body)
    if re.search(r"\b(?:return|await|throw|succeed|done)\b", outside):
        return False
    before, calls, _ = body.partition(f"{callback}(")
    return not calls or _LATER.search(before) is not None


def _without_functions(code: str) -> str:
    """Code without the bodies of the functions in it."""
    place = 0
    while found := _BODY.search(code, place):
        end = close(code, found.end() - 1)
        place = found.end()
        code = code[:place] + code[end - 1 :] if end else code
    return code


def _is_wrong(entries: Answer) -> bool:
    """Whether the body is an object or a list, or the status a text that is not a number."""
    body, status = entries.get("body", ""), entries["statusCode"]
    is_object = (body[:1], body[-1:]) in (("{", "}"), ("[", "]"))
    is_word = status[:1] in ("'", '"') and status[-1:] == status[:1] and not status[1:-1].isdigit()
    return is_object or is_word


def read_answers(code: str) -> Iterator[Answer]:
    """The keys with their values' text of each object with a statusCode that code gives as an answer."""
    for found in _GIVEN.finditer(code):
        entries = read_object(code[found.end() : found.end() + LONGEST])
        if entries is not None and "statusCode" in entries:
            yield entries


def read_object(text: str) -> dict[str, str] | None:
    """The keys and values of the object that a text begins with.

    None if it begins with none, if a key is computed or spread, or if it has no end.
    """
    if not text.startswith("{"):
        return None
    found: dict[str, str] = {}
    for part in _parts(text):
        if part is None:
            return None
        if not part.strip():
            continue
        key = _KEY.match(part)
        if key is None or (key["colon"] is None and part[key.end() :].strip()):
            return None
        found[key["quoted"] or key["plain"]] = part[key.end() :].strip() if key["colon"] else ""
    return found


def _parts(text: str) -> Iterator[str | None]:
    """What stands between the commas of an object; None at the end if it does not close."""
    depth, began = 0, 1
    for place, mark in marks(text, 0, ","):
        depth += (mark in OPENS) - (mark in CLOSES)
        if not depth:
            yield text[began:place]
            return
        if mark == "," and depth == 1:
            yield text[began:place]
            began = place + 1
    yield None
