"""API Gateway's patch operations: their shape, the escapes in their paths, and the refusal of a path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict


class PatchOperation(TypedDict):
    """One change of an Update call. `path` is a JSON pointer; `value` is missing if `op` is "remove"."""

    op: str
    path: str
    value: NotRequired[str]


def unescaped(part: str) -> str:
    """A part of a JSON pointer as plain text: ``~1`` stands for a slash, ``~0`` for a tilde (RFC 6901)."""
    return part.replace("~1", "/").replace("~0", "~")


def invalid_path(operation: PatchOperation, allowed: Iterable[str]) -> Exception:
    """The error for a path that cannot be changed; `allowed` are the paths that can, without their slash."""
    from moto.apigateway.exceptions import BadRequestException

    # Two spaces in front of the path: that is how API Gateway writes it.
    return BadRequestException(
        f"Invalid patch path  '{operation['path']}' specified for op '{operation['op']}'. "
        f"Must be one of: [/{', /'.join(allowed)}]"
    )
