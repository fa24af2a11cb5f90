"""What operations on stacks have in common: the client of their region, and how they are followed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.follow import Pace
from accountsctl.adapters.aws.session import Session

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient


class FollowedOperations:
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
        self._session = session
        self._pace = pace
        self._sleep = sleep
        self._where = where
        self._clock = clock

    @property
    def _client(self) -> CloudFormationClient:
        return service_client(self._session, "cloudformation")
