"""Statements that may take longer than a call of the Data API (45 seconds): sent, then followed in the database.

A statement is sent with continueAfterTimeout and with a mark in a comment at its beginning. When its call ends before
it does, pg_stat_activity shows it by that mark until it ends. Its transaction's id, seen there, says how it ended:
pg_xact_status is committed or aborted. The mark of one statement is always the same, so that a run that was
interrupted finds what it sent instead of sending it again.

Source: https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html (continueAfterTimeout)
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial

from accountsctl.model.errors import CloudError, Declined
from accountsctl.ports.database import STATEMENT_TIMEOUT, Database, QueryResult, Value

Say = Callable[[str], None]
Sleep = Callable[[float], None]

_DELAYS = (1.0, 1.0, 2.0, 3.0)
_LONGEST_DELAY = 5.0
_REPORT_EVERY = 60.0
# pg_stat_activity has the transaction's id without its epoch; the nearest id to the next one is meant.
_XID = (
    "(SELECT (m + ((a.backend_xid::text::bigint - m + 2147483648) & 4294967295) - 2147483648)::text"
    " FROM (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS m) AS snapshot)"
)
_RUNNING = (
    f"SELECT a.pid, CASE WHEN a.backend_xid IS NOT NULL THEN {_XID} END"  # noqa: S608
    " FROM pg_stat_activity AS a WHERE starts_with(a.query, :mark) AND a.state = 'active'"
)
_ENDED = "SELECT pg_xact_status(CAST(:xid AS xid8))"


_STOP = "select pg_cancel_backend(pid) from pg_stat_activity where starts_with(query, '{mark}')"
_POSITION = re.compile(r"(?<=Position: )\d+")


class StatementOutcome(Enum):
    """How a statement ended. UNKNOWN: its result is lost, and it was no single transaction that could be asked for."""

    RETURNED = "returned"
    COMMITTED = "committed"
    ABORTED = "aborted"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class StatementEnding:
    """An outcome; `result` if the call itself returned it."""

    outcome: StatementOutcome
    result: QueryResult | None = None


def _without(length: int, position: re.Match[str]) -> str:
    """A position in the statement as it was written: PostgreSQL counts the mark in front of it too."""
    return str(int(position[0]) - length)


def mark_of(text: str) -> str:
    """The comment that marks a statement; the same text has the same mark."""
    return f"/* accountsctl {hashlib.sha256(text.encode()).hexdigest()[:20]} */"


@dataclass(frozen=True)
class LongStatements:
    """Runs statements to their end, however long they take. `say` gets a sentence for people."""

    database: Database
    say: Say = lambda _text: None
    sleep: Sleep = time.sleep

    def run(self, sql: str, mark: str, parameters: Mapping[str, Value] | None = None) -> StatementEnding:
        """Send a statement and wait for its end; CloudError if it is refused within its first 45 seconds."""
        try:
            result = self.database.execute(f"{mark} {sql}", parameters, continues=True)
        except CloudError as error:
            if error.code != STATEMENT_TIMEOUT:
                error.why = _POSITION.sub(partial(_without, len(mark) + 1), error.why)
                raise
        else:
            return StatementEnding(StatementOutcome.RETURNED, result)
        self.say(
            "The statement takes longer than 45 seconds; it goes on in the database. Waiting for its end."
        )
        return self.follow(mark)

    def running(self, mark: str) -> bool:
        """Whether a statement with this mark runs now."""
        return bool(self.database.execute(_RUNNING, {"mark": mark}).rows)

    def follow(self, mark: str) -> StatementEnding:
        """Wait until no statement with this mark runs; Declined if the user interrupts the waiting."""
        try:
            return StatementEnding(self._follow(mark))
        except KeyboardInterrupt:
            raise Declined(
                "Interrupted; the statement goes on in the database.",
                hint=f'To stop it: accountsctl db query "{_STOP.format(mark=mark)}"',
            ) from None

    def _follow(self, mark: str) -> StatementOutcome:
        xid, tries, waited, reported = None, 0, 0.0, 0.0
        while rows := self.database.execute(_RUNNING, {"mark": mark}).rows:
            xid = rows[0][1] or xid
            delay = _DELAYS[tries] if tries < len(_DELAYS) else _LONGEST_DELAY
            self.sleep(delay)
            tries, waited = tries + 1, waited + delay
            if waited - reported >= _REPORT_EVERY:
                self.say(f"The statement still runs after {waited:.0f} seconds.")
                reported = waited
        if xid is None:
            return StatementOutcome.UNKNOWN
        status = self.database.execute(_ENDED, {"xid": xid}).rows[0][0]
        known = {"committed": StatementOutcome.COMMITTED, "aborted": StatementOutcome.ABORTED}
        return known.get(str(status), StatementOutcome.UNKNOWN)
