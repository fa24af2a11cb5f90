"""Compiled templates that are stored are used, and change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.adapters.template_cache import CompiledFolder
from accountsctl.ports.template_cache import TemplateCache
from accountsctl.synth import assemble

SAMPLE = Path(__file__).parents[2]


class FakeTemplateCache:
    """`ports.TemplateCache` in memory, with what it was asked."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.found = 0

    def get(self, key: str) -> bytes | None:
        self.found += key in self.content
        return self.content.get(key)

    def put(self, key: str, content: bytes) -> None:
        self.content[key] = content


@pytest.fixture(params=["fake", "folder"])
def compiled(request: pytest.FixtureRequest, tmp_path: Path) -> TemplateCache:
    return FakeTemplateCache() if request.param == "fake" else CompiledFolder(tmp_path / "cache")


def test_what_was_kept_is_found_again_and_nothing_else(compiled: TemplateCache) -> None:
    assert compiled.get("a") is None
    compiled.put("a", b"1")
    assert compiled.get("a") == b"1"
    compiled.put("a", b"2")
    assert (compiled.get("a"), compiled.get("b")) == (b"2", None)


def test_what_is_rendered_does_not_depend_on_it() -> None:
    reading, kept = FileProjects(SAMPLE).read("dev"), FakeTemplateCache()
    plain = assemble(reading).root.text
    assert assemble(reading, compiled=kept).root.text == plain
    assert kept.content
    again = FakeTemplateCache()
    again.content = kept.content
    assert assemble(reading, compiled=again).root.text == plain
    assert again.found == len(kept.content)


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    compiled = CompiledFolder(tmp_path / "file" / "cache")
    compiled.put("a", b"1")
    assert compiled.get("a") is None
