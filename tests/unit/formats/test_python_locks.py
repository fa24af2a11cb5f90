"""Other tools' files as requirements."""

from __future__ import annotations

import json

import pytest

from accountsctl.formats.python_locks import (
    names,
    nested_files,
    pipfile,
    pipfile_lock,
    poetry_lock,
    required_by_project,
)

LOCK = {
    "_meta": {"sources": [{"name": "pypi", "url": "https://packages.example/simple", "verify_ssl": True}]},
    "default": {
        "requests": {
            "version": "==2.32.3",
            "hashes": ["sha256:aa", "sha256:bb"],
            "markers": "python_version >= '3.8'",
        },
        "psycopg": {"version": "==3.2", "extras": ["binary"]},
        "src": {"editable": True, "path": "./src"},
    },
    "develop": {"pytest": {"version": "==8"}},
}


def test_a_pipfile_lock_keeps_versions_hashes_markers_and_extras() -> None:
    assert pipfile_lock(json.dumps(LOCK)).splitlines() == [
        "psycopg[binary]==3.2",
        "requests==2.32.3 ; python_version >= '3.8' --hash=sha256:aa --hash=sha256:bb",
    ]


def test_an_index_of_ones_own_is_named() -> None:
    sources = [{"url": "https://a/simple"}, {"url": "https://packages.example/simple"}]
    lines = pipfile_lock(json.dumps({**LOCK, "_meta": {"sources": sources}})).splitlines()
    assert lines[:2] == ["--index-url https://a/simple", "--extra-index-url https://packages.example/simple"]


def test_a_pipfile_names_its_packages_and_not_those_for_development() -> None:
    text = (
        '[packages]\nflask = "*"\nrequests = ">=2,<3"\nsrc = {path = "./src", editable = true}\n'
        'mine = {git = "https://x/mine.git", ref = "v1"}\n[dev-packages]\npytest = "*"\n'
    )
    assert pipfile(text).splitlines() == ["flask", "mine @ git+https://x/mine.git@v1", "requests>=2,<3"]


def test_poetrys_versions_are_constraints_of_what_its_project_requires() -> None:
    project = (
        '[tool.poetry.dependencies]\npython = "^3.12"\nrequests = "^2"\nlib = {path = "../lib"}\n'
        'psycopg = {version = "^3", extras = ["binary"]}\nextra = {version = "1", optional = true}\n'
        '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
    )
    lock = (
        '[[package]]\nname = "requests"\nversion = "2.32.3"\n[[package]]\nname = "psycopg"\nversion = "3.2"\n'
    )
    assert poetry_lock(project, lock) == ("psycopg[binary]\nrequests\n", "requests==2.32.3\npsycopg==3.2\n")


def test_a_project_of_the_standard_form_states_its_requirements_itself() -> None:
    assert required_by_project('[project]\ndependencies = ["a>1", "b"]\n') == ["a>1", "b"]
    assert required_by_project("[tool.ruff]\n") == []


@pytest.mark.parametrize("read", [pipfile_lock, pipfile, required_by_project])
@pytest.mark.parametrize("text", ["{", "[", "<<<<<<< HEAD"])
def test_what_cannot_be_read_is_a_value_error(read: object, text: str) -> None:
    assert callable(read)
    with pytest.raises(ValueError, match=r"."):
        read(text)


@pytest.mark.parametrize(
    "text", ["[]", '{"default": []}', '{"default": {"a": 1}, "_meta": {"sources": [1]}}']
)
def test_an_odd_lock_names_nothing(text: str) -> None:
    assert pipfile_lock(text).strip() == ""


def test_names_and_nested_files_of_requirements() -> None:
    text = "# no\nRequests[socks]>=2 ; x\n-r base.txt\n--constraint=pins.txt\n-e ./here\nzope.interface\n"
    assert names(text) == {"requests", "zope-interface"}
    assert nested_files(text) == ("base.txt", "pins.txt")
