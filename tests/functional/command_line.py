"""A command as it is typed, in this process."""

from __future__ import annotations

import pytest

from accountsctl.cli import cli
from accountsctl.cli.boundary import run


def typed(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """The exit code, stdout and stderr of a command."""
    capsys.readouterr()
    code = run(cli, words)
    shown = capsys.readouterr()
    return code, shown.out, shown.err
