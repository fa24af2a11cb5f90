"""Whether JavaScript builds all its answers where they can be read: then a header that is not there is not sent.

Read is text, not a syntax tree, so the least sign of another way counts: a handler that something wraps, an answer or
headers that are spread, computed or passed on, and a function of another module that gives the answer.
"""

from __future__ import annotations

import re

_HANDLER = re.compile(
    r"(?:exports\.\w+|export\s+(?:const|let|var)\s+\w+|(?:const|let|var)\s+handler)(?:\s*:[^=]+)?\s*=\s*"
    r"(?:async\s*)?(?:function\b|\(|\w+\s*=>)|export\s+(?:default\s+)?(?:async\s+)?function\b|function\s+handler\b"
)
_WRAPPED = re.compile(
    r"(?:exports(?:\.\w+)?|export\s+(?:const|let|var)\s+\w+|export\s+default)\s*=?\s*(?!async\b|function\b)[\w.]+\s*\("
)
_DYNAMIC = re.compile(r"Object\.assign\(|headers\s*\[(?!\s*[\"'])|\.(?:set|append|header|setHeader)\(")
_SPREAD_ANSWER = re.compile(r"\{[^{}]*\.\.\.[^{}]*\bstatusCode\b|\bstatusCode\b[^{}]*\.\.\.")
_HEADERS = re.compile(r"\b(?:multiValueHeaders|headers)\b(?P<colon>\s*:\s*(?P<value>[^\s,}]+))?")
_OBJECT = re.compile(r"(?:const|let|var)\s+(\w+)(?:\s*:[^=]+)?\s*=\s*\{([^{}]*)\}")
_GIVES = re.compile(
    r"(?:\breturn\s+|=>\s*\(?\s*|\?\s*|\}\s*:\s*|\b(?:callback|cb|done)\(\s*null\s*,\s*|\.succeed\(\s*)(?:await\s+)?(?:new\s+)?([A-Za-z_$][\w$.]*)\s*\("
)
_DEFINED = re.compile(
    r"\bfunction\s+(\w+)|\b(?:const|let|var)\s+(\w+)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:function\b|\([^)]*\)\s*(?::[^=]+)?=>|\w+\s*=>)"
)
_GLOBALS = re.compile(
    r"(?:JSON|Number|String|Boolean|Object|Array|Promise|Math|Date|console|parseInt|Buffer|crypto|process)\b"
)

_COMPUTED_KEY = re.compile(r"[,{]\s*\[")


def answers_in_the_open(code: str) -> bool:
    """Whether every answer of code without comments is built where it can be read."""
    if "statusCode" not in code or not _HANDLER.search(code) or _WRAPPED.search(code):
        return False
    if _DYNAMIC.search(code) or _SPREAD_ANSWER.search(code):
        return False
    plain = {
        name
        for name, body in _OBJECT.findall(code)
        if "..." not in body and not re.search(r"[,{]\s*\[", "{" + body)
    }
    own = {name for names in _DEFINED.findall(code) for name in names if name}
    given = (found.group(1) for found in _GIVES.finditer(code))
    return _are_plain_headers(code, plain) and all(name in own or _GLOBALS.match(name) for name in given)


def _are_plain_headers(code: str, plain: set[str]) -> bool:
    """Whether each `headers` of the code is an object that is written there, or the name of one that is."""
    for found in _HEADERS.finditer(code):
        before = code[: found.start()].rstrip()
        if before.endswith((".", "const", "let", "var", '"', "'")):
            continue  # the request's headers, or a definition, which is among the objects
        value = found.group("value")
        if value is None:
            if before.endswith((",", "{")) and "headers" not in plain:
                return False
        elif value.startswith("{"):
            body = code[found.end("value") - len(value) :].partition("}")[0]
            if "..." in body or _COMPUTED_KEY.search(body):
                return False
        elif value not in plain:
            return False
    return True
