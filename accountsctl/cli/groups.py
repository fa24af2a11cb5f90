"""Groups of commands: what every group does alike, so that no command has to.

A group's table is all that is loaded to print its help: a command's module is imported when it is called. The shared
options are taken before the subcommand as well as after it; a misspelled command is answered with the nearest one, and
one of a group, typed without its group, with both.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from accountsctl.cli.shared import SHARED_FLAGS, leading_options
from accountsctl.model.errors import UsageError
from accountsctl.model.suggestions import did_you_mean

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

ALIASES = {"ls": "list", "rm": "remove"}
OTHER_TOOLS = {
    "configure": "init",
    "console": "open",
    "create": "init",
    "deploy": "push",
    "destroy": "delete",
    "diff": "push --dry-run",
    "down": "delete",
    "info": "status",
    "log": "logs",
    "ls": "status",
    "mock": "dev",
    "new": "init",
    "plan": "push --dry-run",
    "ps": "local status",
    "start": "local start",
    "stop": "local stop",
    "sync": "dev",
    "up": "push",
    "upgrade": "update",
    "watch": "dev",
}
"""What other tools call a command of ours, as amplify, cdk, sam, terraform and docker do."""
PRESENTATION = frozenset({"--color", "--no-color", "--json", "--output", "--quiet", "--verbose", "--debug"})
"""How a result is shown: before a command that has nothing to show that way, these have no effect."""
LISTED_TOGETHER = (SHARED_FLAGS - {"--yes"}) | {"--help"}
_FORWARDED = "accountsctl.forwarded"


class HelpFormatter(click.HelpFormatter):
    """Lists the shared options below a command's own, so that what is special about it comes first."""

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Two columns; the shared options under a heading of their own."""
        rows = list(rows)
        shared = [row for row in rows if LISTED_TOGETHER & set(row[0].replace(",", " ").split())]
        own = [row for row in rows if row not in shared]
        if own:
            super().write_dl(own, col_max, col_spacing)
        if shared and not own:
            super().write_dl(shared, col_max, col_spacing)
        elif shared:
            self.dedent()
            with self.section("Shared options"):
                super().write_dl(shared, col_max, col_spacing)
            self.indent()


class HelpContext(click.Context):
    """The context of a command of ours."""

    formatter_class = HelpFormatter


class LazyGroup(click.Group):
    """A group whose commands are named in a table: name -> (module, attribute, one-line help).

    `default` is the command that is meant where none of them is named: `remove api/shop` is `remove resource api/shop`.
    """

    context_class = HelpContext

    def __init__(
        self, *args: object, table: dict[str, tuple[str, str, str]], default: str = "", **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.table = table
        self.default = default
        own = {param.name for param in self.params}
        self._leading = [option for option in leading_options() if option.name not in own]
        self.params += self._leading

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the table's order, which is the order of a day's work."""
        del ctx
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module; None if there is no such command. `ls` is `list`, and `rm` is `remove`."""
        del ctx
        name = cmd_name if cmd_name in self.table else ALIASES.get(cmd_name, cmd_name)
        if name not in self.table:
            return None
        module, attribute, _ = self.table[name]
        command = getattr(importlib.import_module(f"accountsctl.cli.{module}"), attribute)
        assert isinstance(command, click.Command)
        command.context_class = HelpContext
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The help of all commands, from the table alone."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, row[2]) for name, row in self.table.items()])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the shared options that stand before the subcommand, for it to take."""
        named = any(word in self.table or word in ALIASES for word in args)
        if self.default and not named and not set(args) <= set(ctx.help_option_names):
            args = [self.default, *args]
        rest = super().parse_args(ctx, args)
        ctx.meta[_FORWARDED] = list(_words(ctx))
        for option in self._leading:
            ctx.params.pop(option.name or "", None)
        return rest

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand and its words, the shared options in front; UsageError if there is no such command."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise self._unknown(ctx, args[0])
        name, command, rest = super().resolve_command(ctx, args)
        if command is None:
            return name, command, rest
        taken = {flag for parameter in command.params for flag in parameter.opts}
        forwarded = [words for words in ctx.meta[_FORWARDED] if words[0] in taken]
        lost = [words[0] for words in ctx.meta[_FORWARDED] if words[0] not in taken | PRESENTATION]
        if lost and not ctx.resilient_parsing:
            path = f"{ctx.command_path} {name}"
            raise UsageError(
                f"`{path}` does not take {lost[0]}.",
                why=f"It is an option of other commands of `{ctx.command_path}`.",
                hint=f"Leave it out; `{path} --help` lists its options.",
            )
        return name, command, [*(word for words in forwarded for word in words), *rest]

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The subcommands, and what the default one completes to."""
        items = super().shell_complete(ctx, incomplete)
        command = self.get_command(ctx, self.default) if self.default else None
        if command is not None:
            child = HelpContext(command, parent=ctx, info_name=self.default, resilient_parsing=True)
            for parameter in command.params[:1]:
                items += parameter.shell_complete(child, incomplete)
        return items

    def _unknown(self, ctx: click.Context, name: str) -> UsageError:
        """There is no such command, and which one may be meant."""
        path = ctx.command_path
        others = self._elsewhere(ctx, name) if ctx.parent is None else ()
        near = f"Did you mean {_any_of(others)}?" if others else did_you_mean(name, self.table)
        hint = " ".join(filter(None, (near, f"`{path} --help` lists the commands.")))
        return UsageError(f"There is no command `{path} {name}`.", hint=hint)

    def _elsewhere(self, ctx: click.Context, name: str) -> tuple[str, ...]:
        """Commands that are called so by another tool, or in a group of ours: `checkout` is `env checkout`."""
        if name in OTHER_TOOLS:
            return (OTHER_TOOLS[name],)
        groups = {entry: self.get_command(ctx, entry) for entry in self.table}
        return tuple(
            f"{entry} {name}"
            for entry, group in groups.items()
            if isinstance(group, LazyGroup) and name in group.table
        )


def _any_of(commands: Sequence[str]) -> str:
    """``"db query"``, or ``"env list" or "local list"``."""
    return " or ".join(f'"{command}"' for command in commands)


def _words(ctx: click.Context) -> Iterator[tuple[str, ...]]:
    """The shared options that were given to a group, each as words of the command line with its long flag."""
    values: Mapping[str, object] = ctx.params
    for parameter in ctx.command.params:
        name = parameter.name or ""
        long = next((flag for flag in parameter.opts if flag.startswith("--")), "")
        if long not in SHARED_FLAGS or ctx.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        yield (
            (long,)
            if isinstance(parameter, click.Option) and parameter.is_flag
            else (long, str(values[name]))
        )
