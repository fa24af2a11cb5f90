"""Whatever stands in Amplify's files, a project is read and rendered, or its faults are named: nothing crashes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.synth.assembling import render_project
from accountsctl.synth.unread import unread
from tests.functional.gen1.amplify_project import write

pytestmark = pytest.mark.slow

ODD: list[object] = [None, True, 7, "odd", [], ["odd"], [7], {}, {"odd": 7}, [[]], [{}]]
FILES = [
    "auth/users/cli-inputs.json",
    "auth/userPoolGroups/user-pool-group-precedence.json",
    "storage/files/cli-inputs.json",
    "storage/orders/cli-inputs.json",
    "api/web/cli-inputs.json",
    "api/AdminQueries/cli-inputs.json",
    "function/work/function-parameters.json",
    "function/tools/layer-configuration.json",
    "backend-config.json",
    "../team-provider-info.json",
]


def variants(value: Any) -> Iterator[Any]:
    """The value with each of its parts, and itself, replaced by each odd one."""
    yield from ODD
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, part in members:
        for other in variants(part):
            changed = copy.copy(value)
            changed[key] = other
            yield changed


@pytest.mark.parametrize("file", FILES)
def test_no_odd_part_of_a_file_is_a_crash(full: Path, file: str) -> None:
    path = f"amplify/backend/{file}"
    original = json.loads((full / path).read_text())
    for number, variant in enumerate(variants(original)):
        if number % 7:  # a sample of all variants, the same each time
            continue
        write(full, path, json.dumps(variant))
        reading = FileProjects(full).read("dev")
        render_project(reading)
        unread(reading.project)
