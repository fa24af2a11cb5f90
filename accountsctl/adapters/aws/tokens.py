"""Calls of CloudFormation that change something carry a token, so that sending one twice does it once.

The SDK sends a call again when its response is lost, though the call may have been done. Without a token the second
one is refused ("EXECUTE_COMPLETE", "already exists") and a push that runs would be reported as refused. One hook on
the client gives a token to every changing call that has none; all attempts of the SDK share it.
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ExecuteChangeSet.html
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, MutableMapping
from itertools import islice
from typing import Protocol, TypeVar

from accountsctl.adapters.aws.errors import is_unanswered, translated
from accountsctl.model.errors import CloudError

TOKEN_MEMBERS = ("ClientRequestToken", "ClientToken")
ATTEMPTS = 4
ALREADY_DONE = frozenset({"TokenAlreadyExistsException", "TokenAlreadyExists"})
"""CloudFormation's responses to a token that it has seen: the call was done the first time."""

Answer = TypeVar("Answer")


class Uncertain(CloudError):
    """A changing call that may have been done or not: an attempt had no response. It reads as its last error."""

    def __init__(self, error: CloudError) -> None:
        super().__init__(error.what, why=error.why, hint=error.hint, code=error.code)


class Hooks(Protocol):
    """`client.meta.events` of botocore."""

    def register(self, event_name: str, handler: Callable[..., None]) -> None: ...


class InputShape(Protocol):
    """What the hook reads of a botocore StructureShape."""

    @property
    def members(self) -> MutableMapping[str, object]: ...


class CallModel(Protocol):
    """What the hook reads of a botocore OperationModel."""

    @property
    def input_shape(self) -> InputShape | None: ...


def give_tokens(hooks: Hooks) -> None:
    """Give a token to each changing call of this CloudFormation client that has none."""
    hooks.register("before-parameter-build.cloudformation", add_token)


def add_token(params: MutableMapping[str, object], model: CallModel, **_: object) -> None:
    """botocore's hook `before-parameter-build`: called once for a call, whatever its number of attempts."""
    members = model.input_shape.members if model.input_shape else {}
    for member in TOKEN_MEMBERS:
        if member in members:
            params.setdefault(member, new_token())


def new_token() -> str:
    """A token in CloudFormation's alphabet: ``[a-zA-Z0-9][-a-zA-Z0-9]*``, at most 128 characters."""
    return f"accountsctl-{uuid.uuid4()}"


def send(
    action: str, call: Callable[[str], Answer], waits: Iterator[float], sleep: Callable[[float], None]
) -> Answer | None:
    """Make a changing call under one token until it has a response; None if an earlier attempt was done already.

    The SDK has tried some times before each of these attempts gives up. Raises CloudError: the refusal; Uncertain
    if an attempt had no response, the last one or one before the refusal.
    """
    token, unanswered = new_token(), False
    for attempt, wait in enumerate(islice(waits, ATTEMPTS), start=1):
        try:
            with translated(action):
                return call(token)
        except CloudError as error:
            if error.code in ALREADY_DONE:
                return None
            unanswered = unanswered or is_unanswered(error)
            if not is_unanswered(error) or attempt == ATTEMPTS:
                raise (Uncertain(error) if unanswered else error) from error
        sleep(wait)
    raise AssertionError("the waits of a pace have no end")
