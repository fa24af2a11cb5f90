"""Every fault of the zoo."""

from __future__ import annotations

from tests.faults import around, callers, zoo

FAULTS = (*zoo.FAULTS, *callers.FAULTS, *around.FAULTS)
