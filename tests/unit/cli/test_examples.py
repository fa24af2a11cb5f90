"""The examples of every help are command lines that its commands take."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from accountsctl.cli import cli
from tests.unit.test_words import every_command


def examples(path: str) -> list[str]:
    """The command lines in the help of a command, without what is piped or redirected."""
    text = every_command()[path][0].help or ""
    lines = [line.strip() for line in text.splitlines()]
    found = [line for line in lines if re.match(r"accountsctl \S", line) and not line.endswith(".")]
    return [re.split(r"\s[|<>]\s", line)[0].removeprefix("accountsctl ") for line in found]


def parsed(words: list[str]) -> click.Context:
    """The context of the command that the words call; UsageError of click if they are not right."""
    context = cli.make_context("accountsctl", words)
    while isinstance(context.command, click.Group):
        name, command, rest = context.command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        assert command is not None
        context = command.make_context(name, rest, parent=context)
    return context


@pytest.mark.parametrize("path", sorted(path for path in every_command() if examples(path)))
def test_every_example_is_a_command_line_that_is_taken(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recording.har").touch()
    for line in examples(path):
        try:
            parsed(shlex.split(line))
        except click.exceptions.NoArgsIsHelpError:
            pass
        except click.UsageError as error:
            pytest.fail(f"{line}: {error.format_message()}")
