"""`restore` undoes `remove`: the project's files are what they were before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from accountsctl.formats.layout import REMOVED_FOLDER
from tests.functional.shop import backend, contents, do, shop


def sources(root: Path) -> dict[str, object]:
    """The project's files, JSON by its values; what was removed before is not among them."""
    return {
        path: json.loads(content) if path.endswith(".json") else content
        for path, content in contents(root).items()
        if not path.startswith(REMOVED_FOLDER)
    }


def state_a_capacity(root: Path, capacity: int) -> None:
    file = root / "amplify/environments/dev.json"
    environment = json.loads(file.read_text())
    environment["parameters"] = {"rds": {"db": {"MaxCapacity": capacity}}}
    file.write_text(json.dumps(environment, indent=2))


@pytest.mark.parametrize("name", ["web", "auth/users"])
def test_a_removed_resource_comes_back_as_it_was(project: Path, name: str) -> None:
    shop()
    if name == "auth/users":
        do("remove", "api/web")
    before = sources(project)
    do("remove", name)
    assert sources(project) != before
    do("restore", name)
    assert sources(project) == before


def test_what_an_environment_stated_comes_back_and_what_it_states_by_now_stays(project: Path) -> None:
    do("init", "shop")
    do("env", "add", "stage")
    do("add", "rds", "db", "--database", "shop")
    state_a_capacity(project, 8)
    before = sources(project)
    do("remove", "db", "--confirm", "db")
    do("restore", "rds/db")
    assert sources(project) == before
    do("remove", "db", "--confirm", "db")
    state_a_capacity(project, 16)
    (project / "amplify/environments/stage.json").unlink()
    do("restore", "db")
    stated = json.loads((project / "amplify/environments/dev.json").read_text())["parameters"]
    assert stated == {"rds": {"db": {"MaxCapacity": 16}}}


def test_the_last_removal_is_undone_first(project: Path) -> None:
    do("init", "shop")
    parameters = project / "amplify/backend/function/hello/parameters.json"
    for memory in ("512", "1024"):
        do("add", "function", "hello", "--runtime", "python3.14")
        do("update", "function", "hello", "--memory", memory)
        do("remove", "hello")
    do("restore", "hello")
    assert json.loads(parameters.read_text())["memorySize"] == 1024
    before = contents(project)
    do("restore", "hello", expect=2)  # one of this name is there again
    assert contents(project) == before
    parameters.parent.rename(project / "elsewhere")
    (project / "backend-config.json").write_text("{}")
    do("restore", "hello")
    assert json.loads(parameters.read_text())["memorySize"] == 512


def test_what_a_resource_depended_on_has_to_be_there(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop()
    for name in ("api/web", "function/hello"):
        do("remove", name)
    do("remove", "rds/db", "--confirm", "db")
    before = contents(project)
    do("restore", "function/hello", expect=2)
    assert "rds/db" in capsys.readouterr().err
    assert contents(project) == before
    for name in ("rds/db", "function/hello", "api/web"):
        do("restore", name)
    assert set(backend(project)) == {"auth", "rds", "function", "api"}


def test_a_name_that_was_not_removed_is_answered_with_those_that_were(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop()
    do("restore", "rds/db", expect=2)
    assert "No resource was removed from this project." in capsys.readouterr().err
    do("remove", "api/web")
    do("restore", "api/wbe", expect=2)
    err = capsys.readouterr().err
    assert "Removed were: api/web." in err
    assert 'Did you mean "api/web"?' in err


def test_files_that_are_gone_are_said_to_be_gone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shop()
    do("remove", "api/web")
    (project / REMOVED_FOLDER / "api/web-1").rename(project / "taken")
    before = contents(project)
    do("restore", "api/web", expect=2)
    assert "are not in amplify/.removed any more" in capsys.readouterr().err
    assert contents(project) == before


@pytest.mark.parametrize("folder", ["../outside", f"{REMOVED_FOLDER}/../../../outside"])
def test_nothing_but_what_was_removed_is_moved_into_the_project(project: Path, folder: str) -> None:
    do("init", "shop")
    do("add", "function", "hello", "--runtime", "python3.14")
    do("remove", "hello")
    removed = project / REMOVED_FOLDER / "removed.json"
    content = json.loads(removed.read_text())
    [record] = content["function/hello"]
    (project / record["folder"]).rename(project.parent / "outside")
    record["folder"] = folder
    removed.write_text(json.dumps(content))
    do("restore", "hello", expect=2)
    assert (project.parent / "outside").is_dir()


@pytest.mark.parametrize("text", ["{", "[]", '{"hello": []}', '{"function/hello": {}}'])
def test_a_damaged_list_of_what_was_removed_is_refused(project: Path, text: str) -> None:
    do("init", "shop")
    removed = project / REMOVED_FOLDER / "removed.json"
    removed.parent.mkdir(parents=True)
    removed.write_text(text)
    do("restore", "hello", expect=2)
