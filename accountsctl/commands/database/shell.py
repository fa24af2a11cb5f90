"""What `db shell` does with a line: gather it into a statement, run it, or obey a backslash."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from enum import Enum

from accountsctl.commands.database.long_statements import LongStatements
from accountsctl.commands.database.query import run_statement
from accountsctl.commands.database.tables import names, table
from accountsctl.formats.sql import Statement, UnfinishedSql, split_statements
from accountsctl.formats.text_table import psql_fitting, psql_records, psql_table
from accountsctl.model.errors import AccountsctlError, UsageError
from accountsctl.ports.database import Database, QueryResult

HELP = """\\d, \\dt           tables
\\d TABLE          its columns
\\x [on|off|auto]  one column a line; auto: where a table is wider than the terminal
\\json             rows as JSON, on and off
\\timing           how long a statement takes, on and off
\\r                forget what was typed
\\q                end
Every statement is a transaction of its own: the Data API keeps no session."""


class Expanded(Enum):
    """Whether a row is a line for each column, as psql's ``\\x`` has it."""

    ON = "on"
    OFF = "off"
    AUTO = "auto"


class Shell:
    """A session. `take` gives the lines to print; `ended` says that it is over.

    `width` gives the columns of the terminal, None if the output is none.
    """

    def __init__(
        self,
        database: Database,
        as_json: bool = False,
        clock: Callable[[], float] = time.monotonic,
        width: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._database = database
        self._width = width
        self._clock = clock
        self._text = ""
        self._json = as_json
        self._expanded = Expanded.AUTO
        self._timing = False
        self.ended = False

    @property
    def prompt(self) -> str:
        """Another one within a statement."""
        return "... " if self._text.strip() else "db> "

    def forget(self) -> None:
        """Drop what was typed of a statement."""
        self._text = ""

    def take(self, line: str, *, forgiving: bool) -> Iterator[str]:
        """One line. `forgiving`: an error is a line too, and the session goes on."""
        try:
            yield from self._take(line)
        except AccountsctlError as error:
            self.forget()
            if not forgiving:
                raise
            yield from (text for text in (error.what, error.why, error.hint) if text)

    def finish(self) -> Iterator[str]:
        """What is left at the end of the input, semicolon or not."""
        text, self._text = self._text, ""
        for statement in _split(text):
            yield from self._run(statement)

    def _take(self, line: str) -> Iterator[str]:
        if (line.lstrip().startswith("\\") or line.strip() in ("quit", "exit")) and not self._text.strip():
            yield from self._obey(line.split())
            return
        if line.lstrip().startswith("\\") and _whole(self._text) is not None:
            yield from self._obey(line.split())
            return
        self._text += line
        statements = _whole(self._text)
        if statements is None or not self._text.rstrip().endswith(";"):
            return
        self.forget()
        for statement in statements:
            yield from self._run(statement)

    def _obey(self, words: Sequence[str]) -> Iterator[str]:
        match words:
            case ["\\q" | "quit" | "exit"]:
                self.ended = True
            case ["\\x"]:
                yield self._expand(Expanded.OFF if self._expanded is Expanded.ON else Expanded.ON)
            case ["\\x", "on" | "off" | "auto" as state]:
                yield self._expand(Expanded(state))
            case ["\\json"]:
                self._json = not self._json
                yield f"JSON is {_on(self._json)}."
            case ["\\timing"]:
                self._timing = not self._timing
                yield f"Timing is {_on(self._timing)}."
            case ["\\r"]:
                self.forget()
            case ["\\d" | "\\dt" | "\\d+"]:
                yield from names(self._database) or ["There is no table."]
            case ["\\d" | "\\d+" | "\\dt", name]:
                yield from self._describe(name.strip('"'))
            case ["\\?"]:
                yield from HELP.splitlines()
            case _:
                raise UsageError(
                    f"There is no {' '.join(words)}.",
                    why="What begins with \\ is a command of the shell.",
                    hint="\\? lists what there is.",
                )

    def _expand(self, state: Expanded) -> str:
        self._expanded = state
        return f"Expanded display is {state.value}."

    def _describe(self, name: str) -> Iterator[str]:
        found = table(self._database, name)
        rows = [
            (
                column.name,
                column.type,
                "not null" if column.required else "",
                _default(column.identity, column.initial, column.key),
            )
            for column in found.columns
        ]
        yield from psql_table(("column", "type", "null", "default"), rows)

    def _run(self, statement: Statement) -> Iterator[str]:
        if statement.ends_transaction:
            raise UsageError(
                f"{statement.words[0].upper()} does nothing here.",
                why="Every statement is a call of the Data API and a transaction of its own.",
                hint="Write one statement (WITH can change several tables), or a file for `accountsctl db migrate`.",
            )
        started = self._clock()
        found = run_statement(LongStatements(self._database), statement)
        took = self._clock() - started
        yield from self._shown(found)
        if self._timing:
            yield f"Time: {took * 1000:.0f} ms"

    def _shown(self, found: QueryResult | None) -> Iterator[str]:
        if found is None:
            yield "Done. How many rows were changed is not known: the statement outlived its call."
        elif not found.columns and self._json:
            yield json.dumps({"updated": found.updated})
        elif not found.columns:
            yield f"{found.updated} row{'s' if found.updated != 1 else ''} changed."
        elif self._json:
            rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
            yield json.dumps(rows, indent=2, default=str, ensure_ascii=False)
        elif self._expanded is Expanded.ON:
            yield from psql_records(found.columns, found.rows)
        else:
            width = self._width() if self._expanded is Expanded.AUTO else None
            yield from psql_fitting(found.columns, found.rows, width)
            yield f"({len(found.rows)} row{'s' if len(found.rows) != 1 else ''})"


def _whole(text: str) -> Sequence[Statement] | None:
    """The statements; None if a string, a quoted name or a comment is still open, and whatever comes is in it."""
    try:
        return split_statements(text)
    except UnfinishedSql:
        return None


def _split(text: str) -> Sequence[Statement]:
    try:
        return split_statements(text)
    except UnfinishedSql as error:
        raise UsageError(
            "The statement is not complete.", why=f"{error}.", hint="Close what it opens, and send it again."
        ) from error


def _on(state: bool) -> str:
    return "on" if state else "off"


def _default(identity: bool, initial: str, key: bool) -> str:
    parts = ["identity" if identity else initial, "primary key" if key else ""]
    return ", ".join(part for part in parts if part)
