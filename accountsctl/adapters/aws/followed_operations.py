"""What operations on stacks have in common: how they are followed."""

from __future__ import annotations

import time
from collections.abc import Callable

from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session
from accountsctl.adapters.aws.stack_reads import StackCalls


class FollowedOperations(StackCalls):
    """`sleep`, in seconds, and `clock` are passed in, so that no test waits.

    `where` is the cloud's name in what is said when a user stops following.
    """

    def __init__(
        self,
        session: Session,
        pace: Pace,
        sleep: Callable[[float], None] = time.sleep,
        where: str = "AWS",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(session)
        self._pace = pace
        self._sleep = sleep
        self._where = where
        self._clock = clock
