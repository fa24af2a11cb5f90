"""Until when Lambda takes functions of a runtime; https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html."""

from __future__ import annotations

import re
from datetime import date

from accountsctl.localcloud.cloudformation.resource_schemas.schemas import services


def retired(runtime: str, today: date, *, updating: bool) -> bool:
    """Whether Lambda refuses to create functions with the runtime, or to update one to it."""
    known = services()["lambdaRuntimes"].get(runtime) or {}
    blocked: str | None = known.get("updateBlock" if updating else "createBlock")
    return blocked is not None and date.fromisoformat(blocked) <= today


OF_FAMILY = {"dotnetcore": "dotnet", "go": "provided.al", "provided": "provided.al", "nodejs": "nodejs"}
"""The family of a runtime's successors, where it has another name."""


def newest_like(runtime: str, today: date) -> str:
    """The newest runtime of the same language that is not retired."""
    name = _family(runtime)
    family = OF_FAMILY.get(name, name)
    found = [
        known
        for known in services()["lambdaRuntimes"]
        if _family(known) == family and not retired(known, today, updating=False)
    ]
    return max(found, key=lambda known: [int(part) for part in re.findall("[0-9]+", known)], default=runtime)


def _family(runtime: str) -> str:
    return re.split("[0-9]", runtime, maxsplit=1)[0]
