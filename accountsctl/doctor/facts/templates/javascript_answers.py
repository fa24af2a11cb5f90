"""Whether JavaScript builds all its answers where they can be read: then a header that is not there is not sent.

Read is text, not a syntax tree, so the least sign of another way counts: a handler that something wraps, an answer or
headers that are spread, computed, assigned again or passed on, and a function of another module that gives the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HANDLER = re.compile(
    r"(?:exports\.\w+|export\s+(?:const|let|var)\s+\w+|(?:const|let|var)\s+handler)(?:\s*:[^=]{1,200})?\s*=\s*"
    r"(?:async\s*)?(?:function\b|\(|\w+\s*=>)|export\s+(?:default\s+)?(?:async\s+)?function\b|function\s+handler\b"
)
_WRAPPED = re.compile(
    r"(?:exports(?:\.\w+)?|export\s+(?:const|let|var)\s+\w+|export\s+default|\bhandler\s*:)\s*=?\s*"
    r"(?!async\b|function\b)[\w.]+\s*\("
)
_EXPORTED = re.compile(r"(?:\bexports\.\w+\s*=|[{,]\s*handler\s*:)\s*([A-Za-z_$][\w$.]*)\s*(?=[;,}\n]|$)")
_EXPORTS_OTHERS = re.compile(
    r"\bexports\s*=(?!\s*\{)|\bexport\s*(?:\*|=|default\b)|\bexports\s*\[|\bexports\s*[,)]|__export|\.\.\.\s*\w"
)
_DYNAMIC = re.compile(
    r"Object\.assign\(|headers[\"']?\]?\s*\[(?!\s*[\"'][^\"']*[\"']\s*\])|\.(?:set|append|header|setHeader)\("
    r"|\[\s*[\"'](?:multiValueH|h)eaders[\"']\s*\]\s*=(?!=)"
)
_HEADERS = re.compile(
    r"\b(?:multiValueHeaders|headers)\b(?P<colon>[\"']?\s*:\s*(?P<value>[^\s,}]+)|\s*=(?![=>])\s*(?P<given>[^\s;]+))?"
)
_OBJECT = re.compile(r"(?:const|let|var)\s+(\w+)(?:\s*:[^=]{1,200})?\s*=\s*\{([^{}]*)\}")
_ASSIGNED = re.compile(
    r"(?<![\w$.])([A-Za-z_$][\w$]*)\s*(?::[^=;{}()]{1,200})?(?:[+|&?]{0,2})=(?![=>])\s*(\S)"
)
_GIVES = re.compile(
    r"(?:\breturn\s+|=>\s*\(?\s*|\?\s*|\}\s*:\s*|\b(?:callback|cb|done)\(\s*null\s*,\s*|\.succeed\(\s*)(?:await\s+)?(?:new\s+)?([A-Za-z_$][\w$.]*)\s*\("
)
_RETURNED = re.compile(
    r"(?:\breturn\s+|\}\s*:\s*|\b(?:callback|cb|done)\(\s*null\s*,\s*|\.succeed\(\s*"
    r"|\bhandler\s*=\s*(?:async\s*)?\([^()]{0,200}\)\s*=>\s*)\(?\s*([A-Za-z_$][\w$.]*)\s*(?=[;)}\n]|$)"
)
_DEFINED = re.compile(
    r"\bfunction\s+(\w+)|\b(?:const|let|var)\s+(\w+)\s*(?::[^=]{1,200})?=\s*(?:async\s*)?"
    r"(?:function\b|\([^)]{0,500}\)\s*(?::[^=]{1,200})?=>|\w+\s*=>)"
)
_GLOBALS = re.compile(
    r"(?:JSON|Number|String|Boolean|Object|Array|Promise|Math|Date|console|parseInt|Buffer|crypto|process)\b"
)
_CALLBACK = re.compile(r"callback|cb|done|context\.(?:succeed|done)")
_COMPUTED_KEY = re.compile(r"[,{]\s*\[")
_SPREAD = re.compile(r"\.\.\.\s*([\w$]*)(?=\s*[,}\]])?")
_TOKEN = re.compile(r"[(){}\[\]]|(?<![\w$.])[A-Za-z_$][\w$]*")
_READER = re.compile(r"(?:\bJSON\.stringify|\bconsole\.\w+|\b(?:if|while|switch|return))\s*$")
_CONSTANTS = frozenset({"null", "undefined", "true", "false"})
LITERALS = frozenset("{[\"'`0123456789")
"""What an object, a list, a text or a number begins with."""


def may_export(code: str, name: str) -> bool:
    """Whether a module may export a name: it has it, or exports what is not written there."""
    if re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", code) or _EXPORTS_OTHERS.search(code):
        return True
    return re.search(r"\bexports?\b", code) is None


def answers_in_the_open(code: str) -> bool:
    """Whether every answer of code without comments is built where it can be read."""
    if not _HANDLER.search(code) or _WRAPPED.search(code) or _DYNAMIC.search(code):
        return False
    passed = set(_passed_on(code))
    if "handler" in passed:
        return False
    literal = _literals(code) - passed
    plain = {name for name, body in _OBJECT.findall(code) if not _COMPUTED_KEY.search("{" + body)} & literal
    own = {name for names in _DEFINED.findall(code) for name in names if name}
    given = (found.group(1) for found in _GIVES.finditer(code))
    returned = (found.group(1) for found in _RETURNED.finditer(code))
    return (
        _are_plain_headers(code, plain)
        and all(found.group(1) in plain for found in _SPREAD.finditer(code))
        and all(name in own or _GLOBALS.match(name) or _CALLBACK.fullmatch(name) for name in given)
        and all(name in literal | _CONSTANTS for name in returned)
        and all(found.group(1) in own for found in _EXPORTED.finditer(code))
    )


def _literals(code: str) -> set[str]:
    """Names that are given nothing but literals, and no key that is computed."""
    begins: dict[str, set[str]] = {}
    for name, first in _ASSIGNED.findall(code):
        begins.setdefault(name, set()).add(first)
    computed = set(re.findall(r"(?<![\w$.])([A-Za-z_$][\w$]*)\s*\[(?!\s*[\"'][^\"']*[\"']\s*\])", code))
    return {name for name, firsts in begins.items() if firsts <= LITERALS} - computed


def _passed_on(code: str) -> Iterator[str]:
    """The names that stand between parentheses: a function that is given an object may change it."""
    around: list[str] = []
    for found in _TOKEN.finditer(code):
        mark = found.group()
        if mark == "(":
            before = code[max(0, found.start() - 40) : found.start()]
            around.append("read" if _READER.search(before) else mark)
        elif mark in "{[":
            around.append(mark)
        elif mark in ")}]":
            if around:
                around.pop()
        elif around and around[-1] == "(":
            yield mark


def _are_plain_headers(code: str, plain: set[str]) -> bool:
    """Whether each `headers` of the code is an object that is written there, or the name of one that is."""
    for found in _HEADERS.finditer(code):
        before = _before(code, found.start())
        value = found.group("value") or found.group("given")
        if value is None:
            if before.endswith((",", "{")) and "headers" not in plain:
                return False
        elif value.startswith("{"):
            start = found.start("value") if found.group("value") else found.start("given")
            if _COMPUTED_KEY.search(code[start : code.find("}", start)]):
                return False
        elif value.rstrip(";") not in plain:
            return False
    return True


def _before(code: str, place: int) -> str:
    """The character before a place that is not a space."""
    while place and code[place - 1].isspace():
        place -= 1
    return code[max(0, place - 1) : place]
