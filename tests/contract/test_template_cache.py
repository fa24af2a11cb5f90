"""Compiled templates that are stored are used, and change nothing."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.adapters.template_cache import CompiledFolder
from accountsctl.model.assembly import Assembly
from accountsctl.model.errors import ProjectError
from accountsctl.model.names import ResourceId
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
    assert again.found == len([key for key in kept.content if key.startswith(("rendered-", "parsed-"))])


def test_kept_values_that_were_damaged_are_read_again() -> None:
    reading, kept = FileProjects(SAMPLE).read("dev"), FakeTemplateCache()
    before = assemble(reading, compiled=kept)
    for key in [key for key in kept.content if key.startswith("parsed-")]:
        kept.content[key] = kept.content[key][:40]
    assert assemble(reading, compiled=kept).root.text == before.root.text


def test_the_values_of_a_template_with_a_fault_are_not_kept() -> None:
    reading, kept = FileProjects(SAMPLE).read("dev"), FakeTemplateCache()
    project = reading.project
    template = project.templates["function.yaml.j2"]
    broken = replace(template, text=template.text + "\nOutputs: again\n")
    changed = replace(
        reading, project=replace(project, templates={**project.templates, "function.yaml.j2": broken})
    )
    for _ in range(2):
        with pytest.raises(ProjectError) as refused:
            assemble(changed, compiled=kept)
        assert "Outputs" in refused.value.faults[0].what
    assert len([key for key in kept.content if key.startswith("parsed-")]) == 3


def text(assembly: Assembly, resource: ResourceId) -> str:
    return {child.id: child.template.text for child in assembly.children}[resource]


def test_a_changed_value_or_template_is_rendered_again() -> None:
    reading, kept = FileProjects(SAMPLE).read("dev"), FakeTemplateCache()
    rds, function = ResourceId("rds", "accountsCluster"), ResourceId("function", "accountsAPI")
    before = assemble(reading, compiled=kept)
    project = reading.project
    source = project.sources[rds]
    sources = {**project.sources, rds: replace(source, parameters={**source.parameters, "MaxCapacity": 7})}
    changed = assemble(replace(reading, project=replace(project, sources=sources)), compiled=kept)
    assert text(before, rds) != text(changed, rds)
    assert text(before, function) == text(changed, function)
    template = project.templates["function.yaml.j2"]
    louder = replace(template, text=template.text.replace(": the function ", ": once more the function "))
    templates = {**project.templates, "function.yaml.j2": louder}
    changed = assemble(replace(reading, project=replace(project, templates=templates)), compiled=kept)
    assert "once more the function" in text(changed, function)


def test_the_folder_holds_a_bounded_number_of_files_and_keeps_the_newest(tmp_path: Path) -> None:
    compiled = CompiledFolder(tmp_path / "cache", limit=10)
    for number in range(25):
        compiled.put(str(number), b"x")
        os.utime(tmp_path / "cache" / str(number), ns=(number, number))
    assert len(list((tmp_path / "cache").iterdir())) <= 10
    assert compiled.get("24") == b"x"
    assert compiled.get("0") is None


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    compiled = CompiledFolder(tmp_path / "file" / "cache")
    compiled.put("a", b"1")
    assert compiled.get("a") is None
