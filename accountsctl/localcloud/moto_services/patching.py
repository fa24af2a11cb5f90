"""The one way in which we change moto: a method is wrapped once, and its fix gets the original as first argument."""

from __future__ import annotations

import functools
from collections.abc import Callable


def wrap(owner: type, name: str, fix: Callable[..., object]) -> None:
    """Replace ``owner.name(self, ...)`` by ``fix(original, self, ...)``. A second call changes nothing."""
    original = getattr(owner, name)
    if getattr(original, "fixed", False):
        return

    @functools.wraps(original)
    def fixed(self: object, *args: object, **named: object) -> object:
        return fix(original, self, *args, **named)

    fixed.fixed = True  # type: ignore[attr-defined]
    setattr(owner, name, fixed)
