"""An API's paths as the tree that API Gateway needs: one resource for each segment, each with its verbs.

Logical ids are made from the path alone, so that adding a path never renames another; where two paths
would get the same id (``/a/b`` and ``/aB``), all of them carry a hash of their path.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypedDict

from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.errors import Fault
from accountsctl.model.http_methods import ANY, CALLABLE
from accountsctl.synth.faulty import Faulty
from accountsctl.synth.inputs import Inputs

PATH = re.compile(r"/|(?:/(?:[A-Za-z0-9._~:-]+|\{[A-Za-z0-9._-]+\+?\}))+")
VERBS = tuple(sorted((*CALLABLE, ANY)))
AUTHORIZATIONS = (AuthorizationType.COGNITO, AuthorizationType.IAM, AuthorizationType.NONE)
NEEDED = ("Arn", "Name")


class RouteMethod(TypedDict):
    """One method of a route, as the API's template reads it; `model` is a JSON schema or None."""

    verb: str
    logicalId: str
    function: str
    authorization: str
    model: object


class Route(TypedDict):
    """One API Gateway resource, as the API's template reads it; `parent` is None directly below the root."""

    logicalId: str
    path: str
    part: str
    parent: str | None
    variables: list[str]
    methods: list[RouteMethod]


PathEntry = Mapping[str, Any]
"""What parameters.json states for one path: "function", "methods" and, if it differs, "authorization"."""


def routes(inputs: Inputs) -> list[Route]:
    """All routes of an API, parents before their children.

    The root itself (path "/") is only there if it has methods. Faulty names everything that is wrong with
    the paths.
    """
    written = inputs.parameters.get("paths", {})
    if not isinstance(written, Mapping) or not written:
        raise Faulty(
            inputs.fault("paths", 'an API needs "paths": {"/path": {"function": ..., "methods": [...]}}.')
        )
    faults = [*_faults(inputs, written), *_siblings(inputs, written)]
    if faults:
        raise Faulty(*faults)
    ids = _logical_ids(_all_paths(written))
    return [_route(inputs, path, ids, written.get(path)) for path in sorted(ids)]


def _route(inputs: Inputs, path: str, ids: Mapping[str, str], written: PathEntry | None) -> Route:
    parent, _, part = path.rpartition("/")
    return {
        "logicalId": ids[path],
        "path": path,
        "part": part,
        "parent": ids.get(parent),
        "variables": re.findall(r"\{([^}+]+)\+?\}", path),
        "methods": _methods(inputs, ids[path], written) if written else [],
    }


def _methods(inputs: Inputs, logical_id: str, written: PathEntry) -> list[RouteMethod]:
    default = written.get("authorization", inputs.parameters.get("authorization", AUTHORIZATIONS[0]))
    own = _method_settings(written["methods"])
    return [
        {
            "verb": verb,
            "logicalId": f"{logical_id}{verb.capitalize()}",
            "function": written["function"],
            "authorization": own[verb].get("authorization", default),
            "model": own[verb].get("model"),
        }
        for verb in sorted(own)
    ]


def _method_settings(methods: Mapping[str, PathEntry] | list[str]) -> dict[str, PathEntry]:
    """The settings of each verb: ``["GET"]`` is ``{"GET": {}}``."""
    table: Mapping[str, PathEntry] = (
        methods if isinstance(methods, Mapping) else {verb: {} for verb in methods}
    )
    return {verb.upper(): own for verb, own in table.items()}


def _all_paths(written: Iterable[str]) -> set[str]:
    """The written paths and everything above them but the root."""
    found = {"/"} & set(written)
    for path in written:
        parts = path.strip("/").split("/") if path != "/" else []
        found |= {"/" + "/".join(parts[: i + 1]) for i in range(len(parts))}
    return found


def _logical_ids(paths: set[str]) -> dict[str, str]:
    plain = {path: _plain_id(path) for path in paths}
    count = Counter(plain.values())
    return {
        path: name if count[name] == 1 else name + hashlib.sha256(path.encode()).hexdigest()[:8]
        for path, name in plain.items()
    }


def _plain_id(path: str) -> str:
    words = [
        ("By" if part.startswith("{") else "")
        + "".join(w[:1].upper() + w[1:] for w in re.findall(r"[A-Za-z0-9]+", part))
        for part in path.strip("/").split("/")
    ]
    return "Path" + ("".join(words) or "Root")


def _faults(inputs: Inputs, written: Mapping[str, object]) -> Iterator[Fault]:
    for path, entry in written.items():
        for what in _entry_faults(inputs, path, entry):
            yield inputs.fault("paths", what)
    default = inputs.parameters.get("authorization", AUTHORIZATIONS[0])
    if default not in AUTHORIZATIONS:
        yield inputs.fault("authorization", f'"authorization" is one of {", ".join(AUTHORIZATIONS)}.')


def _entry_faults(inputs: Inputs, path: str, entry: object) -> Iterator[str]:
    if not PATH.fullmatch(path) or "+}/" in path:
        yield f'"{path}" is not a valid path: it starts with "/", and its segments are words or "{{variables}}".'
    if not isinstance(entry, Mapping):
        yield f'"{path}" needs {{"function": ..., "methods": [...]}}.'
        return
    methods = entry.get("methods")
    if (
        not isinstance(methods, (list, Mapping))
        or not methods
        or not all(isinstance(m, str) for m in methods)
    ):
        yield f'"{path}" has no list or table of "methods".'
    else:
        unknown = sorted({method for method in methods if method.upper() not in VERBS})
        if unknown:
            yield f'"{path}" has methods other than {", ".join(VERBS)}: {", ".join(unknown)} ("cors" makes OPTIONS).'
        if len({method.upper() for method in methods}) != len(methods):
            yield f'"{path}" names a method twice.'
    if isinstance(methods, Mapping):
        yield from _method_faults(path, methods)
    if entry.get("authorization", AuthorizationType.NONE) not in AUTHORIZATIONS:
        yield f'the "authorization" of "{path}" is one of {", ".join(AUTHORIZATIONS)}.'
    yield from _function_faults(inputs, path, entry.get("function"))


def _method_faults(path: str, methods: Mapping[str, object]) -> Iterator[str]:
    for verb, own in methods.items():
        if not isinstance(own, Mapping) or not isinstance(own.get("model", {}), Mapping):
            yield f'"{path}" {verb} must be {{"authorization": ..., "model": {{a JSON schema}}}}.'
        elif own.get("authorization", AuthorizationType.NONE) not in AUTHORIZATIONS:
            yield f'the "authorization" of "{path}" {verb} is one of {", ".join(AUTHORIZATIONS)}.'


def _function_faults(inputs: Inputs, path: str, function: object) -> Iterator[str]:
    edge = next(
        (d for d in inputs.resource.depends_on if d.on.category == "function" and d.on.name == function), None
    )
    if edge is None and inputs.whole:
        yield f'"{path}" leads to the function "{function}", on which {inputs.resource.id} does not depend.'
    elif edge and (missing := [name for name in NEEDED if name not in edge.attributes]):
        yield f'"{path}" leads to {edge.on}, of which dependsOn must ask for {" and ".join(missing)}.'


def _siblings(inputs: Inputs, written: Mapping[str, object]) -> Iterator[Fault]:
    """API Gateway allows one variable below a path, under one name."""
    variables: dict[str, set[str]] = {}
    for path in _all_paths([path for path in written if PATH.fullmatch(path)]):
        parent, _, part = path.rpartition("/")
        if part.startswith("{"):
            variables.setdefault(parent, set()).add(part)
    for parent, names in sorted(variables.items()):
        if len(names) > 1:
            both = " and ".join(sorted(names))
            what = f'below "{parent or "/"}" stand {both}; API Gateway allows one variable there.'
            yield inputs.fault("paths", what)
