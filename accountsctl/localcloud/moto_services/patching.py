"""The one way in which we change moto: a method is wrapped once, and sees the original as its first argument."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any


def wrap(owner: Any, name: str, mend: Callable[..., Any]) -> None:
    """Replace ``owner.name(self, ...)`` by ``mend(original, self, ...)``. A second call changes nothing."""
    original = getattr(owner, name)
    if getattr(original, "mended", False):
        return

    @functools.wraps(original)
    def mended(self: Any, *args: Any, **named: Any) -> Any:
        return mend(original, self, *args, **named)

    mended.mended = True  # type: ignore[attr-defined]
    setattr(owner, name, mended)
