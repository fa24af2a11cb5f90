"""Tables as lines of text: the formatters of every table, on terminals and in pipes.

Tables are plain text, so that `grep` and `awk` read them, and formatting one imports nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

NARROWEST = 20
"""The least width of a last column that is wrapped; a table that leaves less is written as records."""


def aligned(columns: Sequence[str], rows: Iterable[Sequence[object]], width: int | None = None) -> list[str]:
    """The head, a rule below it, and the rows.

    With `width`, a table that is wider fits into it: its last column is wrapped, or stands below its row, or each row
    becomes a record with a line for each value.
    """
    cells = [list(columns), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    if width is None or sum(widths) + 2 * (len(widths) - 1) <= width:
        return [
            *_row(cells[0], widths),
            "  ".join("-" * width for width in widths),
            *_rows(cells[1:], widths),
        ]
    before = sum(widths[:-1]) + 2 * (len(widths) - 1)
    room = width - before
    if before > width:
        return _records(columns, cells[1:], width)
    if room < NARROWEST or _longest_word(cells, -1) > room:
        return _below(cells, widths[:-1], width)
    widths[-1] = room
    return [*_row(cells[0], widths), "  ".join("-" * width for width in widths), *_rows(cells[1:], widths)]


def hanging(text: str, width: int) -> str:
    """A message that fits into `width` columns: broken between words, its further lines indented more than its first.

    A word that is wider stays in one line, so that a URL or an ARN can be copied.
    """
    return "\n".join(_hanging_line(line, width) for line in text.split("\n"))


def in_last_column(text: str, lead: int, width: int | None) -> list[str]:
    """The lines of a text that starts after `lead` columns, so that it fits into `width`; in one line if there is no
    room, or no `width`.
    """
    if width is None or width - lead < NARROWEST:
        return [text]
    return _wrapped(text, width - lead)


def _hanging_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    from textwrap import fill

    indent = " " * (len(line) - len(line.lstrip(" ")))
    return fill(
        line.lstrip(" "),
        width,
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _rows(cells: Iterable[Sequence[str]], widths: Sequence[int]) -> list[str]:
    return [line for row in cells for line in _row(row, widths)]


def _row(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    """A row, the last cell wrapped below itself."""
    last = _wrapped(row[-1], widths[-1])
    before = [cell.ljust(width) for cell, width in zip(row[:-1], widths[:-1], strict=True)]
    empty = [" " * width for width in widths[:-1]]
    return ["  ".join([*(empty if number else before), line]).rstrip() for number, line in enumerate(last)]


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    from textwrap import wrap

    return wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _longest_word(cells: Sequence[Sequence[str]], column: int) -> int:
    return max(len(word) for row in cells for word in [*row[column].split(), ""])


def _below(cells: Sequence[Sequence[str]], widths: Sequence[int], width: int) -> list[str]:
    """The last cell below its row, so that a URL or an ARN stays in one line and can be copied."""
    indent = "    "
    head = [
        _row(cells[0][:-1], widths)[0],
        f"{indent}{cells[0][-1]}",
        "  ".join("-" * column for column in widths),
    ]
    rows = [
        [*_row(row[:-1], widths), *(indent + line for line in _wrapped(row[-1], width - len(indent)) if line)]
        for row in cells[1:]
    ]
    return [*head, *(line for row in rows for line in row)]


def _records(columns: Sequence[str], cells: Iterable[Sequence[str]], width: int) -> list[str]:
    """Each row as lines of name and value, an empty line between two rows. A value that is a word stays in one line,
    so that it can be copied."""
    name_width = max(map(len, columns))
    lines: list[str] = []
    for row in cells:
        lines += [""] if lines else []
        shown = [(name, cell) for name, cell in zip(columns, row, strict=True) if cell]
        for name, cell in shown:
            lines += _row([name, cell], [name_width, max(width - name_width - 2, NARROWEST)])
    return lines


def psql_table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Rows as psql draws them: numbers to the right, a value of several lines as such, with a `+` where it goes on.

    Source: https://www.postgresql.org/docs/current/app-psql.html (\\pset format aligned).
    """
    cells = [[psql_cell(value).split("\n") for value in row] for row in rows]
    numeric = [all(_is_number(row[i]) for row in rows) and bool(rows) for i in range(len(columns))]
    widths = [
        max([len(name), *(len(line) for row in cells for line in row[i])]) for i, name in enumerate(columns)
    ]
    lines = [
        " | ".join(_centered(name, width) for name, width in zip(columns, widths, strict=True)).rstrip(),
        "-+-".join("-" * width for width in widths),
    ]
    for row in cells:
        for number in range(max(map(len, row))):
            parts = [
                _psql_part(cell, number, width, right=right)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            ]
            lines.append("| ".join(parts).rstrip())
    return lines


def _centered(name: str, width: int) -> str:
    """In the middle, as psql rounds: `str.center` puts the odd space before a short name."""
    return f"{' ' * ((width - len(name)) // 2)}{name}".ljust(width)


def _psql_part(cell: Sequence[str], number: int, width: int, *, right: bool) -> str:
    text = cell[number] if number < len(cell) else ""
    goes_on = "+" if number + 1 < len(cell) else " "
    return f"{text.rjust(width) if right else text.ljust(width)}{goes_on}"


def psql_fitting(columns: Sequence[str], rows: Sequence[Sequence[object]], width: int | None) -> list[str]:
    """As psql does with ``\\x auto``: a table, or records if it is wider than the terminal. None: no terminal."""
    table = psql_table(columns, rows)
    too_wide = width is not None and max(map(len, table)) > width
    return psql_records(columns, rows) if too_wide else table


def psql_records(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Rows as psql draws them with ``\\x``: a line for each value."""
    width = max(map(len, columns), default=0)
    lines = []
    for number, row in enumerate(rows, 1):
        lines.append(f"-[ {number} ]" + "-" * max(0, width - 6))
        for name, value in zip(columns, row, strict=True):
            first, *rest = psql_cell(value).split("\n")
            lines += [f"{name:<{width}} | {first}", *(f"{'':<{width}} | {line}" for line in rest)]
    return lines


def psql_cell(value: object) -> str:
    """A value as psql shows it; NULL by that name, since an empty cell could be an empty text."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "t" if value else "f"
        case tuple() | list():
            return "{" + ",".join(psql_cell(item) for item in value) + "}"
        case _:
            return str(value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))
