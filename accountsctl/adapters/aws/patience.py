"""An operation of CloudFormation goes on whether it is watched or not: what is said when it cannot be watched.

Patience     a poll that fails for a passing reason is tried again, more and more slowly, up to a limit
Departure    what a user reads when the following ends first, and what a second Ctrl-C does
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from accountsctl.adapters.aws.errors import is_passing, translated
from accountsctl.model.errors import CloudError, Declined, Terminated
from accountsctl.model.events import Listener, Note

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

LIMIT = 600.0
"""Seconds without one look after which the following ends. A sign-in or a network that comes back fits in."""
SLOWEST = 30.0
SECOND_CTRL_C = 5.0
"""Seconds in which a second Ctrl-C cancels the update."""
OPERATIONS = {"DELETE_COMPLETE": ("deletion", "delete"), "UPDATE_ROLLBACK_COMPLETE": ("rollback", "recover")}
"""The status that an operation is to end in -> what it is called, and the command that follows it."""


class MayHaveBegun(CloudError):
    """An operation may have begun or not: neither its call nor a look afterwards had a response."""

    def __init__(self, operation: str, command: str, where: str, error: CloudError) -> None:
        super().__init__(
            f"The {operation} may have begun in {where}; there was no response.",
            why=f"{error.what} {error.why}",
            hint=f"`accountsctl {command}` follows it if it has begun, and begins again if not. {error.hint}".strip(),
            code=error.code,
        )


class Departure:
    """The words for an operation that is left to itself, and its cancellation."""

    def __init__(self, client: CloudFormationClient, root: str, success: str, where: str) -> None:
        self._client = client
        self._root = root
        self._cancellable = success == "UPDATE_COMPLETE"
        self.operation, command = OPERATIONS.get(success, ("push", "push"))
        self.command, self.where = command, where
        self.goes_on = f"The {self.operation} goes on in {where}"
        self.follow = f"`accountsctl {command}` follows it"

    def unseen(self, error: CloudError) -> CloudError:
        """For a user who can no longer see how the operation goes."""
        return CloudError(
            f"{self.goes_on}; it could not be watched to its end.",
            why=f"{error.what} {error.why}",
            hint=f"The {self.operation} goes on; {self.follow}. {error.hint}".strip(),
            code=error.code,
        )

    def after(
        self, interrupt: KeyboardInterrupt, listen: Listener, sleep: Callable[[float], None]
    ) -> Declined:
        """For a user who interrupts: the first Ctrl-C stops watching; a second one soon after it cancels an update.

        SIGTERM (`Terminated`) leaves at once: whoever sends it kills what stays.
        """
        left = Declined("Interrupted.", why=f"{self.goes_on}.", hint=f"{self.follow}.")
        if isinstance(interrupt, Terminated) or not self._cancellable:
            return left
        listen(
            Note(
                f"{self.goes_on}; {self.follow}. Ctrl-C again within {SECOND_CTRL_C:.0f} s cancels the update."
            )
        )
        try:
            sleep(SECOND_CTRL_C)
        except KeyboardInterrupt:
            return self._cancel()
        return left

    def uncertain(self, error: CloudError) -> CloudError:
        """For a user who does not know whether it has begun."""
        return MayHaveBegun(self.operation, self.command, self.where, error)

    def _cancel(self) -> Declined:
        try:
            with translated("cancel the update"):
                self._client.cancel_update_stack(StackName=self._root)
        except CloudError as error:
            return Declined(f"{self.goes_on}.", why=f"{error.what} {error.why}", hint=f"{self.follow}.")
        return Declined(
            "The update is cancelled.",
            why="CloudFormation rolls back what it has done so far.",
            hint=f"{self.follow}.",
        )


class Patience:
    """Looks again where a look failed for a passing reason."""

    def __init__(self, departure: Departure, listen: Listener, clock: Callable[[], float]) -> None:
        self._departure = departure
        self._listen = listen
        self._clock = clock
        self._blind_since: float | None = None
        self._wait = 1.0

    def look(self, poll: Callable[[], None]) -> float:
        """Poll; the seconds to wait at least if that failed, 0 if it did not. CloudError if it cannot go on."""
        try:
            poll()
        except CloudError as error:
            return self._failed(error)
        if self._blind_since is not None:
            self._listen(Note("AWS answers again."))
        self._blind_since, self._wait = None, 1.0
        return 0.0

    def _failed(self, error: CloudError) -> float:
        now = self._clock()
        if self._blind_since is None:
            self._blind_since = now
            if is_passing(error):
                self._listen(Note(f"Could not look; trying again. {error.what} {error.why}"))
        if not is_passing(error) or now - self._blind_since >= LIMIT:
            raise self._departure.unseen(error) from error
        self._wait = min(self._wait * 2, SLOWEST)
        return self._wait
