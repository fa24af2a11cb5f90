"""Every status of a CloudFormation stack: what is so, what to do next, and what each command may do in it.

`status`, `push`, `recover` and `delete` all read this table, so that they never contradict each other. Source:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html (stack status codes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from types import MappingProxyType

IN_PROGRESS = "_IN_PROGRESS"


class PushStep(Enum):
    """What `push` does with a stack in a status."""

    DEPLOY = auto()
    FOLLOW = auto()
    """Follow the operation in progress to its end, then look again."""
    REPLACE = auto()
    """Delete the stack and create it again, if nothing in it holds data."""
    REFUSE = auto()


class RecoverStep(Enum):
    """What `recover` does with a stack in a status."""

    NOTHING = auto()
    FOLLOW = auto()
    CONTINUE_ROLLBACK = auto()
    ROLL_BACK = auto()
    DELETE = auto()
    """Delete again; what refuses to be deleted is retained after a confirmation."""
    CLEAR = auto()
    """Delete a stack that only ever had change sets."""


class DeleteStep(Enum):
    """What `delete` does with a stack in a status."""

    DELETE = auto()
    FOLLOW = auto()
    """Follow the operation in progress to its end, then delete."""


@dataclass(frozen=True)
class StackState:
    """One status. `meaning` is a sentence; `next_step` names one command; `ends_in` is the good end of an operation."""

    status: str
    meaning: str
    next_step: str
    push: PushStep
    recover: RecoverStep
    delete: DeleteStep = DeleteStep.DELETE
    ends_in: str = ""

    @property
    def in_progress(self) -> bool:
        """Whether CloudFormation is changing the stack now."""
        return bool(self.ends_in)

    @property
    def usable(self) -> bool:
        """Whether the stack rests and runs what its deployed template says."""
        return self.push is PushStep.DEPLOY


def state_of(status: str) -> StackState:
    """The state for a status; a status that CloudFormation adds later is refused unless it ends in _IN_PROGRESS."""
    known = STATES.get(status)
    if known:
        return known
    if status.endswith(IN_PROGRESS):
        return _working(status, "CloudFormation is changing the stack.", "UPDATE_COMPLETE")
    return StackState(
        status,
        "accountsctl does not know this status.",
        "Open the stack in the AWS console.",
        PushStep.REFUSE,
        RecoverStep.NOTHING,
    )


def _good(status: str, meaning: str) -> StackState:
    return StackState(status, meaning, "`accountsctl push`", PushStep.DEPLOY, RecoverStep.NOTHING)


def _working(status: str, meaning: str, ends_in: str) -> StackState:
    # CloudFormation accepts a deletion during a creation, and ignores one during a deletion.
    deletable = status in ("CREATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
    return StackState(
        status,
        meaning,
        "`accountsctl push` follows it to its end",
        PushStep.FOLLOW,
        RecoverStep.FOLLOW,
        DeleteStep.DELETE if deletable else DeleteStep.FOLLOW,
        ends_in,
    )


def _broken(status: str, meaning: str, step: RecoverStep, next_step: str) -> StackState:
    return StackState(status, meaning, next_step, PushStep.REFUSE, step)


def _replaceable(status: str, meaning: str, step: RecoverStep) -> StackState:
    next_step = "`accountsctl push` deletes and creates it again if no data can be lost"
    return StackState(status, meaning, next_step, PushStep.REPLACE, step)


_ALL = (
    StackState(
        "REVIEW_IN_PROGRESS",
        "The stack has a change set that was never executed, and no resources.",
        "`accountsctl push`",
        PushStep.DEPLOY,
        RecoverStep.CLEAR,
    ),
    _working("CREATE_IN_PROGRESS", "The stack is being created.", "CREATE_COMPLETE"),
    _good("CREATE_COMPLETE", "The stack was created."),
    _broken(
        "CREATE_FAILED",
        "The creation failed, and what it had created was not rolled back.",
        RecoverStep.ROLL_BACK,
        "`accountsctl recover` rolls it back",
    ),
    _working("ROLLBACK_IN_PROGRESS", "A failed creation is being rolled back.", "ROLLBACK_COMPLETE"),
    _replaceable("ROLLBACK_COMPLETE", "The first push failed and was rolled back.", RecoverStep.NOTHING),
    _replaceable(
        "ROLLBACK_FAILED",
        "The first push failed, and some of what it had created could not be deleted.",
        RecoverStep.DELETE,
    ),
    _working("DELETE_IN_PROGRESS", "The stack is being deleted.", "DELETE_COMPLETE"),
    _replaceable(
        "DELETE_FAILED", "The deletion did not finish: some resources are left.", RecoverStep.DELETE
    ),
    _working("UPDATE_IN_PROGRESS", "The stack is being updated.", "UPDATE_COMPLETE"),
    _working(
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "The update succeeded; what it replaced is being deleted.",
        "UPDATE_COMPLETE",
    ),
    _good("UPDATE_COMPLETE", "The last update succeeded."),
    _broken(
        "UPDATE_FAILED",
        "The last update failed, and was not rolled back.",
        RecoverStep.ROLL_BACK,
        "`accountsctl recover` rolls it back",
    ),
    _working(
        "UPDATE_ROLLBACK_IN_PROGRESS", "A failed update is being rolled back.", "UPDATE_ROLLBACK_COMPLETE"
    ),
    _working(
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "A failed update was rolled back; what it had created is being deleted.",
        "UPDATE_ROLLBACK_COMPLETE",
    ),
    _good("UPDATE_ROLLBACK_COMPLETE", "The last update failed and was rolled back; what ran before it runs."),
    _broken(
        "UPDATE_ROLLBACK_FAILED",
        "The last update failed, and so did its rollback.",
        RecoverStep.CONTINUE_ROLLBACK,
        "`accountsctl recover` continues the rollback (`--skip LOGICAL_ID` leaves one resource out)",
    ),
    _working("IMPORT_IN_PROGRESS", "Resources are being imported into the stack.", "IMPORT_COMPLETE"),
    _good("IMPORT_COMPLETE", "Resources were imported into the stack."),
    _working(
        "IMPORT_ROLLBACK_IN_PROGRESS", "A failed import is being rolled back.", "IMPORT_ROLLBACK_COMPLETE"
    ),
    _good("IMPORT_ROLLBACK_COMPLETE", "An import failed and was rolled back; what ran before it runs."),
    _broken(
        "IMPORT_ROLLBACK_FAILED",
        "An import failed, and so did its rollback; CloudFormation has no call that continues it.",
        RecoverStep.NOTHING,
        "Fix the resource that its events name, in the AWS console",
    ),
)
STATES: Mapping[str, StackState] = MappingProxyType({state.status: state for state in _ALL})
