"""Statements that outlast a call of the Data API: what is sent, how long is waited, and how the end is known.

What PostgreSQL itself does in these moments is tested with a real one, in tests/local/rds_data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from accountsctl.commands.database.long_statements import LongStatements, StatementOutcome, mark_of
from accountsctl.commands.database.stand_alone import run_alone
from accountsctl.formats.sql import Statement, split_statements
from accountsctl.model.errors import CloudError, Declined
from accountsctl.ports.database import STATEMENT_TIMEOUT, QueryResult
from tests.fakes.database import FakeDatabase

Row = tuple[object, ...]
TOO_LONG = CloudError("It took too long.", code=STATEMENT_TIMEOUT)
CREATE = "CREATE INDEX CONCURRENTLY by_name ON accounts (name)"
VALID, INVALID = True, False
Effect = Callable[["ScriptedDatabase"], None]


@dataclass
class ScriptedDatabase(FakeDatabase):
    """The statement ends its call by `returns`; `running` are the rows of pg_stat_activity, one list for each look.

    `indexes` are the rows of pg_index, and a statement that is sent may change them by `effects`.
    """

    returns: CloudError | None = None
    running: list[Sequence[Row]] = field(default_factory=list)
    status: str | None = "committed"
    indexes: list[Row] = field(default_factory=list)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    asked_of: list[object] = field(default_factory=list)

    def execute(
        self,
        sql: str,
        parameters: Mapping[str, object] | None = None,
        *,
        transaction: str | None = None,
        continues: bool = False,
    ) -> QueryResult:
        assert transaction is None
        if "pg_stat_activity" in sql:
            return rows(*(self.running.pop(0) if self.running else ()))
        if "pg_xact_status" in sql:
            self.asked_of.append((parameters or {})["xid"])
            return rows((self.status,))
        if "pg_index" in sql:
            return rows(*self.indexes)
        assert continues, "a statement that may take long has to go on after its call"
        text = sql.partition("*/ ")[2]
        self.sent.append(text)
        if text in self.effects:
            self.effects[text](self)
        if text.startswith("DROP INDEX"):
            self.indexes.clear()
        elif self.returns is not None:
            raise self.returns
        return rows()


def rows(*found: Row) -> QueryResult:
    return QueryResult((), found, 0)


def long(
    database: ScriptedDatabase, say: list[str] | None = None, slept: list[float] | None = None
) -> LongStatements:
    """The statements over `database`; what is said and how long is slept goes into the lists."""
    return LongStatements(
        database,
        (say if say is not None else []).append,
        (slept if slept is not None else []).append,
    )


def statement(sql: str) -> Statement:
    (only,) = split_statements(sql)
    return only


def test_a_statement_that_ends_in_time_is_followed_by_nothing() -> None:
    database, slept = ScriptedDatabase(), list[float]()
    ending = long(database, slept=slept).run("VACUUM", mark_of("VACUUM"))
    assert ending.outcome is StatementOutcome.RETURNED
    assert ending.result is not None
    assert slept == []


def test_it_is_looked_at_soon_and_then_seldom_and_reported_once_a_minute() -> None:
    said, slept = list[str](), list[float]()
    looks: list[Sequence[Row]] = [[(7, None)]] * 14 + [[(7, "99")]] * 12
    database = ScriptedDatabase(returns=TOO_LONG, running=looks)
    ending = long(database, said, slept).run("UPDATE a SET n = 1", mark_of("x"))
    assert slept[:6] == [1.0, 1.0, 2.0, 3.0, 5.0, 5.0]
    assert set(slept[4:]) == {5.0}
    assert [text for text in said if "still runs" in text] == ["The statement still runs after 62 seconds."]
    assert ending.outcome is StatementOutcome.COMMITTED
    assert database.asked_of == ["99"]


@pytest.mark.parametrize(
    ("looks", "status", "outcome"),
    [
        ([[(7, "99")], [(7, None)]], "committed", StatementOutcome.COMMITTED),
        ([[(7, "99")]], "aborted", StatementOutcome.ABORTED),
        ([[(7, "99")]], None, StatementOutcome.UNKNOWN),
        ([[(7, None)]], "committed", StatementOutcome.UNKNOWN),
        ([], "committed", StatementOutcome.UNKNOWN),
    ],
)
def test_its_transaction_says_how_it_ended(
    looks: list[Sequence[Row]], status: str | None, outcome: StatementOutcome
) -> None:
    database = ScriptedDatabase(returns=TOO_LONG, running=looks, status=status)
    assert long(database).run("UPDATE a SET n = 1", mark_of("x")).outcome is outcome


def test_an_interrupt_says_how_to_stop_it() -> None:
    def interrupted(_seconds: float) -> None:
        raise KeyboardInterrupt

    mark = mark_of("x")
    database = ScriptedDatabase(returns=TOO_LONG, running=[[(7, None)]])
    with pytest.raises(Declined) as caught:
        LongStatements(database, sleep=interrupted).run("UPDATE a SET n = 1", mark)
    assert "goes on in the database" in caught.value.what
    assert (
        f"pg_cancel_backend(pid) from pg_stat_activity where starts_with(query, '{mark}')"
        in caught.value.hint
    )


def test_a_refusal_names_the_position_in_the_statement_as_it_was_written() -> None:
    mark = mark_of("x")
    refusal = CloudError(
        "no", why=f"syntax error; Position: {len(mark) + 1 + 8}", code="DatabaseErrorException"
    )
    with pytest.raises(CloudError, match="no") as caught:
        long(ScriptedDatabase(returns=refusal)).run("SELECT x x x", mark)
    assert caught.value.why == "syntax error; Position: 8"


def index(*, valid: bool, building: bool = False) -> Row:
    return (11, "by_name", "public.by_name", valid, building)


def test_an_invalid_index_of_an_earlier_try_is_dropped_before_the_next() -> None:
    said = list[str]()
    database = ScriptedDatabase(indexes=[index(valid=INVALID)])
    database.effects = {CREATE: lambda self: self.indexes.append(index(valid=VALID))}
    run_alone(long(database, said), statement(CREATE))
    assert database.sent == ["DROP INDEX CONCURRENTLY IF EXISTS public.by_name", CREATE]
    assert said == ["Dropping the invalid index public.by_name, which an earlier try has left."]


@pytest.mark.parametrize("found", [index(valid=VALID), index(valid=INVALID, building=True)])
def test_an_index_that_is_valid_or_being_built_is_not_dropped(found: Row) -> None:
    database = ScriptedDatabase(indexes=[found])
    database.effects = {CREATE: lambda self: self.indexes.__setitem__(slice(None), [index(valid=VALID)])}
    run_alone(long(database), statement(CREATE))
    assert database.sent == [CREATE]


def test_an_index_that_came_out_invalid_is_dropped_and_the_statement_has_failed() -> None:
    database = ScriptedDatabase()
    database.effects = {CREATE: lambda self: self.indexes.append(index(valid=INVALID))}
    with pytest.raises(CloudError, match="The index was not built"):
        run_alone(long(database), statement(CREATE))
    assert database.sent == [CREATE, "DROP INDEX CONCURRENTLY IF EXISTS public.by_name"]


def test_a_lost_result_without_an_index_is_a_failure() -> None:
    with pytest.raises(CloudError, match="The index was not built"):
        run_alone(long(ScriptedDatabase(returns=TOO_LONG)), statement(CREATE))


def test_a_statement_that_another_run_has_sent_is_followed_and_not_sent_again() -> None:
    said = list[str]()
    database = ScriptedDatabase(running=[[(7, None)], [(7, None)], [(7, None)]], indexes=[index(valid=VALID)])
    run_alone(long(database, said), statement(CREATE))
    assert database.sent == []
    assert said == ["The statement runs already, sent by another run; waiting for its end."]


def test_what_reindex_left_behind_is_dropped_and_reported() -> None:
    sql = "REINDEX INDEX CONCURRENTLY by_name"
    database = ScriptedDatabase()
    database.effects = {
        sql: lambda self: self.indexes.append((12, "by_name_ccnew", "public.by_name_ccnew", False, False))
    }
    with pytest.raises(CloudError, match="The index was not built again"):
        run_alone(long(database), statement(sql))
    assert database.sent == [sql, "DROP INDEX CONCURRENTLY IF EXISTS public.by_name_ccnew"]
    healthy = ScriptedDatabase()
    run_alone(long(healthy), statement(sql))
    assert healthy.sent == [sql]


@pytest.mark.parametrize(
    ("sql", "returns"), [("VACUUM accounts", TOO_LONG), ("VACUUM accounts", None), ("REINDEX SYSTEM x", None)]
)
def test_a_statement_that_returned_has_succeeded_and_so_has_a_vacuum_that_ended(
    sql: str, returns: CloudError | None
) -> None:
    database = ScriptedDatabase(returns=returns)
    run_alone(long(database), statement(sql))
    assert database.sent == [sql]


def test_what_ended_without_a_result_has_succeeded_only_if_something_shows_it() -> None:
    database = ScriptedDatabase(returns=TOO_LONG)
    with pytest.raises(CloudError, match="nothing shows that it succeeded"):
        run_alone(long(database), statement("ALTER SYSTEM SET work_mem = 1"))


def test_an_invalid_index_that_cannot_be_dropped_is_noted_on_the_first_error() -> None:
    def leave_invalid(database: ScriptedDatabase) -> None:
        database.indexes.append((1, "by_name", "public.by_name", INVALID, False))

    def refuse(_: ScriptedDatabase) -> None:
        raise CloudError("The database refused the statement.", why="it is locked")

    drop = "DROP INDEX CONCURRENTLY IF EXISTS public.by_name"
    failed = CloudError("The database refused the statement.", why="duplicate key", code="23505")
    database = ScriptedDatabase(returns=failed, effects={CREATE: leave_invalid, drop: refuse})
    with pytest.raises(CloudError) as refused:
        run_alone(long(database), statement(CREATE))
    assert refused.value.why == "duplicate key"
    assert refused.value.__notes__ == ["The invalid index could not be dropped either: it is locked"]
    assert database.sent == [CREATE, drop]
