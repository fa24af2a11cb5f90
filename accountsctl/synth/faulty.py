"""How a stage of synth says that it cannot go on with one resource."""

from __future__ import annotations

from accountsctl.model.errors import Fault


class Faulty(Exception):
    """One resource cannot be rendered. `faults` tell why; other resources are still looked at."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults


class Unmet(Faulty):
    """A template asked for what its resource does not have: a dependency, or a parameter."""


def faulty(file: str, line: int, what: str, hint: str = "") -> Faulty:
    """A Faulty of one fault."""
    return Faulty(Fault(file, line, what, hint))
