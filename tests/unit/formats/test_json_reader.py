"""JSON is read as json.loads reads it, with the line of everything and all faults at once."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.json_cursor import MAX_FAULTS
from accountsctl.formats.json_reader import MAX_DEPTH, read
from accountsctl.formats.json_writer import rewrite

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=15,
)
INDENTS = st.sampled_from([None, 0, 2, "\t"])


def faults_of(text: str) -> list[tuple[int, str]]:
    return [(fault.line, fault.what) for fault in read(text, "x.json").faults]


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    for part in path:
        value = value[part]
    return value


@given(VALUES, INDENTS, st.booleans())
def test_valid_json_reads_as_json_loads_reads_it(value: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    source = read(text, "x.json")

    assert source.faults == ()
    assert source.complete
    assert json.dumps(source.value) == json.dumps(json.loads(text))


@given(VALUES, INDENTS)
def test_every_span_holds_the_text_of_its_value(value: Any, indent: Any) -> None:
    source = read(json.dumps(value, indent=indent), "x.json")

    for path, (start, end) in source.spans.items():
        assert json.dumps(json.loads(source.text[start:end])) == json.dumps(at(value, path))


@given(st.lists(st.sampled_from(["{", "[", '"', ","]), max_size=6))
def test_lines_count_from_one_and_follow_the_keys(before: list[str]) -> None:
    filler = "".join(f'  "k{number}": {json.dumps(text)},\n' for number, text in enumerate(before))
    source = read("{\n" + filler + '  "wanted":\n    [\n 1,\n 2]\n}', "x.json")

    assert source.line_of() == 1
    assert source.line_of("wanted") == len(before) + 2
    assert source.line_of("wanted", 1) == len(before) + 5


def test_the_line_of_what_is_not_there_is_that_of_what_should_hold_it() -> None:
    source = read('{\n"a": {\n"b": 1}}', "x.json")

    assert source.line_of("a", "missing", "deeper") == 2
    assert source.place("a", "b").line == 3


@given(st.text(st.sampled_from("{}[]\",:'ab1-\\\n /#<=>\t.eE"), max_size=40))
def test_no_text_makes_it_fail_and_only_valid_json_is_without_faults(text: str) -> None:
    source = read(text, "x.json")
    try:
        value = json.loads(text, parse_constant=lambda name: pytest.fail(name))
    except ValueError:
        assert source.faults
    else:
        duplicates = any("again" in fault.what for fault in source.faults)
        surrogates = any("surrogate" in fault.what for fault in source.faults)
        large = any("too large" in fault.what for fault in source.faults)
        assert duplicates or surrogates or large or (not source.faults and source.value == value)


@pytest.mark.parametrize(
    ("text", "line", "what", "value"),
    [
        ('{\n"a": 1\n"b": 2}', 2, 'A comma was expected after this entry, found "b".', {"a": 1, "b": 2}),
        ('{\n"a": 1,\n}', 2, "A comma stands before the closing }.", {"a": 1}),
        ("[1,\n,2]", 2, "A comma stands where an entry was expected.", [1, 2]),
        ('{\n"a" 1}', 2, 'A colon was expected after the key "a", found 1.', {"a": 1}),
        ("{\n// why\n}", 2, "JSON knows no comments.", {}),
        ("{\n# why\n}", 2, "JSON knows no comments.", {}),
        ("{/* a\nb */}", 1, "JSON knows no comments.", {}),
        ("{\na: 1}", 2, "The key a must stand in double quotes.", {"a": 1}),
        ("['a']", 1, "A string must stand in double quotes, not in single ones.", ["a"]),
        ("[\nNone]", 2, "None is not a JSON value.", ["None"]),
        ("[NaN]", 1, "NaN is not a JSON value.", ["NaN"]),
        ('["src\\index"]', 1, "The string holds an escape that JSON does not know.", ["src\\index"]),
        ('["a\tb"]', 1, "The string holds a control character.", ["a\tb"]),
        ('{"a": 1,\n"a": 2}', 2, 'The key "a" stands here again; it was first in line 1.', {"a": 2}),
    ],
)
def test_where_the_meaning_is_plain_one_fault_is_told_and_all_is_read(
    text: str, line: int, what: str, value: Any
) -> None:
    source = read(text, "x.json")

    assert [(fault.line, fault.what) for fault in source.faults] == [(line, what)]
    assert source.value == value
    assert source.complete


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "The file is empty; JSON was expected."),
        ('{"a": 1}\n}', 2, "The JSON ends before this; found } after it."),
        ('{\n"a": [1,\n2}', 3, "A ] was expected for the [ of line 2, found }."),
        ('{\n"a": 1\n', 3, "A } was expected for the { of line 1, found the end of the file."),
        ('{\n"a": }', 2, 'The key "a" has no value.'),
        ('{\n"a": "b\n}', 2, "The string does not end on its line."),
        ('{\n<<<<<<< HEAD\n"a": 1}', 2, "A merge was not resolved here."),
        ('{{"a": 1}}', 1, "A key was expected, found {."),
    ],
)
def test_where_text_may_be_lost_the_source_is_not_complete(text: str, line: int, what: str) -> None:
    assert (line, what) in faults_of(text)
    assert not read(text, "x.json").complete


def test_faults_after_a_fault_are_told_as_well() -> None:
    text = '{\n"a": 1\n"b": [1,],\n"c": 2,\n"c": 3,\n}'

    assert [line for line, _ in faults_of(text)] == [2, 3, 5, 5]


def test_two_objects_of_one_key_are_both_read() -> None:
    assert read('{"f": {"a": 1}, "f": {"b": 2}}', "x.json").value == {"f": {"a": 1, "b": 2}}


def test_a_bracket_that_never_closes_leaves_the_rest_in_place() -> None:
    source = read('{"a": [1, "b": 2}', "x.json")

    assert source.faults
    assert source.value["a"][0] == 1


@pytest.mark.parametrize("text", ["1e999", "-1e999", "[" + "9" * 5000 + "]"])
def test_a_number_that_no_number_holds_is_a_fault(text: str) -> None:
    assert "too large" in faults_of(text)[0][1]


def test_half_a_surrogate_pair_is_a_fault_for_it_could_not_be_written_again() -> None:
    assert "surrogate" in faults_of('"\\ud800"')[0][1]


def test_depth_and_number_of_faults_have_a_limit() -> None:
    assert f"deeper than {MAX_DEPTH}" in faults_of("[" * 100_000)[0][1]
    assert len(faults_of("[" + ",\n" * 1000 + "]")) == MAX_FAULTS


@given(VALUES, INDENTS)
def test_an_unchanged_value_is_written_back_to_the_letter(value: Any, indent: Any) -> None:
    text = " " + json.dumps(value, indent=indent) + "\n\n"

    assert rewrite(read(text, "x.json"), value) == text


@given(VALUES, VALUES, INDENTS)
def test_a_changed_value_is_what_is_read_afterwards(old: Any, new: Any, indent: Any) -> None:
    text = rewrite(read(json.dumps(old, indent=indent), "x.json"), new)

    assert json.dumps(json.loads(text)) == json.dumps(new)


def test_a_change_touches_its_own_lines_only() -> None:
    text = '{\r\n    "z": ["a", "b"],\r\n    "k": {"x": 1},\r\n    "a": 1.50\r\n}\r\n'
    source = read(text, "x.json")

    written = rewrite(source, {**source.value, "z": ["a", "b", "c"], "n": {"m": True}})

    assert written == (
        '{\r\n    "z": ["a", "b", "c"],\r\n    "k": {"x": 1},\r\n    "a": 1.50,\r\n'
        '    "n": {\r\n        "m": true\r\n    }\r\n}\r\n'
    )


def test_an_element_taken_out_leaves_its_siblings_as_they_were() -> None:
    source = read('{\n  "d": [\n    {"a": [1,2]},\n    {"b": [3,4]}\n  ]\n}', "x.json")

    assert rewrite(source, {"d": [{"b": [3, 4]}]}) == '{\n  "d": [\n    {"b": [3,4]}\n  ]\n}'


def test_reading_takes_as_long_as_there_are_lines() -> None:
    def seconds(lines: int) -> float:
        text = "{\n" + ",\n".join(f'"k{number}": [\n{number}\n]' for number in range(lines)) + "\n}"
        begin = time.process_time()
        assert read(text, "x.json").complete
        return time.process_time() - begin

    # Eight times the lines took 60 times as long when each line was looked for among all.
    assert min(seconds(16000) for _ in range(2)) < 24 * max(seconds(2000) for _ in range(2))
