"""Splitting SQL: a semicolon ends a statement only where PostgreSQL would see one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accountsctl.formats.sql import UnfinishedSql, split_statements

WHOLE = [
    "SELECT 'a;b'",
    "SELECT 'it''s;'",
    "SELECT ''''';'",
    r"SELECT E'a\';b'",
    r"SELECT E'\\' , ';'",
    "SELECT E'a'\n -- more;\n 'b\\';c'",
    r"SELECT type'\' , 1",
    'SELECT ";" AS "a"";b"',
    "SELECT $$a;b$$",
    "SELECT $x$ $$;$$ $y$;$x$",
    "SELECT a$b$c FROM t$1$",
    "SELECT 1 -- ; no\n + 2",
    "SELECT /* ; /* ; */ ; */ 1",
    "SELECT 1/**/-/* ; */2",
    "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2)",
    "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
    "CREATE OR REPLACE PROCEDURE p() LANGUAGE SQL BEGIN ATOMIC INSERT INTO t VALUES (1); END",
    "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$",
    "DO $do$ BEGIN PERFORM 1; END $do$",
    "SELECT a[1:2], b::text, $1",
    "SELECT 'é', ünï FROM t",
]


@pytest.mark.parametrize("statement", WHOLE)
def test_a_statement_with_semicolons_inside_stays_whole(statement: str) -> None:
    assert [each.text for each in split_statements(f" {statement} ;\n")] == [statement]


@given(
    st.lists(st.sampled_from(WHOLE), max_size=5),
    st.lists(
        st.sampled_from([";", " ; ", ";;", ";\n-- a; b\n", ";/* x;y */", "\n;\n\n"]), min_size=5, max_size=5
    ),
)
def test_any_statements_in_any_company_come_apart_again(statements: list[str], between: list[str]) -> None:
    text = "".join(statement + between[at] for at, statement in enumerate(statements))
    assert [each.text for each in split_statements(text)] == statements


@given(st.text(alphabet="a1$';\"E-/*\\\n ()eé", max_size=30))
def test_no_text_is_lost_or_invented(text: str) -> None:
    try:
        found = split_statements(text)
    except UnfinishedSql:
        return
    at = 0
    for statement in found:
        at = text.index(statement.text, at) + len(statement.text)
        assert statement.text == statement.text.strip(" \n")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")))
def test_a_quoted_text_is_never_taken_apart(inner: str) -> None:
    quoted = "SELECT '" + inner.replace("'", "''") + "'"
    assert [each.text for each in split_statements(f"{quoted};{quoted}")] == [quoted, quoted]


def test_each_statement_knows_its_line() -> None:
    assert [each.line for each in split_statements("\n-- x\nSELECT 1;\n\nSELECT\n2")] == [3, 5]


def test_comments_and_semicolons_alone_are_no_statement() -> None:
    assert split_statements("-- nothing\n;;/* here; */ ;") == ()


@pytest.mark.parametrize(
    "text", ["'", "SELECT 'a''", '"x', "$$", "$a$ $b$", "/* /* */", r"E'\'", r"E'a''b\\\'"]
)
def test_what_is_opened_and_never_closed_is_said_with_its_line(text: str) -> None:
    with pytest.raises(UnfinishedSql, match="line 2"):
        split_statements(f"\n{text}")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("BEGIN", True),
        ("commit work", True),
        ("START TRANSACTION", True),
        ("ROLLBACK", True),
        ("ROLLBACK TO SAVEPOINT a", False),
        ("PREPARE p AS SELECT 1", False),
        ("PREPARE TRANSACTION 'x'", True),
        ("SAVEPOINT a", False),
        ("CREATE TABLE begin (a int)", False),
        ("(SELECT 1)", False),
    ],
)
def test_statements_that_end_a_transaction_are_known(text: str, ends: bool) -> None:
    assert [each.ends_transaction for each in split_statements(text)] == [ends]


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("VACUUM a", True),
        ("CREATE INDEX CONCURRENTLY i ON a (n)", True),
        ("create unique index concurrently i on a (n)", True),
        ("DROP INDEX CONCURRENTLY i", True),
        ("REINDEX TABLE CONCURRENTLY a", True),
        ("CREATE DATABASE d", True),
        ("ALTER SYSTEM SET x = 1", True),
        ("CREATE INDEX i ON a (n)", False),
        ("ALTER TABLE a ADD b int", False),
        ("SELECT 1", False),
    ],
)
def test_statements_that_run_in_no_transaction_are_known(text: str, alone: bool) -> None:
    assert [each.alone for each in split_statements(text)] == [alone]
