"""Write docs/reference.md from the commands themselves.

python tools/make_reference.py            write it
python tools/make_reference.py --check    exit 1 where it is out of date
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from accountsctl.cli import cli

TARGET = Path(__file__).parents[1] / "docs" / "reference.md"
HEAD = """# Commands

Generated from the code by `python tools/make_reference.py`; do not edit.

Exit codes: 0 done; 1 unhealthy or a finding; 2 your files or flags; 3 AWS refused; 4 a stack failed; 130 declined
or interrupted. stdout is data, stderr is talk. Without a terminal nothing is asked: a missing answer is an error
that names the flag.
"""


def walk(
    command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command below `command`, parents first, with the words that call it."""
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from walk(child, click.Context(child, info_name=name, parent=context))


def section(path: str, command: click.Command, context: click.Context) -> str:
    """One command: its usage, what it does, its options."""
    usage = f"{path} {' '.join(command.collect_usage_pieces(context))}".rstrip()
    text = click.formatting.HelpFormatter(width=100)
    command.format_help_text(context, text)
    lines = [f"## `{path}`", "", f"    {usage}", "", *(line.strip() for line in text.getvalue().splitlines())]
    rows = [record for each in command.get_params(context) if (record := each.get_help_record(context))]
    if rows:
        lines += ["", "| option | meaning |", "|---|---|"]
        lines += [f"| `{_cell(name)}` | {_cell(meaning)} |" for name, meaning in rows]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """Text that does not end a table's cell."""
    return text.replace("|", "\\|")


def reference() -> str:
    """The whole page."""
    context = click.Context(cli, info_name="accountsctl")
    parts = [section(path, command, ctx) for path, command, ctx in walk(cli, context)]
    return HEAD + "\n" + "\n".join(parts)


def main() -> int:
    """Write the page, or check it."""
    text = reference()
    if "--check" in sys.argv[1:]:
        return 0 if TARGET.exists() and TARGET.read_text() == text else 1
    TARGET.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
