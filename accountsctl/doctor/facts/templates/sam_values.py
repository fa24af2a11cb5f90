"""What SAM makes of values that only the deployment works out: it writes its documents before that.

ApiKeyRequired that is an intrinsic is on for SAM, whatever comes of it; Cors as an intrinsic is that of AllowOrigin
alone, and an AllowOrigin or an OPTIONS that a condition takes away has no other in its place. The switches that ask
OPTIONS for a token or a key are on in the same way, and are left as not known: a template that has one means it as off.

Source: `_add_cors` and `_add_auth` in https://github.com/aws/serverless-application-model, samtranslator/model/api
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accountsctl.doctor.facts.templates.resolving import NO_VALUE

SWITCH = "ApiKeyRequired"
RESOLVED_BY_SAM = ("Ref", "Fn::FindInMap")
CONDITIONAL = "Fn::If"


def as_sam_reads(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties of a SAM resource, each intrinsic that SAM takes for a value replaced by that value."""
    changes = {"Cors": _cors, "Auth": _auth, "DefinitionBody": _document, "Events": _events}
    return {
        key: changes[key](value) if key in changes and isinstance(value, Mapping) else value
        for key, value in properties.items()
    }


def _is_conditional(value: Any) -> bool:
    return isinstance(value, Mapping) and len(value) == 1 and CONDITIONAL in value


def _with_no_value(value: Any) -> Any:
    """A condition whose branches keep the mark of a value that is taken away."""
    if value == {"Ref": "AWS::NoValue"}:
        return NO_VALUE
    if not _is_conditional(value) or not isinstance(value[CONDITIONAL], list):
        return value
    name, *branches = value[CONDITIONAL]
    return {CONDITIONAL: [name, *map(_with_no_value, branches)]}


def _cors(stated: Mapping[str, Any]) -> Mapping[str, Any]:
    if len(stated) == 1 and next(iter(stated)).startswith(("Fn::", "Ref")):
        return {"AllowOrigin": _with_no_value(stated)}
    if "AllowOrigin" in stated:
        return {**stated, "AllowOrigin": _with_no_value(stated["AllowOrigin"])}
    return stated


def _auth(stated: Mapping[str, Any]) -> Mapping[str, Any]:
    found = {key: _is_on(value) if key == SWITCH else value for key, value in stated.items()}
    authorizers = found.get("Authorizers")
    if isinstance(authorizers, Mapping) and not _is_conditional(authorizers):
        found["Authorizers"] = {
            name: {} if _is_conditional(value) else value for name, value in authorizers.items()
        }
    return found


def _is_on(value: Any) -> Any:
    intrinsic = isinstance(value, Mapping) and len(value) == 1
    return True if intrinsic and next(iter(value)) not in RESOLVED_BY_SAM else value


def _events(stated: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: _event(event) for name, event in stated.items()}


def _event(stated: Any) -> Any:
    properties = stated.get("Properties") if isinstance(stated, Mapping) else None
    if not isinstance(properties, Mapping) or not isinstance(properties.get("Auth"), Mapping):
        return stated
    return {**stated, "Properties": {**properties, "Auth": _auth(properties["Auth"])}}


def _document(stated: Mapping[str, Any]) -> Mapping[str, Any]:
    paths = stated.get("paths")
    if not isinstance(paths, Mapping):
        return stated
    return {**stated, "paths": {path: _path(item) for path, item in paths.items()}}


def _path(item: Any) -> Any:
    if not isinstance(item, Mapping) or "options" not in item:
        return item
    return {**item, "options": _with_no_value(item["options"])}
