"""Every fault of the zoo."""

from __future__ import annotations

from tests.faults import callers, outside_rest_apis, zoo

FAULTS = (*zoo.FAULTS, *callers.FAULTS, *outside_rest_apis.FAULTS)
