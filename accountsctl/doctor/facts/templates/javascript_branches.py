"""JavaScript code as it runs for one HTTP method: branches for other methods, and what only they use, are left out.

What is read is text without comments. Known are comparisons of something called a method with literal methods
(``if (event.httpMethod === "GET")``, ``["PUT", "PATCH"].includes(method)``, ``switch (method)``, or ``?`` after it).
Of any other condition both branches stay.
"""

from __future__ import annotations

import re
from collections import Counter

from accountsctl.doctor.facts.templates.javascript_text import (
    after_space,
    block_end,
    close,
    ends_function,
    part_end,
    statement_end,
)
from accountsctl.model.http_methods import METHODS

_VERBS = "|".join(METHODS)
_METHOD = r"(?:[\w.$?\[\]'\"]*method['\"]?\]?|\(\s*[^()=&]*method['\"]?\]?\s*\))(?:\s*\??\.toUpperCase\(\))?"
_EQUALS = re.compile(
    rf"{_METHOD}\s*(?P<op>[!=])==?\s*['\"`](?P<verb>{_VERBS})['\"`]"
    rf"|['\"`](?P<verb_first>{_VERBS})['\"`]\s*(?P<op_first>[!=])==?\s*{_METHOD}",
    re.IGNORECASE,
)
_INCLUDES = re.compile(
    rf"(?P<no>!?)\s*\[(?P<verbs>(?:\s*['\"`](?:{_VERBS})['\"`]\s*,?)+)\]\.includes\(\s*{_METHOD}\s*\)",
    re.IGNORECASE,
)
_BRANCH = re.compile(
    rf"\bif\s*(?=\()|\bswitch\s*\(\s*{_METHOD}\s*\)\s*(?=\{{)|(?:{_EQUALS.pattern})\s*(?=\?[^.?])",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"\b(?:case\s*['\"`](?P<verb>{_VERBS})['\"`]|default)\s*:", re.IGNORECASE)
_ELSE = re.compile(r"\s*else\b\s*")
_JOINED = re.compile(r"(?:[&|!+]|(?<![\w)])typeof)\s*$")
_BREAK = re.compile(r"\bbreak\s*;?")
_OWN = re.compile(
    r"\b(?:const|let|var)\s+(?!handler\b)([A-Za-z_$][\w$]*)\s*=(?![=>])"
    r"|\bfunction\s+(?!handler\b)([A-Za-z_$][\w$]*)\s*\("
)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
LONGEST = 100_000
"""Characters of code; longer code is read as a whole."""


def cut_javascript(code: str, verb: str) -> str:
    """The code that runs for a method; what cannot be taken apart stays as it is."""
    place = 0
    while len(code) <= LONGEST and (found := _BRANCH.search(code, place)):
        cut = _cut(code, found, verb)
        if cut is None:
            place = found.end()
        else:
            code, place = cut, found.start()
    return _without_unused(code)


def _cut(code: str, found: re.Match[str], verb: str) -> str | None:
    """The code with one branch decided; None if something else decides it."""
    word = found.group()
    if not word.startswith(("if", "switch")):
        return _conditional(code, found, verb)
    end = close(code, found.end())
    if end is None:
        return None
    inner = code[found.end() + 1 : end - 1]
    if word.startswith("switch"):
        return _with(code, found.start(), end, "{" + _case(inner, verb) + "}")
    holds = _decided(inner, verb)
    return None if holds is None else _without_branch(code, found.start(), end, holds=holds)


def _without_branch(code: str, start: int, end: int, *, holds: bool) -> str | None:
    """The code with one of the two statements of a condition, which ends at `end`."""
    begins = after_space(code, end)
    ends = statement_end(code, begins)
    if ends is None:
        return None
    taken, otherwise = code[begins:ends], ""
    if found := _ELSE.match(code, ends):
        after = statement_end(code, found.end())
        if after is None:
            return None
        otherwise, ends = code[found.end() : after], after
    return _with(code, start, ends, taken if holds else otherwise)


def _with(code: str, start: int, end: int, taken: str) -> str:
    """The code with `taken` in place of a part; what follows does not run if it ends the function."""
    if ends_function(taken):
        after = block_end(code, end)
        end = end if after is None else after
    return code[:start] + taken + code[end:]


def _case(cases: str, verb: str) -> str:
    """What a switch runs for a method."""
    labels = list(_LABEL.finditer(cases))
    own = [label for label in labels if (label["verb"] or "").upper() == verb]
    first = next(iter(own or [label for label in labels if not label["verb"]]), None)
    if first is None:
        return ""
    taken = _LABEL.sub("", cases[first.end() :])
    place = 0
    while place < len(taken):
        place = after_space(taken, place)
        end = statement_end(taken, place)
        if end is None or end <= place:
            break
        statement = taken[place:end]
        if _BREAK.match(statement):
            return taken[:place]
        if ends_function(statement):
            return taken[:end]
        place = end
    return taken


def _conditional(code: str, found: re.Match[str], verb: str) -> str | None:
    """The code with one part of ``method === "GET" ? one : other``."""
    holds = _decided(found.group().strip(), verb)
    if holds is None or _JOINED.search(code, 0, found.start()):
        return None
    middle = part_end(code, found.end() + 1, ":")
    end = part_end(code, middle + 1, ",;:\n") if middle else None
    if middle is None or end is None:
        return None
    taken = code[found.end() + 1 : middle] if holds else code[middle + 1 : end]
    # In parentheses: after => an object without them would be a block.
    return f"{code[: found.start()]}({taken}){code[end:]}"


def _decided(condition: str, verb: str) -> bool | None:
    """Whether a condition holds for a method; None if something else decides."""
    for word, ends in (("||", True), ("&&", False)):
        parts = condition.split(word)
        if len(parts) > 1 and all(part.count("(") == part.count(")") for part in parts):
            decided = [_decided(part, verb) for part in parts]
            return ends if ends in decided else None if None in decided else not ends
    condition = condition.strip()
    if found := _EQUALS.fullmatch(condition):
        is_equal = (found["verb"] or found["verb_first"]).upper() == verb
        return is_equal is ((found["op"] or found["op_first"]) == "=")
    if found := _INCLUDES.fullmatch(condition):
        return (verb in re.findall(r"\w+", found["verbs"].upper())) is not bool(found["no"])
    return None


def _without_unused(code: str) -> str:
    """The code without the values and functions that no other part of it names."""
    begun = None
    while begun != code and len(code) <= LONGEST:
        begun, often = code, Counter(_NAME.findall(code))
        for found in reversed(list(_OWN.finditer(code))):
            name = found.group(1) or found.group(2)
            end = _definition_end(code, found.start()) if often[name] == 1 else None
            if end and not code[: found.start()].rstrip().endswith(("export", "async", "default")):
                code = code[: found.start()] + code[end:]
    return code


def _definition_end(code: str, start: int) -> int | None:
    if not code.startswith("function", start):
        return statement_end(code, start)
    body = code.find("{", close(code, code.find("(", start)) or start)
    return close(code, body)
