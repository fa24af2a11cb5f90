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

pytestmark = pytest.mark.slow
PAGE = SAMPLE / "docs/getting-started.md"
STACK = "arn:aws:cloudformation:eu-west-1:123456789012:stack/amplify-shop-dev-a1b2c/0000"


def typed(title: str) -> list[list[str]]:
    """The commands of a section, without the program's name."""
    section = PAGE.read_text("utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    commands = [shlex.split(line) for line in block[1].splitlines()]
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
    assert re.findall(r"^## (.*)$", PAGE.read_text("utf-8"), re.MULTILINE) == list(READERS)
