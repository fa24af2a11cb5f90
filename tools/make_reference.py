"""Write docs/reference.md from the commands themselves.

python tools/make_reference.py            write it
python tools/make_reference.py --check    exit 1 where it is out of date
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from accountsctl.cli import cli
from accountsctl.cli.explain import KINDS
from accountsctl.formats.template_head import parameter_keys

Row = tuple[str, str]
SHARED_BY = 8
"""How many commands take an option with the same meaning before it is listed once for all."""
TARGET = Path(__file__).parents[1] / "docs" / "reference.md"
HEAD = """# Commands

Generated from the code by `python tools/make_reference.py`; do not edit.

Options that many commands take stand before the subcommand or after it. `accountsctl help COMMAND` shows a part
of this page. Results go to stdout, messages to stderr. Without a terminal no question is asked: a missing value is an
error that names the flag.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | unhealthy, or something was found |
| 2 | your files or options |
| 3 | AWS refused a call |
| 4 | a stack failed |
| 10 | `push --dry-run --exit-code`: there are changes |
| 11 | `push --dry-run --exit-code`: data would be lost |
| 130 | declined or interrupted |

## Variables

| variable | meaning |
|---|---|
| `ACCOUNTSCTL_ENV` | the environment, if `-e` does not name one |
| `ACCOUNTSCTL_PROJECT` | the project's folder, if `-C` does not name one |
| `AWS_PROFILE`, `AWS_ACCESS_KEY_ID`, ... | the credentials, as for every AWS tool |
| `AWS_REGION`, `AWS_DEFAULT_REGION` | the region of a new project; a push uses the environment's own |
| `NO_COLOR`, `CLICOLOR_FORCE`, `TERM=dumb` | no color; color in pipes too; no color and nothing redrawn |
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


def section(path: str, command: click.Command, context: click.Context, shared: Mapping[Row, str]) -> str:
    """One command: its usage, what it does, its examples, its options."""
    usage = f"{path} {' '.join(command.collect_usage_pieces(context))}".rstrip()
    lines = [f"## `{path}`", "", f"    {usage}", "", *_description(command, context)]
    rows = option_rows(command, context)
    own = [row for row in rows if row not in shared and row[1]]
    if own:
        lines += ["", "| option | meaning |", "|---|---|"]
        lines += [f"| `{_cell(name)}` | {_cell(meaning)} |" for name, meaning in own]
    named = [f"`{shared[row]}`" for row in rows if row in shared]
    if named:
        lines += ["", f"[Shared options](#shared-options): {', '.join(named)}."]
    return "\n".join(lines) + "\n"


def _description(command: click.Command, context: click.Context) -> Iterator[str]:
    """The help text, without indentation; the examples as a block of code."""
    text = click.formatting.HelpFormatter(width=100)
    command.format_help_text(context, text)
    command.format_epilog(context, text)
    in_examples = False
    for line in (line.strip() for line in text.getvalue().strip().splitlines()):
        if in_examples and not line:
            in_examples = False
        yield f"    {line}" if in_examples else line
        if line.rstrip(":") in ("Example", "Examples"):
            in_examples = True
            yield ""


def option_rows(command: click.Command, context: click.Context) -> Sequence[Row]:
    """The options of a command, each with its meaning (empty for an argument)."""
    records = (parameter.get_help_record(context) for parameter in command.get_params(context))
    return [record for record in records if record]


def shared_options(commands: Sequence[tuple[str, click.Command, click.Context]]) -> Mapping[Row, str]:
    """The options that many commands take with the same meaning, by row, with the long flag."""
    counts = Counter(row for _, command, context in commands for row in option_rows(command, context))
    return {row: _flag(row[0]) for row, count in counts.items() if count >= SHARED_BY and row[1]}


def _flag(name: str) -> str:
    return next(word.strip(",") for word in name.split() if word.startswith("--"))


def _cell(text: str) -> str:
    """Text that does not end a table's cell."""
    return text.replace("|", "\\|")


def explained() -> str:
    """The keys of parameters.json, as `explain` prints them."""
    lines = ["## Keys of parameters.json", "", "`accountsctl explain function` prints them, too."]
    for kind in KINDS:
        lines += ["", f"### {kind}", "", "| key | meaning |", "|---|---|"]
        keys = parameter_keys((TARGET.parents[1] / "templates" / f"{kind}.yaml.j2").read_text("utf-8"))
        lines += [f"| `{key.name}` | {_cell(' '.join(key.meaning))} |" for key in keys]
    return "\n".join(lines) + "\n"


def reference() -> str:
    """The complete page."""
    context = click.Context(cli, info_name="accountsctl")
    commands = list(walk(cli, context))
    shared = shared_options(commands)
    table = ["## Shared options", "", "Many commands take these; each command lists which.", ""]
    table += ["| option | meaning |", "|---|---|"]
    table += [f"| `{_cell(name)}` | {_cell(meaning)} |" for name, meaning in shared]
    parts = [explained(), "\n".join(table) + "\n", *(section(*command, shared) for command in commands)]
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
