"""Who may call a function, by the statements of its policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.unknown import is_unknown

GATEWAY = ("apigateway.amazonaws.com", "*")
INVOKES = frozenset({"lambda:invokefunction", "lambda:*", "*"})
_WILD = re.compile(r"[*?\[{$]")


@dataclass(frozen=True)
class Permission:
    """A Lambda permission. `source_arn` None: any; placeholders of what only AWS knows are ``*``.

    `qualifier` is the version or alias that it is for, empty for the function itself, None if it may be for any.
    `action` is what it allows; `by_url`: only by the function's URL; `url_auth`: only by one of this AuthType.
    """

    principal: str
    place: SourcePlace
    source_arn: str | None = None
    action: str = "lambda:InvokeFunction"
    by_url: bool = False
    url_auth: str | None = None
    qualifier: str | None = None


class GatewayPermissions:
    """The permissions by which API Gateway may call a function; none to call it by its URL.

    A function may have one for each of its routes; those for a call are found without a look at all of them.
    """

    def __init__(self, permissions: Iterable[Permission]) -> None:
        self.every = [permission for permission in permissions if _is_for_gateway(permission)]
        self._by_call: dict[str, list[Permission]] = {}
        self._wild: list[Permission] = []
        for permission in self.every:
            call = _call_of(permission)
            self._by_call.setdefault(call, []).append(permission)
            if not call or _WILD.search(call):
                self._wild.append(permission)

    def for_calls(self, calls: Iterable[str]) -> Iterator[Permission]:
        """Those that may be for one of the calls (``GET/items/*``): those that name it come first."""
        for call in calls:
            yield from self._by_call.get(call, ())
        yield from self._wild


def _is_for_gateway(permission: Permission) -> bool:
    return (
        not permission.by_url
        and (permission.principal in GATEWAY or is_unknown(permission.principal))
        and (permission.action.lower() in INVOKES or is_unknown(permission.action))
    )


def _call_of(permission: Permission) -> str:
    """The verb and the path of a SourceArn (``...:API/STAGE/VERB/path``), a variable as ``*``; empty if it has none."""
    source = permission.source_arn or ""
    if ":execute-api:" not in source:
        return ""
    _, _, rest = source.rpartition(":")[2].partition("/")
    _, slash, call = rest.partition("/")
    return re.sub(r"\$?\{[^}]+\}", "*", call) if slash else ""
