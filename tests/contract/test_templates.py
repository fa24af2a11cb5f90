"""What holds for templates as text, from the package and in memory."""

from __future__ import annotations

import pytest

from accountsctl.adapters.project_files.templates import FileTemplates
from accountsctl.ports.templates import Templates
from tests.fakes.templates import FakeTemplates

ORIGINAL = "function.yaml.j2"
YAML = "# Above the first.\nfirst: 1\n# Above the second.\nsecond: 2\n"


@pytest.fixture(params=["files", "fake"])
def templates(request: pytest.FixtureRequest) -> Templates:
    return FileTemplates() if request.param == "files" else FakeTemplates({ORIGINAL: "{}\n"})


def test_an_original_is_read_by_its_path(templates: Templates) -> None:
    original = templates.original(ORIGINAL)

    assert original is not None
    assert original.strip()


def test_there_is_no_original_at_another_path(templates: Templates) -> None:
    assert templates.original("other/none.j2") is None


def test_a_change_replaces_a_value_and_keeps_the_comments(templates: Templates) -> None:
    changed = templates.rewritten(YAML, lambda value: value.update(second=3))

    assert changed == YAML.replace("second: 2", "second: 3")


def test_a_change_can_add_and_remove_members(templates: Templates) -> None:
    def change(value: dict[str, object]) -> None:
        del value["first"]
        value["third"] = 3

    changed = templates.rewritten("first: 1\nsecond: 2\n", change)

    assert changed == "second: 2\nthird: 3\n"


def test_a_change_that_does_nothing_keeps_the_text(templates: Templates) -> None:
    assert templates.rewritten(YAML, lambda value: None) == YAML
