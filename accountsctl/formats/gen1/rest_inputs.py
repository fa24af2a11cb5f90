"""``cli-inputs.json`` of a REST API, from which Amplify's CLI (7 and later) generates the API's template.

The shape::

    {"version": 1, "paths": {"/items": {"lambdaFunction": NAME,
                                        "permissions": {"setting": "open" | "private" | "protected", ...}}}}

Amplify makes two routes of a path, the path itself and ``/{proxy+}`` below it, each for every method. An open
path needs no authorization; the others have that of the API, which parameters.json may state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.formats.json_source import Source
from accountsctl.model.api_gateway import AuthorizationType
from accountsctl.model.errors import Fault

FILE = "cli-inputs.json"
OPEN = "open"
SETTINGS = (OPEN, "private", "protected")


def parameters(source: Source) -> tuple[dict[str, object], tuple[Fault, ...]]:
    """The parameters of our own API template, `paths` and `authorization`; and every fault of the file.

    The authorization is AWS_IAM, which is Amplify's: parameters.json overrides it.
    """
    faults = [*source.faults, *_faults(source)]
    if faults:
        return {}, tuple(faults)
    paths: dict[str, object] = {}
    for path, entry in source.value["paths"].items():
        route = {"function": entry["lambdaFunction"], "methods": ["ANY"]}
        if entry["permissions"]["setting"] == OPEN:
            route["authorization"] = AuthorizationType.NONE
        paths[path] = route
        paths[f"{path.rstrip('/')}/{{proxy+}}"] = route
    return {"authorization": AuthorizationType.IAM, "paths": paths}, ()


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
            yield source.fault(
                at, f'The "permissions" of "{path}" must have a "setting": {", ".join(SETTINGS)}.'
            )
