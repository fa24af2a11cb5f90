"""A place in a template's text, and the tokens that can be read there."""

from __future__ import annotations

import re
from dataclasses import dataclass

from accountsctl.localcloud.apigateway.templates.vtl_nodes import VtlError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_BLANK = re.compile(r"\s*")
_DIRECTIVE = re.compile(r"#(?:(?P<brace>\{)(?P<inner>[a-z]+)\}|(?P<word>[a-z]+))")


@dataclass
class Cursor:
    """A place in the template's text, and the tokens that can be read there."""

    text: str
    at: int = 0

    def error(self, reason: str) -> VtlError:
        line = self.text.count("\n", 0, self.at) + 1
        return VtlError(f"line {line}: {reason}")

    def _skip_to(self, mark: str) -> None:
        end = self.text.find(mark, self.at + 2)
        self.at = len(self.text) if end < 0 else end + len(mark)

    def _directive(self) -> str | None:
        found = _DIRECTIVE.match(self.text, self.at)
        return (found["inner"] or found["word"]) if found else None

    def _read_directive(self) -> None:
        found = _DIRECTIVE.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def _string(self, quote: str) -> str:
        r"""A quoted text without its quotes; `\"` is a quote within it."""
        end = self.text.find(quote, self.at + 1)
        while end > 0 and quote == '"' and self.text[end - 1] == "\\":
            end = self.text.find(quote, end + 1)
        if end < 0:
            raise self.error("a string without its end")
        found = self.text[self.at + 1 : end]
        self.at = end + 1
        return found.replace('\\"', '"') if quote == '"' else found

    def _name(self) -> str:
        found = _NAME.match(self.text, self.at)
        if found is None:
            raise self.error("a name was expected")
        self.at = found.end()
        return found[0]

    def _blank(self) -> None:
        found = _BLANK.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def _take(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def _expect(self, sign: str) -> None:
        self._blank()
        if not self._take(sign):
            raise self.error(f"{sign!r} was expected at {self.text[self.at : self.at + 20]!r}")
