"""Which option of a command a refused edit is about."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import click
from click.core import ParameterSource

from accountsctl.model.errors import EditRefused


@contextmanager
def naming_flags(context: click.Context) -> Iterator[None]:
    """Have an edit's refusal name the flag whose value it quotes, because its file was never written."""
    try:
        yield
    except EditRefused as error:
        texts = [fault.what for fault in error.faults]
        meant = [f"{flag} {shlex.quote(value)}" for flag, value in _stated(context) if _quoted(value, texts)]
        raise EditRefused(error.faults, meant) from error


def _quoted(value: str, texts: Iterable[str]) -> bool:
    spellings = (f'"{value}"', f"'{value}'", f"it is {value}.", f"({value})")
    return any(spelling in text for text in texts for spelling in spellings)


def _stated(context: click.Context) -> Iterator[tuple[str, str]]:
    """The options that were written on the command line, with each of their values."""
    for parameter in context.command.params:
        if (
            not isinstance(parameter, click.Option)
            or context.get_parameter_source(str(parameter.name)) is not ParameterSource.COMMANDLINE
        ):
            continue
        value = context.params.get(str(parameter.name))
        for one in value if isinstance(value, tuple) else (value,):
            yield parameter.opts[0], f"{one:g}" if isinstance(one, float) else str(one)
