"""The page as it is built, and what its build rests on."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from accountsctl.adapters.page_server import built_page
from tools.build_page import node_binary, recent

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
LARGEST_PICTURE = 150_000
FIRST_LOAD = 600_000
LICENSES = "3rdpartylicenses.txt"


@pytest.fixture
def files() -> dict[str, bytes]:
    """The built page; without it there is nothing to look at."""
    found = dict(built_page())
    if not found:
        pytest.skip("the page is not built (python tools/build_page.py)")
    return found


def test_the_first_load_is_less_than_600_kb_compressed(files: dict[str, bytes]) -> None:
    index = files["index.html"].decode()
    loaded = ["index.html", *re.findall(r'(?:src|href)="([\w.-]+)"', index)]
    assert len(loaded) >= 4, index
    assert sum(len(gzip.compress(files[name])) for name in loaded) < FIRST_LOAD


def test_the_pictures_of_the_documentation_are_small_shown_and_load_nothing() -> None:
    pages = "".join(page.read_text() for page in (ROOT / "README.md", *ROOT.glob("docs/*.md")))
    pictures = sorted((ROOT / "docs/images").iterdir())
    assert [each.name for each in pictures if each.stat().st_size >= LARGEST_PICTURE] == []
    assert [each.name for each in pictures if f"images/{each.name}" not in pages] == []
    drawn = [each.read_text() for each in pictures if each.suffix == ".svg"]
    assert drawn
    assert not any(re.search(r"url\(.?https?:|<image|@import", text) for text in drawn)


def test_no_script_of_the_page_is_inline(files: dict[str, bytes]) -> None:
    index = files["index.html"].decode()
    scripts = re.findall(r"<script\b[^>]*>(.*?)</script>", index, flags=re.DOTALL)
    assert scripts
    assert not any(each.strip() for each in scripts)
    assert not re.search(r"\son\w+=|javascript:|<style", index)


def test_the_lock_file_fixes_every_package_and_names_no_host() -> None:
    packages = json.loads((WEB / "package-lock.json").read_text())["packages"]
    others = {name: each for name, each in packages.items() if name}
    assert all(each.get("integrity") and each.get("version") for each in others.values())
    assert not any("resolved" in each for each in others.values())


@pytest.mark.slow
def test_the_built_page_is_what_its_source_builds_to_byte_by_byte(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    if not (WEB / "node_modules").exists():
        pytest.skip("the page's packages are not installed (python tools/build_page.py)")
    environment = {**os.environ, "NG_CLI_ANALYTICS": "false", "CI": "true"}
    command = [
        str(node_binary()),
        "node_modules/@angular/cli/bin/ng.js",
        "build",
        "--output-path",
        str(tmp_path),
    ]
    subprocess.run(command, cwd=WEB, env=environment, check=True, capture_output=True)
    licenses = (tmp_path / LICENSES).read_bytes()
    again = {**built_page(tmp_path / "browser"), LICENSES: licenses}
    assert sorted(again) == sorted(files), "python tools/build_page.py was not run since web/ was changed"
    assert again == files


@pytest.mark.parametrize(
    ("version", "taken"),
    [
        ("v20.20.2", False),
        ("v22.22.2", False),
        ("v22.22.3\n", True),
        ("v23.9.0", False),
        ("v24.14.9", False),
        ("v24.15.0", True),
        ("v26.0.0", True),
        ("nonsense", False),
    ],
)
def test_only_a_node_that_angular_takes_is_used(version: str, taken: bool) -> None:
    assert recent(version) is taken
