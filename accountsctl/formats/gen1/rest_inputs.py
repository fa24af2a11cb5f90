"""``cli-inputs.json`` of a REST API, from which Amplify's CLI (7 and later) generates the API's template.

The shape::

    {"version": 1, "paths": {"/items": {"lambdaFunction": NAME, "permissions": {
        "setting": "open" | "private" | "protected",
        "auth": [RIGHT, ...], "guest": [RIGHT, ...], "groups": {GROUP: [RIGHT, ...]}}}}}
    RIGHT: "create" | "read" | "update" | "delete"

Amplify makes two routes of a path, the path itself and ``/{proxy+}`` below it, each for every method; a path that
ends with ``{proxy+}`` is one route. An open path needs no authorization. The others have that of the API, which
parameters.json may state: by default AWS_IAM, where the rights decide which role of the identity pool may call which
methods. AdminQueries is authorized by the user pool instead, and takes access tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from accountsctl.formats.json_source import Source
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.backend import BackendEntry
from accountsctl.model.errors import Fault

OLD_FILE = "api-params.json"
OPEN = "open"
SETTINGS = (OPEN, "private", "protected")
VERBS = {"create": ("POST",), "read": ("GET",), "update": ("PUT", "PATCH"), "delete": ("DELETE",)}
BY_POOL = "AMAZON_COGNITO_USER_POOLS"
"""``authorizationType`` of AdminQueries in backend-config.json."""
ADMIN_SCOPE = "aws.cognito.signin.user.admin"
"""The scope of every access token of a user who signed in through the SDK."""
RestPath = Mapping[str, Any]
"""What the file states of one path."""


def parameters(source: Source, entry: BackendEntry) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """The parameters of our own API template, and every fault of the file.

    They are `paths`, `authorization`, and `authorizationScopes` of AdminQueries. `entry` is the API's object in
    backend-config.json.
    """
    faults = [*source.faults, *_faults(source)]
    if faults:
        return {}, tuple(faults)
    paths: dict[str, object] = {}
    for path, stated in source.value["paths"].items():
        route = {"function": stated["lambdaFunction"], "methods": ["ANY"]}
        if stated["permissions"]["setting"] == OPEN:
            route["authorization"] = AuthorizationType.NONE
        paths[path] = route
        if not path.endswith("+}"):
            paths[f"{path.rstrip('/')}/{{proxy+}}"] = route
    if entry.get("authorizationType") == BY_POOL:
        by_pool = {"authorization": AuthorizationType.COGNITO, "authorizationScopes": [ADMIN_SCOPE]}
        return {**by_pool, "paths": paths}, ()
    return {"authorization": AuthorizationType.IAM, "paths": paths}, ()


@dataclass(frozen=True)
class RestAccess:
    """What the roles of an identity pool may call of an API: the ends of ARNs, as ``GET/items`` and ``GET/items/*``."""

    auth: tuple[str, ...] = ()
    guest: tuple[str, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def access(source: Source) -> RestAccess:
    """Who may call what; no one if the file has a fault, which `parameters` reports."""
    auth: list[str] = []
    guest: list[str] = []
    groups: dict[str, list[str]] = {}
    sound = not source.faults and not any(_faults(source))
    for path, stated in (source.value["paths"] if sound else {}).items():
        permissions = stated["permissions"]
        if permissions["setting"] == OPEN:
            continue
        of_groups = permissions.get("groups") or {}
        # A private path without a word about rights is open to every user who is signed in.
        every = [] if of_groups else list(VERBS)
        auth += _ends(path, permissions.get("auth", every))
        guest += _ends(path, permissions.get("guest", []))
        for group, rights in of_groups.items():
            groups.setdefault(group, []).extend(_ends(path, rights))
    return RestAccess(tuple(auth), tuple(guest), {group: tuple(ends) for group, ends in groups.items()})


def old_access(source: Source) -> RestAccess:
    """`access` of ``api-params.json``, which CLIs before 7 keep: ``{"paths": [{"name": "/items", "privacy": {"auth":
    ["/GET"], "unauth": [...]}}]}``, as a list or an object of paths."""
    paths = source.value.get("paths", []) if isinstance(source.value, Mapping) else []
    auth: list[str] = []
    guest: list[str] = []
    for stated in paths.values() if isinstance(paths, Mapping) else paths:
        privacy = stated.get("privacy") if isinstance(stated, Mapping) else None
        if isinstance(privacy, Mapping) and not privacy.get("open"):
            for ends, key in ((auth, "auth"), (guest, "unauth")):
                verbs = privacy.get(key) if isinstance(privacy.get(key), list) else []
                ends += _of_verbs(
                    str(stated.get("name", "/")), [str(verb).strip("/") for verb in verbs or []]
                )
    return RestAccess(tuple(auth), tuple(guest))


def _ends(path: str, rights: list[str]) -> Iterator[str]:
    """The ends of the ARNs of a path's methods. A variable of the path stands for any text."""
    verbs = [verb for right in rights for verb in VERBS[right]]
    yield from _of_verbs(path, ["*"] if len(set(rights)) == len(VERBS) else verbs)


def _of_verbs(path: str, verbs: list[str]) -> Iterator[str]:
    base = "/".join("*" if part.startswith("{") else part for part in path.rstrip("/").split("/"))
    for verb in verbs:
        yield from (f"{verb}{base or '/'}", f"{verb}{base}/*")


def _faults(source: Source) -> Iterator[Fault]:
    value = source.value
    if not isinstance(value, Mapping) or not isinstance(value.get("paths"), Mapping):
        if not source.faults:
            yield source.fault((), '"paths" must be an object of paths.', "Run: amplify update api")
        return
    for path, entry in value["paths"].items():
        at = ("paths", str(path))
        permissions = entry.get("permissions") if isinstance(entry, Mapping) else None
        if not isinstance(entry, Mapping) or not isinstance(entry.get("lambdaFunction"), str):
            yield source.fault(at, f'"{path}" states no "lambdaFunction".')
        elif not isinstance(permissions, Mapping) or permissions.get("setting") not in SETTINGS:
            what = f'The "permissions" of "{path}" must have a "setting": {", ".join(SETTINGS)}.'
            yield source.fault(at, what)
        elif not all(_are_rights(rights) for rights in _stated_rights(permissions)):
            yield source.fault(at, f'The rights of "{path}" must be lists of {", ".join(VERBS)}.')


def _stated_rights(permissions: RestPath) -> Iterator[object]:
    yield from (permissions[key] for key in ("auth", "guest") if key in permissions)
    groups = permissions.get("groups") or {}
    yield from groups.values() if isinstance(groups, Mapping) else [None]


def _are_rights(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(right, str) and right in VERBS for right in value)
