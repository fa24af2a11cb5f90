"""States and dumps as tests write and read them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from accountsctl.localcloud.cloudformation import CloudFormation
from accountsctl.localcloud.state import parts, snapshot


def dumped(cloud: CloudFormation) -> dict[str, Any]:
    """What CloudFormation dumps, as a state gives it back to `load`."""
    found: dict[str, Any] = parts.services(cloud.dump())["cloudformation"]
    return {"stacks": [], "changeSets": [], **found}


def write(path: Path, state: snapshot.State, moto: str | None = None) -> None:
    """A state whose parts all stand in its file."""
    own = [(name, json.dumps(value).encode()) for name, value in state.services.items()]
    snapshot.write(path, [*own, *state.control.items()], moto)
