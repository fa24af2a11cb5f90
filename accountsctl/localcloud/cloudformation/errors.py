"""The refusals of CloudFormation's API.

CloudFormationError        ValidationError (400) unless another code is given
├── TransformError         what a transform could not make of a template: a change set fails with it
└── Cancelled              an operation has to stop; never leaves the engine
"""

from __future__ import annotations


class CloudFormationError(Exception):
    """An error as the query API answers it: a code, AWS's wording, an HTTP status."""

    def __init__(self, message: str, code: str = "ValidationError", status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class Cancelled(CloudFormationError):
    """The user, or a failure elsewhere in the stack, stopped this resource before its turn."""


class TransformError(CloudFormationError):
    """A transform, AWS's own or a macro, failed; `complete` if `why` is the whole message."""

    def __init__(self, transform: str, why: str, *, complete: bool = False) -> None:
        reason = f"failed with: {why}" if why else "failed without an error message."
        super().__init__(why if complete else f"Transform {transform} {reason}")
