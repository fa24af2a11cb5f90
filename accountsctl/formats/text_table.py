"""A table as lines of text, aligned by column: the one formatter of every table, on terminals and in pipes.

Tables are plain text, so that `grep` and `awk` read them, and formatting one imports nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def aligned(
    columns: Sequence[str], rows: Iterable[Sequence[object]], gap: str = "  ", rule_gap: str = "  "
) -> list[str]:
    """The head, a rule below it, and the rows. `gap` separates the columns, `rule_gap` those of the rule."""
    cells = [list(columns), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(columns))]
    lines = [
        gap.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
    ]
    return [lines[0], rule_gap.join("-" * width for width in widths), *lines[1:]]
