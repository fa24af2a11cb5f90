"""Until when Lambda takes functions of a runtime; https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html."""

from __future__ import annotations

from datetime import date

from accountsctl.localcloud.cloudformation.resource_schemas.schemas import services


def retired(runtime: str, today: date, *, updating: bool) -> bool:
    """Whether Lambda refuses to create functions with the runtime, or to update one to it."""
    known = services()["lambdaRuntimes"].get(runtime) or {}
    blocked: str | None = known.get("updateBlock" if updating else "createBlock")
    return blocked is not None and date.fromisoformat(blocked) <= today
