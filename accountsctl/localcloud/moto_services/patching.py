"""The one way in which we change moto: a method is wrapped once, and its fix gets the original as first argument."""

from __future__ import annotations

import functools
from collections.abc import Callable


def wrap(owner: type, name: str, fix: Callable[..., object]) -> None:
    """Replace ``owner.name(self, ...)`` by ``fix(original, self, ...)``.

    The same fix again changes nothing. Another one for the same method is a mistake of ours: raises ValueError.
    """
    # A fix of a method that is inherited stays the base class's own.
    installed = getattr(vars(owner).get(name), "fix", None)
    if installed is fix:
        return
    if installed is not None:
        raise ValueError(f"{owner.__name__}.{name} has a fix already; write one that does both.")
    original = getattr(owner, name)

    @functools.wraps(original)
    def fixed(self: object, *args: object, **named: object) -> object:
        return fix(original, self, *args, **named)

    fixed.fix = fix  # type: ignore[attr-defined]
    setattr(owner, name, fixed)
