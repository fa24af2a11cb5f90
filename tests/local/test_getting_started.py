"""The commands of docs/getting-started.md, one after the other, as its three readers type them."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.local.gen1.deployed_backend import write_project
from tests.local.project import SAMPLE, LocalProject
from tests.sample import copy_sample_files

PAGE = SAMPLE / "docs/getting-started.md"
STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/amplify-shop-dev-a1b2c/0000"


def fenced(text: str) -> list[str]:
    """The lines of all fenced blocks, whatever their language."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [line for block in blocks for line in block.splitlines()]


def typed(title: str) -> list[list[str]]:
    """The commands of a section, without the program's name."""
    section = PAGE.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    commands = [shlex.split(line) for line in fenced(section)]
    assert {command[0] for command in commands} == {"accountsctl"}
    return [command[1:] for command in commands]


def a_checkout(root: Path) -> None:
    copy_sample_files(root)
    shutil.copytree(SAMPLE / "examples", root / "examples")


READERS: dict[str, Callable[[Path], object]] = {
    "From nothing": lambda root: root.mkdir(exist_ok=True),
    "From the article": a_checkout,
    "From Amplify": lambda root: write_project(root, STACK),
}


@pytest.mark.slow
@pytest.mark.parametrize("title", READERS)
def test_every_command_of_the_page_works_where_its_reader_stands(title: str, tmp_path: Path) -> None:
    READERS[title](tmp_path)
    project = LocalProject(tmp_path)
    try:
        for words in typed(title):
            project.run(*words)
    finally:
        project.run("local", "stop", expect=None)


def test_no_section_is_left_out() -> None:
    text = PAGE.read_text("utf-8")
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == list(READERS)
    lines = fenced(text)
    assert sum(len(typed(title)) for title in READERS) == len(lines) == text.count("\naccountsctl "), (
        "none is left out"
    )
