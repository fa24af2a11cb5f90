"""The part of the Velocity Template Language that MOCK integrations and CORS allow-lists are written in.

Text, comments, references with properties, methods and indexes, `#set`, `#if`/`#elseif`/`#else`/`#end`,
`#foreach`, `#break`, `#stop`, and expressions over them. Everything else (`#macro`, `#parse`, ...) is refused when
an API is deployed, never guessed at when a request comes.
"""

from __future__ import annotations

import re

from accountsctl.localcloud.apigateway.templates.vtl_cursor import Cursor
from accountsctl.localcloud.apigateway.templates.vtl_nodes import (
    Assignment,
    BinaryOperation,
    Choice,
    Expression,
    Leave,
    ListLiteral,
    Literal,
    Loop,
    MapLiteral,
    Node,
    Quoted,
    Reference,
    Step,
    Text,
)

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_NUMBER = re.compile(r"-?\d+")
# Longer signs stand before those that they begin with.
_OPERATORS = (
    ("||", "or"), ("&&", "and"), ("==", "eq"), ("!=", "ne"), ("<=", "le"), (">=", "ge"), ("<", "lt"), (">", "gt"),
    ("+", None), ("-", None), ("*", None), ("/", None), ("%", None),
)  # fmt: skip
_LEVELS = (("||",), ("&&",), ("==", "!="), ("<=", ">=", "<", ">"), ("+", "-"), ("*", "/", "%"))


def parse(template: str) -> tuple[Node, ...]:
    """The template's nodes; VtlError, with the place, where it cannot be understood."""
    parser = _VtlParser(template)
    nodes = parser.block(frozenset())
    if parser.at < len(template):
        raise parser.error("#end, #else or #elseif without an #if")
    return nodes


class _ExpressionParser(Cursor):
    """References and expressions."""

    def expression(self, level: int = 0) -> Expression:
        """`||` binds loosest, then `&&`, equality, comparison, sums, products, then `!`."""
        if level == len(_LEVELS):
            return self._unary()
        left = self.expression(level + 1)
        while operator := self._operator(_LEVELS[level]):
            left = BinaryOperation(operator, (left, self.expression(level + 1)))
        return left

    def _condition(self) -> Expression:
        self._expect("(")
        found = self.expression()
        self._expect(")")
        return found

    def _operator(self, wanted: tuple[str, ...]) -> str | None:
        self._blank()
        for sign, word in _OPERATORS:
            if sign not in wanted:
                continue
            if self.text.startswith(sign, self.at):
                self.at += len(sign)
                return sign
            if word and re.match(rf"{word}\b", self.text[self.at :]):
                self.at += len(word)
                return sign
        return None

    def _unary(self) -> Expression:
        self._blank()
        if self.text.startswith("!", self.at):
            self.at += 1
            return BinaryOperation("!", (self._unary(),))
        if self.text.startswith("(", self.at):
            return self._condition()
        return self._operand()

    def _operand(self) -> Expression:
        start = self.text[self.at : self.at + 1]
        if start == "$":
            return self._reference()
        if start == "'":
            return Literal(self._string("'"))
        if start == '"':
            return Quoted(parse(self._string('"')))
        if number := _NUMBER.match(self.text, self.at):
            self.at = number.end()
            return Literal(int(number[0]))
        if start == "[":
            return self._list()
        if start == "{":
            return self._map()
        for word, value in (("true", True), ("false", False)):
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return Literal(value)
        raise self.error(f"an expression was expected at {self.text[self.at : self.at + 20]!r}")

    def _list(self) -> ListLiteral:
        self._expect("[")
        self._blank()
        if self._take("]"):
            return ListLiteral(())
        items = [self.expression()]
        self._blank()
        if self._take(".."):
            items.append(self.expression())
            self._expect("]")
            return ListLiteral(tuple(items), range=True)
        while not self._take("]"):
            self._expect(",")
            items.append(self.expression())
            self._blank()
        return ListLiteral(tuple(items))

    def _map(self) -> MapLiteral:
        self._expect("{")
        entries: list[tuple[Expression, Expression]] = []
        self._blank()
        while not self._take("}"):
            if entries:
                self._expect(",")
            key = self.expression()
            self._expect(":")
            entries.append((key, self.expression()))
            self._blank()
        return MapLiteral(tuple(entries))

    def _reference(self) -> Reference:
        start = self.at
        if not self.text.startswith("$", self.at):
            raise self.error("a reference ($name) was expected")
        self.at += 1
        quiet = self._take("!")
        braced = self._take("{")
        name = self._name()
        steps: list[Step] = []
        while step := self._step():
            steps.append(step)
        if braced and not self._take("}"):
            raise self.error("a reference without its }")
        return Reference(name, tuple(steps), self.text[start : self.at], quiet)

    def _step(self) -> Step | None:
        if self._take("["):
            index = self.expression()
            self._expect("]")
            return Step(None, (index,))
        following = self.text[self.at : self.at + 2]
        if len(following) < 2 or following[0] != "." or not _NAME.match(following[1]):
            return None
        self.at += 1
        name = self._name()
        return Step(name, self._arguments() if self._take("(") else None)

    def _arguments(self) -> tuple[Expression, ...]:
        found: list[Expression] = []
        self._blank()
        if self._take(")"):
            return ()
        while True:
            found.append(self.expression())
            self._blank()
            if self._take(")"):
                return tuple(found)
            self._expect(",")


class _VtlParser(_ExpressionParser):
    """Text and directives."""

    def block(self, ends: frozenset[str]) -> tuple[Node, ...]:
        """Nodes up to one of the directives `ends`, which is left unread."""
        nodes: list[Node] = []
        while self.at < len(self.text):
            rest = self.text[self.at :]
            if rest.startswith("##"):
                self._skip_to("\n")
            elif rest.startswith("#*"):
                self._skip_to("*#")
            elif word := self._directive():
                if word in ("end", "else", "elseif"):
                    if word not in ends:
                        raise self.error(f"#{word} without an #if")
                    break
                nodes.append(self._statement(word))
            elif re.match(r"\$!?\{?[A-Za-z_]", rest):
                nodes.append(self._reference())
            else:
                nodes.append(self._plain())
        return tuple(nodes)

    def _plain(self) -> Text:
        end = self.at + 1
        while end < len(self.text) and self.text[end] not in "#$":
            end += 1
        found = Text(self.text[self.at : end])
        self.at = end
        return found

    def _statement(self, word: str) -> Node:
        self._read_directive()
        if word == "set":
            return self._set()
        if word == "if":
            return self._if()
        if word == "foreach":
            return self._foreach()
        if word in ("break", "stop"):
            return Leave(word)
        raise self.error(f"#{word} is not understood by the embedded gateway")

    def _set(self) -> Assignment:
        self._expect("(")
        self._blank()
        target = self._reference()
        if any(step.arguments is not None and step.name is not None for step in target.steps):
            raise self.error("#set assigns to a variable, a property or an entry")
        self._expect("=")
        value = self.expression()
        self._expect(")")
        return Assignment(target, value)

    def _foreach(self) -> Loop:
        self._expect("(")
        self._blank()
        variable = self._reference()
        if variable.steps:
            raise self.error("#foreach names a variable")
        self._expect("in")
        values = self.expression()
        self._expect(")")
        body = self.block(frozenset({"end"}))
        if self.at >= len(self.text):
            raise self.error("#foreach without #end")
        self._read_directive()
        return Loop(variable.name, values, body)

    def _if(self) -> Choice:
        branches: list[tuple[Expression | None, tuple[Node, ...]]] = []
        condition: Expression | None = self._condition()
        while True:
            ends = frozenset({"end"} if condition is None else {"end", "else", "elseif"})
            branches.append((condition, self.block(ends)))
            word = self._directive() if self.at < len(self.text) else None
            if word is None:
                raise self.error("#if without #end")
            self._read_directive()
            if word == "end":
                return Choice(tuple(branches))
            condition = self._condition() if word == "elseif" else None
