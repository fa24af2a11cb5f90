"""Help, messages, names and documentation use plain words, and name only commands and flags that exist."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest

from accountsctl.cli import LazyGroup, cli
from tests.unit.source_trees import constants_of, nodes_of, python_files, tokens_of

ROOT = Path(__file__).parents[2]
WORST = re.compile(
    r"\b(un)?told\b|\bmend(s|ed|ing)?\b|\bnobody\b|\banew\b|\bheirs?\b|\bdoomed\b|\btwins?\b|\baiming\b"
    r"|\bplayable\b|(?<!there )\bis no\b(?! (longer|more)\b)",
    re.IGNORECASE,
)
UNPLAIN = re.compile(r"(?i:(?<!there )\bare no\b(?! (longer|more)\b))|\b(None|True|False) where\b")
"""Phrases of docstrings and comments; a value is None "if" something holds."""
PARTS = re.compile(
    r"(un)?told|mend(s|ed|ing)?|nobody|anew|heirs?|doomed|twins?|aiming|playable", re.IGNORECASE
)
"""The same words as parts of a name; `_` and capitals separate the parts."""
KEPT = frozenset({"told", "doomed"})
"""Keys of JSON: `told` is one of `doctor --json`, which programs read; `doomed` one of older saved states."""


def commands(
    command: click.Command, context: click.Context
) -> Iterator[tuple[str, click.Command, click.Context]]:
    """Every command with the words that call it."""
    yield context.command_path, command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(child, click.Context(child, info_name=name, parent=context))


def every_command() -> dict[str, tuple[click.Command, click.Context]]:
    context = click.Context(cli, info_name="accountsctl")
    return {path: (command, context) for path, command, context in commands(cli, context)}


def modules() -> list[Path]:
    return list(python_files(ROOT / "accountsctl"))


def test_the_messages_use_none_of_the_worst_words() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in modules()
        for line, text in constants_of(path)
        if text not in KEPT and WORST.search(text.replace("as nobody with", ""))
    ]
    assert found == []


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The docstrings and comments of a module, line by line."""
    for token in tokens_of(path):
        # A docstring is a string that is a statement: nothing stands before it in its logical line.
        is_docstring = token.type == tokenize.STRING and not token.line[: token.start[1]].strip()
        if token.type == tokenize.COMMENT or is_docstring:
            yield from enumerate(token.string.splitlines(), token.start[0])


def test_the_docstrings_and_comments_use_none_of_the_worst_words() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.strip()}"
        for path in modules()
        for line, text in prose(path)
        if WORST.search(text) or UNPLAIN.search(text)
    ]
    assert found == []


def names(path: Path) -> Iterator[tuple[int, str]]:
    """Every name that a module uses, keywords included."""
    return ((token.start[0], token.string) for token in tokens_of(path) if token.type == tokenize.NAME)


def is_worst(name: str) -> bool:
    """Whether a part of a name is one of the words."""
    return any(PARTS.fullmatch(part) for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name))


def test_the_names_use_none_of_the_worst_words() -> None:
    known = {name for path in modules() for _, name in names(path)}
    worst = {name for name in known if is_worst(name)}
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in modules()
        for line, name in names(path)
        if name in worst
    ]
    assert found == []


def unnamed(nodes: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """Variables and parameters called `each` or `it`, which say nothing: a stack, a resource or a line has a name."""
    for node in nodes:
        match node:
            case ast.Name(id=("each" | "it") as name, ctx=ast.Store()) | ast.arg(arg=("each" | "it") as name):
                yield node.lineno, name


def test_a_variable_is_named_after_the_thing_that_it_is() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in [*modules(), *python_files(ROOT / "tools")]
        for line, name in unnamed(nodes_of(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "for each in stacks: pass",
        "x = [it for it in stacks]",
        "f'{[it for it in stacks]}'",
        "x = sorted(stacks, key=lambda each: 1)",
        "def f(it): pass",
        "for name, each in stacks.items(): pass",
    ],
)
def test_an_unnamed_variable_is_found(text: str) -> None:
    assert [name for _, name in unnamed(ast.walk(ast.parse(text)))]


@pytest.mark.parametrize("path", sorted(every_command()))
def test_the_help_uses_none_of_the_worst_words(path: str) -> None:
    command, context = every_command()[path]
    assert WORST.findall(command.get_help(context)) == []


@pytest.mark.parametrize("path", sorted(every_command()))
def test_every_help_has_a_purpose_in_one_line_and_an_example(path: str) -> None:
    command, context = every_command()[path]
    text = command.get_help(context)
    assert re.search(r"^ *Examples?:\n +\S*.*accountsctl ", text, re.MULTILINE), text
    purpose = (command.help or "").partition("\n\n")[0]
    assert purpose
    assert len(purpose.replace("\b", "").strip().splitlines()) == 1


def test_the_documentation_uses_none_of_the_worst_words() -> None:
    found = [
        f"{page.relative_to(ROOT)}: {match.group(0)}"
        for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
        for match in WORST.finditer(re.sub(r"checks: \[\{.*", "", page.read_text("utf-8")))
    ]
    assert found == []


def quoted() -> Iterator[tuple[str, str]]:
    """Every command of ours that is quoted in messages, documentation and the page, with its place."""
    texts = [(str(path.relative_to(ROOT)), text) for path in modules() for _, text in constants_of(path)]
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "web" / "src").rglob("*.ts")]
    texts += [(str(path.relative_to(ROOT)), path.read_text("utf-8")) for path in pages]
    for place, text in texts:
        for line in text.splitlines():
            for match in re.finditer(r"(?<![\w./@-])accountsctl ([a-z][^`\"\n;|&)]*)", line):
                yield place, match.group(1)


def word(text: str) -> str:
    """A word of a command without the punctuation of the sentence around it."""
    return text.rstrip(".,:'")


def unknown(words: str) -> str | None:
    """What of a quoted command does not exist; None if all of it does, or if it is a sentence about accountsctl."""
    known = every_command()
    path, rest = "accountsctl", words.split()
    while rest and isinstance(known[path][0], click.Group):
        if rest[0].startswith("["):
            break
        group = known[path][0]
        if f"{path} {word(rest[0])}" not in known and isinstance(group, LazyGroup) and group.default:
            path = f"{path} {group.default}"
            break
        if f"{path} {word(rest[0])}" not in known:
            return f"{path} {rest[0]}"
        path = f"{path} {word(rest.pop(0))}"
    flags = {
        flag for parameter in known[path][0].params for flag in (*parameter.opts, *parameter.secondary_opts)
    }
    given = [re.split(r"[=\].,:']", word)[0] for word in rest if word.startswith("--")]
    return next((f"{path} {flag}" for flag in given if flag not in flags | {"--help"}), None)


SENTENCES = frozenset(
    re.findall(
        r"\w+",
        "renders speaks names has takes is puts and that as does itself reach carries contains serves by",
    )
)
"""What follows the name of the program where it is the subject of a sentence."""


def test_every_quoted_command_and_flag_exists() -> None:
    found = {
        f"{place}: {missing}"
        for place, words in quoted()
        if word(words.split()[0]) not in SENTENCES and (missing := unknown(words))
    }
    assert sorted(found) == []
