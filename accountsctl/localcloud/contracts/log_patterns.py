"""Filter patterns of CloudWatch Logs: terms, and conditions on events that are JSON.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import fnmatch
import json
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Test = Callable[[str], bool]
"""Whether a message is selected."""

_TERM = re.compile(r'\s*([?-]?)("((?:[^"\\]|\\.)*)"|[^\s"]+)')
_TOKEN = re.compile(
    r"\s*(?:(?P<path>\$(?:\.[\w-]+|\[\d+\])+)|(?P<sign>!=|<=|>=|=|<|>|&&|\|\||\(|\))"
    r'|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<word>[^\s()=<>!&|]+))'
)
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]")
_ORDERS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_ABSENT = object()


class LogPatternError(ValueError):
    """A pattern that CloudWatch Logs refuses, or that this cloud does not evaluate."""


def parse(pattern: str) -> Test:
    """What the pattern selects; "" selects every message. Raises LogPatternError."""
    text = pattern.strip()
    if text.startswith("{") and text.endswith("}"):
        condition = _Parser(text[1:-1]).whole()
        return lambda message: condition(_json(message))
    if text.startswith("[") or "%" in text:
        raise LogPatternError(
            "The embedded cloud does not evaluate patterns of columns or regular expressions."
        )
    return _terms(text)


def _terms(text: str) -> Test:
    """Every term must be there, none that has a minus, and one of those with a question mark, if there are any."""
    signs: dict[str, list[str]] = {"": [], "-": [], "?": []}
    position = 0
    while position < len(text):
        found = _TERM.match(text, position)
        if found is None:
            raise LogPatternError("Invalid filter pattern")
        signs[found[1]].append(found[3] if found[3] is not None else found[2])
        position = found.end()
    return lambda message: (
        all(term in message for term in signs[""])
        and not any(term in message for term in signs["-"])
        and (not signs["?"] or any(term in message for term in signs["?"]))
    )


def _json(message: str) -> object:
    try:
        return json.loads(message)
    except ValueError:
        return _ABSENT


_Condition = Callable[[object], bool]


class _Parser:
    """``$.level = "ERROR" && ($.n > 5 || $.user IS NULL)``, by recursive descent."""

    def __init__(self, text: str) -> None:
        self._tokens: list[re.Match[str]] = []
        position = 0
        while text[position:].strip():
            token = _TOKEN.match(text, position)
            if token is None:
                raise LogPatternError("Invalid filter pattern")
            self._tokens.append(token)
            position = token.end()

    def whole(self) -> _Condition:
        condition = self._any()
        if self._tokens:
            raise LogPatternError("Invalid filter pattern")
        return condition

    def _any(self) -> _Condition:
        parts = [self._all()]
        while self._is("||"):
            parts.append(self._all())
        return lambda event: any(part(event) for part in parts)

    def _all(self) -> _Condition:
        parts = [self._one()]
        while self._is("&&"):
            parts.append(self._one())
        return lambda event: all(part(event) for part in parts)

    def _one(self) -> _Condition:
        if self._is("("):
            inner = self._any()
            if not self._is(")"):
                raise LogPatternError("Invalid filter pattern")
            return inner
        path, sign = self._next()["path"], self._next()
        if path is None:
            raise LogPatternError("Invalid filter pattern")
        if sign["sign"] is None:
            return self._keyword(path, str(sign["word"]).upper())
        value = self._next()
        return _comparison(path, sign["sign"], value["text"], value["word"])

    def _keyword(self, path: str, first: str) -> _Condition:
        second = str(self._next()["word"]).upper()
        expected: dict[str, object] = {"NULL": None, "TRUE": True, "FALSE": False}
        if first == "IS" and second in expected:
            return lambda event: _at(event, path) is expected[second]
        if first == "NOT" and second == "EXISTS":
            return lambda event: event is not _ABSENT and _at(event, path) is _ABSENT
        raise LogPatternError("Invalid filter pattern")

    def _is(self, sign: str) -> bool:
        if self._tokens and self._tokens[0]["sign"] == sign:
            self._tokens.pop(0)
            return True
        return False

    def _next(self) -> re.Match[str]:
        if not self._tokens:
            raise LogPatternError("Invalid filter pattern")
        return self._tokens.pop(0)


def _comparison(path: str, sign: str, text: str | None, word: str | None) -> _Condition:
    """Numbers by value, everything else as text with ``*`` for anything."""
    wanted = text if text is not None else word
    number = None if word is None else _number(word)
    if wanted is None or (sign in _ORDERS and number is None) or sign in ("&&", "||", "(", ")"):
        raise LogPatternError("Invalid filter pattern")

    def equal(value: object) -> bool:
        if number is not None:
            return _is_number(value) and float(str(value)) == number
        return isinstance(value, str) and fnmatch.fnmatchcase(value, wanted.replace("[", "[[]"))

    def holds(event: object) -> bool:
        value = _at(event, path)
        if value is _ABSENT:
            return False
        if sign in _ORDERS:
            assert number is not None
            return _is_number(value) and _ORDERS[sign](float(str(value)), number)
        return equal(value) is (sign == "=")

    return holds


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _at(event: object, path: str) -> Any:
    value = event
    for step in _STEP.finditer(path):
        if step[1] is not None:
            value = value.get(step[1], _ABSENT) if isinstance(value, Mapping) else _ABSENT
        else:
            index = int(step[2])
            value = value[index] if isinstance(value, list) and index < len(value) else _ABSENT
    return value
