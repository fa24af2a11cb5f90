"""Rows as CSV (RFC 4180, but with line feeds)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV with a header, line by line; NULL (None) is an empty cell."""
    yield _line(columns)
    for cells in rows:
        yield _line(["" if cell is None else cell for cell in cells])


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()
