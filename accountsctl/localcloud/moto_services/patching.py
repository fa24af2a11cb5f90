"""The one way in which we change moto: a method is wrapped once, and sees the original as its first argument."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def wrap(owner: Any, name: str, fix: Callable[..., Any]) -> None:
    """Replace ``owner.name(self, ...)`` by ``fix(original, self, ...)``. A second call changes nothing."""
    original = getattr(owner, name)
    if getattr(original, "fixed", False):
        return

    @functools.wraps(original)
    def fixed(self: Any, *args: Any, **named: Any) -> Any:
        return fix(original, self, *args, **named)

    fixed.fixed = True  # type: ignore[attr-defined]
    setattr(owner, name, fixed)
