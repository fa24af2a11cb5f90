"""The files that `db seed` reads: CSV with a header, or a JSON list of objects, in UTF-8.

A row keeps its text as JSON: that is what travels to the database, and no number loses a digit on the way.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from accountsctl.model.errors import Fault, ProjectError, UsageError, reason_of

_BETWEEN = re.compile(r"[ \t\r\n]*")
_LIST = 'It must be a list of objects: [{"column": value}, ...].'


@dataclass(frozen=True)
class Row:
    """A row: the line of the file on which it ends (CSV) or begins (JSON), and its text as a JSON object."""

    line: int
    text: str


@dataclass(frozen=True)
class SeedFile:
    """A file of rows: its name, the columns that its rows name, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read(path: Path) -> SeedFile:
    """Read a file of rows; ProjectError with every line that does not fit, UsageError for another kind of file."""
    reader = {".csv": _csv, ".json": _json}.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"{path.name} is neither CSV nor JSON.",
            why="The end of its name says which of them a file is.",
            hint="Name a file that ends in .csv or .json.",
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be read.", why=reason_of(error), hint="Name a file that is there."
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path.name} is not UTF-8.", why=str(error), hint="Save it as UTF-8.") from error
    return reader(path.name, text)


def _csv(name: str, text: str) -> SeedFile:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    faults: list[Fault] = []
    rows: list[Row] = []
    columns: tuple[str, ...] = ()
    try:
        columns = tuple(cell.strip() for cell in next(reader, []))
        for cells in reader:
            if len(cells) == len(columns):
                values = {key: cell or None for key, cell in zip(columns, cells, strict=True)}
                rows.append(Row(reader.line_num, json.dumps(values)))
            elif cells:
                what = f"{len(cells)} cells under {len(columns)} columns"
                faults.append(Fault(name, reader.line_num, what, "Quote cells that hold commas."))
    except csv.Error as error:
        faults.append(Fault(name, reader.line_num, f"{error}", "Close the quotes."))
    twice = sorted({column for column in columns if columns.count(column) > 1})
    faults += [Fault(name, 1, f'two columns are called "{column}"', "Name each once.") for column in twice]
    if faults:
        raise ProjectError(faults)
    return SeedFile(name, columns, tuple(rows))


def _json(name: str, text: str) -> SeedFile:
    columns: dict[str, None] = {}
    rows: list[Row] = []
    try:
        for start, end, value in _elements(text):
            line = text.count("\n", 0, start) + 1
            if not isinstance(value, dict):
                raise ProjectError([Fault(name, line, "no object", _LIST)])
            columns |= dict.fromkeys(value)
            rows.append(Row(line, text[start:end]))
    except json.JSONDecodeError as error:
        raise ProjectError([Fault(name, error.lineno, f"no JSON list: {error.msg}", _LIST)]) from error
    return SeedFile(name, tuple(columns), tuple(rows))


def _elements(text: str) -> Iterator[tuple[int, int, Any]]:
    """Where each element of a JSON list begins and ends, and its value; JSONDecodeError where it is none."""
    decoder = json.JSONDecoder()

    def skip(place: int) -> int:
        found = _BETWEEN.match(text, place)
        return found.end() if found else place

    place = _expected(text, skip(0), "[")
    place = skip(place)
    if text[place : place + 1] != "]":
        while True:
            value, end = decoder.raw_decode(text, place)
            yield place, end, value
            place = skip(end)
            if text[place : place + 1] == "]":
                break
            place = skip(_expected(text, place, ","))
    if skip(place + 1) != len(text):
        raise json.JSONDecodeError("more than a list", text, place + 1)


def _expected(text: str, place: int, what: str) -> int:
    if text[place : place + 1] != what:
        raise json.JSONDecodeError(f"expected {what}", text, place)
    return place + 1
