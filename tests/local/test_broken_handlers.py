"""Functions that fail in many ways: `call`, `logs` and `doctor` name what happened, where, and what to type."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.local.broken_handlers import HANDLERS, UNREADABLE, Broken, write_broken
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalProject]:
    made = write_broken(tmp_path_factory.mktemp("broken") / "shop")
    functions = [f"function/{broken.name}" for broken in HANDLERS]
    for part in (
        functions[:7],
        functions[7:14],
        functions[14:],
        (),
    ):  # all at once takes long on a busy machine
        made.run("push", "--yes", *part)
    yield made
    made.run("local", "stop")


@pytest.fixture(scope="module")
def doctor(project: LocalProject) -> str:
    """What `doctor` prints once every function was called."""
    for broken in HANDLERS:
        project.run("call", "GET", f"/{broken.name}", expect=1)
    return project.run("doctor", expect=1).out


@pytest.mark.parametrize("broken", HANDLERS, ids=lambda broken: broken.name)
def test_a_call_says_what_happened_where_and_what_to_type(project: LocalProject, broken: Broken) -> None:
    said = project.run("call", "GET", f"/{broken.name}", expect=1).err
    for words in broken.says:
        assert words in said
    assert re.search(rf"{re.escape(broken.source)}\b", said)
    assert f"accountsctl logs {broken.name}" in said


@pytest.mark.parametrize(
    "broken", [broken for broken in HANDLERS if broken.counted], ids=lambda broken: broken.name
)
def test_the_log_and_the_doctor_name_the_place_too(
    project: LocalProject, doctor: str, broken: Broken
) -> None:
    log = project.run("logs", broken.name)
    assert re.search(rf"{re.escape(broken.source)}\b", log.out + log.err)
    findings = re.findall(rf"function/{broken.name}\b.*", doctor)
    assert any(broken.source in finding for finding in findings)


@pytest.mark.parametrize(("name", "file", "code"), UNREADABLE)
def test_code_that_cannot_be_read_is_refused_with_its_line(
    project: LocalProject, name: str, file: str, code: str
) -> None:
    path = f"amplify/backend/function/{name}/src/{file}"
    before = (project.root / path).read_text()
    (project.root / path).write_text(code)
    refused = project.run("push", "--yes", expect=2).err
    (project.root / path).write_text(before)
    assert f"{path}:2" in refused
