"""Which colons are placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.localcloud.rds_data.arrays import parse_array
from accountsctl.localcloud.rds_data.fields import compact_json, utc
from accountsctl.localcloud.rds_data.placeholders import compile_sql, placeholders


@pytest.mark.parametrize(
    ("sql", "given_names", "names"),
    [
        (":a", "", ["a"]),
        ("SELECT:a,:b::int", "", ["a", "b"]),
        ("x::text = :x", "", ["x"]),
        ("':a' || E'\\':b' || \":c\"", "", []),
        ("'it''s :a' || :b", "", ["b"]),
        ("E'\\\\' || :b", "", ["b"]),
        ("'\\' || :b || ''", "", ["b"]),
        ("e':a' || name':b'", "", []),
        ("$$ :a $$ $tag$ :b $$ :c $tag$ :d", "", ["d"]),
        ("a$b$ :a $b$c", "", ["a"]),
        ("-- :a\n:b", "", ["b"]),
        ("/* :a /* :b */ :c */ :d", "", ["d"]),
        ("f(x := :v)", "", ["v"]),
        ("a[1:2] || :1 || :10", "1,10", ["1", "10"]),
        ("now()::time, '10:00', :1", "", []),
        ("a[1:n], a[i:j], a[:n], ARRAY[:x, :y]", "x,y", ["x", "y"]),
        ("a[:n]", "n", ["n"]),
        ("':a", "", []),
        ("/* :a", "", []),
        ("$x$ :a", "", []),
        (": a", "", []),
        (":ä_1", "", ["ä_1"]),
    ],
)
def test_a_colon_is_a_placeholder_only_where_one_can_stand(
    sql: str, given_names: str, names: list[str]
) -> None:
    found = placeholders(sql, frozenset(given_names.split(",")))
    assert [item.name for item in found] == names


def test_one_name_has_one_number_unless_its_occurrences_may_not_share() -> None:
    assert compile_sql(":a, :b, :a", {"a": True, "b": True}).sql == "$1, $2, $1"
    split = compile_sql(":a, :b, :a", {"a": False, "b": True})
    assert (split.sql, split.order) == ("$1, $2, $3", ("a", "b", "a"))


NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,12}", fullmatch=True)
INERT = st.one_of(
    st.text(alphabet='abc :\\$/*-"\n1', max_size=12).map(lambda text: "'" + text + "'"),
    st.text(alphabet="abc :'$/*-\\\n1", max_size=12).map(lambda text: '"' + text + '"'),
    st.text(alphabet="abc :'\"/*-\\\n1", max_size=12).map(lambda text: f"$t${text}$t$"),
    st.text(alphabet="abc :'\"$-1", max_size=12).map(lambda text: f"/*{text}/*{text}*/:x*/"),
    st.text(alphabet="abc :'\"$/*-1", max_size=12).map(lambda text: f"--{text}\n"),
    st.sampled_from(["x::int", "f(a := 1)", "12.5", "a[1:2]", "SELECT", "(", ")", ","]),
)
PARTS = st.lists(st.one_of(INERT, NAMES.map(lambda name: f":{name}")), max_size=12)


@given(PARTS)
def test_placeholders_are_found_between_whatever_else_stands_there(parts: list[str]) -> None:
    names = [part[1:] for part in parts if part.startswith(":")]
    assert [item.name for item in placeholders(" ".join(parts))] == names


@given(PARTS)
def test_only_placeholders_are_changed_and_positions_lead_back(parts: list[str]) -> None:
    sql = " ".join(parts)
    compiled = compile_sql(sql, {})
    restored = compiled.sql
    for number in range(len(compiled.order), 0, -1):
        restored = restored.replace(f"${number} ", f":{compiled.order[number - 1]} ")
    changed = 0
    for offset, char in enumerate(compiled.sql):
        back = compiled.positions[offset + 1] - 1
        assert 0 <= back < len(sql)
        changed += sql[back] != char
    assert changed <= sum(len(str(number)) + 1 for number in range(1, len(parts) + 1))


@given(st.text(max_size=60))
def test_any_text_is_tokenized_without_a_failure(sql: str) -> None:
    compiled = compile_sql(sql, {})
    assert len(compiled.sql) >= 0
    if ":" not in sql:
        assert compiled.sql == sql


def quoted(item: str | None) -> str:
    if item is None:
        return "NULL"
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(st.lists(st.none() | st.text(max_size=8), max_size=6))
def test_an_array_is_read_as_postgresql_writes_it(items: list[str | None]) -> None:
    assert parse_array("{" + ",".join(quoted(item) for item in items) + "}") == items


def test_json_becomes_compact_without_a_change_to_its_tokens() -> None:
    assert compact_json('{ "a b" : [ 1.50, "\\" : " ] }') == '{"a b":[1.50,"\\" : "]}'


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2020-01-01 00:00:00+00", "2020-01-01 00:00:00"),
        ("2020-01-01 00:00:00.5+00", "2020-01-01 00:00:00.5"),
        ("0044-03-15 00:00:00+00 BC", "0044-03-15 00:00:00 BC"),
        ("2020-01-01 00:30:00.25+05:30", "2019-12-31 19:00:00.25"),
        ("2020-01-01 00:00:00-08", "2020-01-01 08:00:00"),
        ("-infinity", "-infinity"),
    ],
)
def test_an_instant_is_shown_in_utc_without_its_offset(text: str, shown: str) -> None:
    assert utc(text) == shown
