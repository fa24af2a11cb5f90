"""What a resource policy says of a caller who has not signed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from operator import ge, gt, le, lt
from typing import Any

from accountsctl.doctor.facts.unknown import is_unknown

DATES = {
    "datelessthan": lt,
    "datelessthanequals": le,
    "dategreaterthan": gt,
    "dategreaterthanequals": ge,
}


def allows(policy: Mapping[str, Any], verb: str, path: str, now: int = 0) -> bool | None:
    """Whether a policy lets an unsigned caller in; None if a condition decides that cannot be evaluated here.

    `now` is in seconds since 1970; 0 if it is not known.
    """
    # A policy without any statement counts as none: what API Gateway makes of it is not documented.
    unsure = not _listed(policy.get("Statement"))
    allowed = False
    for statement in _listed(policy.get("Statement")):
        if not isinstance(statement, Mapping):
            unsure = unsure or is_unknown(statement)
            continue
        if _depends(statement) or _names_others(statement):
            unsure = True
            continue
        if not _covers(statement, verb, path):
            continue
        holds = _holds(statement.get("Condition") or {}, now)
        if holds is False:
            continue
        if holds is None:
            unsure = True
        elif statement.get("Effect") == "Deny":
            return False
        else:
            allowed = True
    return None if unsure else allowed


def _holds(condition: object, now: int) -> bool | None:
    """Whether a statement's condition holds now; None if that depends on more than the time.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    if not isinstance(condition, Mapping):
        return None
    found = [
        _compared(str(operator).lower(), str(key).lower(), _listed(values), now)
        for operator, keys in condition.items()
        for key, values in (keys.items() if isinstance(keys, Mapping) else [("", None)])
    ]
    return False if False in found else None if None in found else True


def _compared(operator: str, key: str, values: Iterable[Any], now: int) -> bool | None:
    """Whether one part of a condition about the time holds; None if it is about anything else."""
    compare = DATES.get(operator)
    if compare is None or key != "aws:currenttime" or not now:
        return None
    dates = [_seconds(value) for value in values]
    if not dates or None in dates:
        return None
    return any(compare(now, date) for date in dates if date is not None)


def _seconds(value: object) -> float | None:
    """A date in ISO 8601, in seconds since 1970; None if it is anything else."""
    try:
        date = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp()


def _depends(statement: Mapping[str, Any]) -> bool:
    """Whether only the deployment knows what a statement is about; region, account and API are known well enough."""
    resources = [str(resource).partition("/")[2] for resource in _listed(statement.get("Resource"))]
    every = [str(resource) for resource in _listed(statement.get("Resource"))]
    named = any(is_unknown(resource) and "execute-api" not in resource for resource in every)
    others = [statement.get(key) for key in ("Effect", "Principal", "Action")]
    return named or any(map(is_unknown, [*resources, *others]))


def _names_others(statement: Mapping[str, Any]) -> bool:
    """Whether a statement says whom or what it is not about, or not what: API Gateway's reading is not imitated."""
    others = {"NotPrincipal", "NotAction", "NotResource"}
    return bool(others & set(statement)) or not {"Action", "Resource"} <= set(statement)


def _covers(statement: Mapping[str, Any], verb: str, path: str) -> bool:
    principal = statement.get("Principal")
    anyone = principal == "*" or (isinstance(principal, Mapping) and "*" in _listed(principal.get("AWS")))
    actions = [str(action).lower() for action in _listed(statement.get("Action"))]
    invokes = any(fnmatchcase("execute-api:invoke", action) for action in actions)
    return (
        anyone
        and invokes
        and any(_reaches(str(pattern), verb, path) for pattern in _listed(statement.get("Resource")))
    )


def _reaches(resource: str, verb: str, path: str) -> bool:
    """``execute-api:/*`` and the long form ``arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/VERB/path``."""
    asked = f"STAGE/{verb}{path}"
    pattern = resource.partition("execute-api:")[2] if "execute-api:" in resource else resource
    _, _, tail = pattern.partition("/")
    if pattern == "*" or tail in ("*", ""):
        return pattern.endswith("*")
    stage, _, rest = tail.partition("/")
    return fnmatchcase(asked, f"STAGE/{rest}") if rest else stage == "*"


def _listed(value: object) -> Iterable[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
