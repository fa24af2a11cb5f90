"""The daemon's log. To write it can fail, on the same full disk that is to be reported: a report never raises."""

from __future__ import annotations

import contextlib
import errno
import sys
import traceback

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def report(text: str) -> None:
    """Write a line to the log, if it can be written."""
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def report_exception() -> None:
    """Write the traceback of the exception being handled to the log, if it can be written."""
    report(traceback.format_exc().rstrip())


def is_full(fault: BaseException) -> bool:
    """Whether the disk, or the quota of its user, is full."""
    return isinstance(fault, OSError) and fault.errno in FULL
