"""The files that `db seed` reads."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accountsctl.commands.database.seed_files import SeedFile, read
from accountsctl.model.errors import ProjectError, UsageError


def read_text(folder: Path, name: str, text: str) -> SeedFile:
    (folder / name).write_bytes(text.encode())
    return read(folder / name)


def faults(folder: Path, name: str, text: str) -> list[tuple[int, str]]:
    with pytest.raises(ProjectError) as caught:
        read_text(folder, name, text)
    return [(fault.line, fault.what) for fault in caught.value.faults]


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)


@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_in_a_csv_file_comes_out_as_it_is(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([("a", "b"), *rows])
    found = read_text(tmp_path, "t.csv", out.getvalue())
    assert [tuple(json.loads(row.text).values()) for row in found.rows] == rows


def test_an_empty_cell_is_null_and_an_empty_line_is_nothing(tmp_path: Path) -> None:
    found = read_text(tmp_path, "t.csv", "\ufeffa,b\n1,\n\n2,x\n")
    assert found.columns == ("a", "b")
    assert [(row.line, json.loads(row.text)) for row in found.rows] == [
        (2, {"a": "1", "b": None}),
        (4, {"a": "2", "b": "x"}),
    ]


def test_all_faults_of_a_csv_file_are_told_with_their_lines(tmp_path: Path) -> None:
    assert faults(tmp_path, "t.csv", "a,b,a\n1,2,3\n1,2\n1,2,3,4\n") == [
        (1, 'two columns are called "a"'),
        (3, "2 cells under 3 columns"),
        (4, "4 cells under 3 columns"),
    ]
    assert faults(tmp_path, "t.csv", 'a,b\n1,"open\n')[0][0] == 2


def test_numbers_of_a_json_file_keep_every_digit(tmp_path: Path) -> None:
    text = '[{"a": 0.10000000000000000001},\n {"b": {"c": 1.50}, "a": 12345678901234567890}]'
    found = read_text(tmp_path, "t.json", text)
    assert found.columns == ("a", "b")
    assert [(row.line, row.text) for row in found.rows] == [
        (1, '{"a": 0.10000000000000000001}'),
        (2, '{"b": {"c": 1.50}, "a": 12345678901234567890}'),
    ]


@pytest.mark.parametrize("text", ["[]", " [ ] ", "[\n]\n"])
def test_an_empty_list_has_no_rows(tmp_path: Path, text: str) -> None:
    assert read_text(tmp_path, "t.json", text).rows == ()


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("{}", 1, "no JSON list: expected ["),
        ("[{},\n3]", 2, "no object"),
        ("[{}\n{}]", 2, "no JSON list: expected ,"),
        ("[{}] x", 1, "no JSON list: more than a list"),
        ('[{"a": nope}]', 1, "no JSON list: Expecting value"),
        ("", 1, "no JSON list: expected ["),
        ("[{},", 1, "no JSON list: Expecting value"),
    ],
)
def test_what_is_no_list_of_objects_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, what: str
) -> None:
    assert faults(tmp_path, "t.json", text) == [(line, what)]


def test_another_kind_of_file_another_encoding_and_no_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="neither CSV nor JSON"):
        read_text(tmp_path, "t.txt", "")
    (tmp_path / "t.csv").write_bytes(b"a\n\xff\n")
    with pytest.raises(UsageError, match="not UTF-8"):
        read(tmp_path / "t.csv")
    with pytest.raises(UsageError, match="cannot be read"):
        read(tmp_path / "none.csv")
