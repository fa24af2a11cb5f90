"""Every command returns one result, and ends in one way."""

from __future__ import annotations

import ast
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from accountsctl.cli import cli
from accountsctl.cli.finish import finish
from accountsctl.model.reports import EditResult, EnvironmentRow, ValidationResult
from accountsctl.ui.rendering import FormattedText, to_json, to_text
from accountsctl.ui.results import cors, registered
from accountsctl.ui.screen import ColorMode, Screen

CLI = Path(__file__).parents[3] / "accountsctl" / "cli"
DOORS = {"finish.py", "boundary.py", "__init__.py", "shared.py"}
"""`finish` shows results and decides exit codes, `boundary` does it for errors, `main` hands the code on,
and `shared` declares the options."""
OUTPUTS = {"data", "line", "write", "table", "out"}
"""What of a screen is for a command's result; `say` is for messages on the way."""


def commands(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by the words to type."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if not isinstance(command, click.Group) or command.invoke_without_command:
            yield " ".join([*path, name]), command
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)


COMMANDS = dict(commands(cli))
FINISHES_ITSELF = {
    "dev": "it goes on after the push",
    "ui": "its result is shown when it begins to serve",
    "completion": "it is about no project and takes no --json",
    "help": "it is about no project and takes no --json",
    "version": "it is about no project",
    "explain": "it is about no project",
}


def returned(command: click.Command) -> set[str]:
    """The names in the annotation of what a command returns."""
    assert command.callback is not None
    return set(str(command.callback.__annotations__["return"]).split(" | ")) - {"None"}


def test_every_command_is_found() -> None:
    assert {
        "push",
        "db query",
        "doctor",
        "doctor cors",
        "local logs",
        "add api",
        "env list",
    } <= COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(COMMANDS.keys() - FINISHES_ITSELF.keys()))
def test_every_command_returns_a_result_that_has_both_renderings(name: str) -> None:
    rendered = {kind.__name__ for kind in to_json.registry} & {kind.__name__ for kind in to_text.registry}
    assert returned(COMMANDS[name]), f"{name} returns no result"
    assert returned(COMMANDS[name]) <= rendered | {FormattedText.__name__}


@pytest.mark.parametrize("name", sorted(FINISHES_ITSELF))
def test_a_command_that_returns_nothing_finishes_itself(name: str) -> None:
    callback = COMMANDS[name].callback
    assert callback is not None
    assert "finish(" in (CLI / f"{callback.__module__.rpartition('.')[2]}.py").read_text("utf-8")


def test_a_kind_of_result_has_both_renderings_and_is_frozen() -> None:
    assert cors
    assert registered
    kinds = to_json.registry.keys() - {object}
    assert kinds == to_text.registry.keys() - {object}
    assert [kind for kind in kinds if not kind.__dataclass_params__.frozen] == []


def detours(tree: ast.Module) -> Iterator[int]:
    """The lines that leave with an exit code, show a result or ask for its shape."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="screen"), attr=name) if name in OUTPUTS:
                yield node.lineno
            case ast.If() | ast.IfExp() if "as_json" in ast.unparse(node.test):
                yield node.lineno
            case ast.Raise(exc=error) if error is not None and "Exit" in ast.unparse(error):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="exit" | "_exit")):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="echo"), keywords=keywords):
                if not any(word.arg == "err" for word in keywords):
                    yield node.lineno


def test_only_finish_shows_results_and_only_it_leaves() -> None:
    found = [
        f"{path.name}:{line}"
        for path in sorted(CLI.glob("*.py"))
        if path.name not in DOORS
        for line in detours(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "screen.data({})",
        "screen.line('x')",
        "screen.out.write('x')",
        "if screen.as_json: pass",
        "x = 1 if screen.as_json else 2",
        "raise SystemExit(1)",
        "raise click.exceptions.Exit(1)",
        "context.exit(1)",
        "sys.exit(1)",
        "click.echo('x')",
    ],
)
def test_a_detour_is_found(line: str) -> None:
    assert list(detours(ast.parse(line))) != []


def interrupted() -> Iterator[str]:
    yield "first"
    raise KeyboardInterrupt


def test_ctrl_c_ends_a_live_text_and_interrupts_any_other() -> None:
    out = io.StringIO()
    finish(Screen(out, io.StringIO()), FormattedText(interrupted(), live=True))
    assert out.getvalue() == "first"
    with pytest.raises(KeyboardInterrupt):
        finish(Screen(out, io.StringIO()), FormattedText(interrupted()))


@dataclass(frozen=True)
class Noted(EnvironmentRow):
    """A result that also has messages and an exit code."""

    messages: tuple[str, ...] = ("Also this.",)
    exit_code: int = 7


NOTED = Noted("dev", "local", "eu-west-1", "shop-dev", True)


def screen(*, as_json: bool = False) -> tuple[Screen, io.StringIO, io.StringIO]:
    out, err = io.StringIO(), io.StringIO()
    return Screen(out, err, ColorMode.NEVER, as_json), out, err


@pytest.mark.parametrize("as_json", [False, True])
def test_a_result_is_shown_then_its_messages_then_its_exit_code(as_json: bool) -> None:
    shown, out, err = screen(as_json=as_json)
    with pytest.raises(click.exceptions.Exit) as left:
        finish(shown, NOTED)
    assert left.value.exit_code == 7
    assert err.getvalue() == "Also this.\n"
    assert (json.loads(out.getvalue())["name"] if as_json else out.getvalue()) == (
        "dev" if as_json else "dev\n"
    )


def test_a_result_without_a_finding_ends_without_an_exit() -> None:
    shown, out, err = screen(as_json=True)
    finish(shown, ValidationResult("dev", ()))
    assert (json.loads(out.getvalue()), err.getvalue()) == ({"valid": True, "faults": []}, "")


def test_the_notes_of_an_edit_are_part_of_its_text_only() -> None:
    shown, out, err = screen()
    finish(shown, EditResult("Added.", ("Push it.",)))
    assert (out.getvalue(), err.getvalue()) == ("", "Added.\n  Push it.\n")


@pytest.mark.parametrize(("as_json", "is_value"), [(False, False), (True, True)])
def test_a_formatted_text_is_written_as_it_is_and_as_it_comes(as_json: bool, is_value: bool) -> None:
    shown, out, err = screen(as_json=as_json)
    written: list[str] = []

    def texts() -> Iterator[str]:
        yield "a,b\n"
        written.append(out.getvalue())
        yield "1,2\n"

    finish(shown, FormattedText(texts(), ("Wrote 1 row.",), is_value=is_value))
    assert written == ["a,b\n"]
    assert (out.getvalue(), err.getvalue()) == ("a,b\n1,2\n", "Wrote 1 row.\n")


@pytest.mark.parametrize(
    ("text", "written"), [('{"a": 1.10}\n', '{"a": 1.10}\n'), ("a,b\n", '{\n  "text": "a,b\\n"\n}\n')]
)
def test_as_json_a_formatted_text_is_a_value_whose_numbers_keep_their_digits(text: str, written: str) -> None:
    shown, out, _ = screen(as_json=True)
    finish(shown, FormattedText([text]))
    assert out.getvalue() == written


def test_a_result_leaves_the_buffer_before_its_messages_are_said() -> None:
    order: list[str] = []

    class Out(io.StringIO):
        def flush(self) -> None:
            order.append(f"flushed {self.getvalue()!r}")

    class Err(io.StringIO):
        def write(self, text: str) -> int:
            order.append(f"said {text!r}")
            return len(text)

    with pytest.raises(click.exceptions.Exit):
        finish(Screen(Out(), Err(), ColorMode.NEVER), NOTED)
    assert order == ["flushed 'dev\\n'", "said 'Also this.\\n'"]


def test_what_has_no_rendering_is_a_bug() -> None:
    with pytest.raises(TypeError, match="int has no text"):
        finish(screen()[0], 1)
    with pytest.raises(TypeError, match="int has no JSON"):
        finish(screen(as_json=True)[0], 1)
