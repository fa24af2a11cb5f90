"""The daemon's own memory."""

from __future__ import annotations

import ctypes
import gc


def give_back_memory() -> None:
    """Return to the system what a start needed and left free; a C library that cannot do so keeps it."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc
    if trim is not None:
        trim(0)
