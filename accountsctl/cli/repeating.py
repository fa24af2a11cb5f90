"""The command that was called, to be shown with another option added."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
from click.core import ParameterSource

SECRETS = frozenset({"token"})
"""Options whose value must not be printed; `-` reads it from stdin."""


def repeated_command(context: click.Context, *added: str) -> str:
    """The command of `context` with the options that were given, and with `added` after them, for a shell.

    Arguments are left out; a secret is replaced by `-`.
    """
    path = context.command_path.split()[1:]
    return shlex.join(["accountsctl", *path, *_given_options(context), *added])


def _given_options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.params:
        name = parameter.name or ""
        given = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
        if not isinstance(parameter, click.Option) or not given:
            continue
        flag = parameter.opts[0]
        value = context.params[name]
        if parameter.is_flag:
            yield flag
        elif name in SECRETS:
            yield from (flag, "-")
        else:
            for word in value if parameter.multiple else (value,):
                yield from (flag, str(word))
