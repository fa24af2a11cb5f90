"""Which version or alias of a function is called, and which a permission is for: each has a policy of its own.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from accountsctl.doctor.facts.model import Routes
from accountsctl.doctor.facts.permissions import Permission
from accountsctl.doctor.facts.templates.common import FUNCTION_IN_URI, Reader, mapping
from accountsctl.doctor.facts.unknown import is_unknown

_REFERENCE = re.compile(
    r"\$\{(?P<id>[^}.:]+)(?:\.(?P<attribute>\w+))?\}(?::(?P<of_resource>.+))?"
    r"|(?:.*:function:)?(?P<name>[\w-]+)(?::(?P<of_name>.+))?"
)


def qualifier_of(reader: Reader, reference: str) -> str | None:
    """The version or alias that a reference to a function names, empty for the function itself; None if not known."""
    found = _REFERENCE.fullmatch(reference.strip())
    if found is None:
        return None
    qualifier = found["of_resource"] or found["of_name"] or ""
    if qualifier or found["name"]:
        return None if is_unknown(qualifier) else qualifier.removeprefix("$LATEST")
    match mapping(reader.document.resources.get(found["id"])).get("Type"):
        case "AWS::Lambda::Alias":
            name = str(reader.properties(found["id"]).get("Name"))
            return None if is_unknown(name) else name
        case "AWS::Lambda::Version":
            return reference
        case "AWS::Lambda::Function" | "AWS::Serverless::Function":
            return "" if found["attribute"] in (None, "Arn") else None
    return None


def function_called(reader: Reader, reference: str) -> str | None:
    """The template's function that a reference names, by itself or by an alias or version; None if it is another."""
    found = _REFERENCE.fullmatch(reference.strip())
    id_ = str(found["id"]) if found else ""
    match mapping(reader.document.resources.get(id_)).get("Type"):
        case "AWS::Lambda::Function" | "AWS::Serverless::Function":
            return id_
        case "AWS::Lambda::Alias" | "AWS::Lambda::Version":
            return function_called(reader, str(reader.properties(id_).get("FunctionName")))
    return None


def reference_in(uri: str) -> str:
    """How an integration's URI names what it calls: the part of a REST API's, all of an HTTP API's."""
    found = FUNCTION_IN_URI.search(uri)
    return found.group(1) if found else uri


def for_calls(
    reader: Reader, called: Iterable[str], permissions: Iterable[Permission]
) -> tuple[Permission, ...]:
    """Those of a function's permissions that may be for what its integrations call, by their URIs."""
    found = {qualifier_of(reader, uri) for uri in called} or {None}
    return tuple(
        permission for permission in permissions if any(_may_be(permission.qualifier, one) for one in found)
    )


def _may_be(one: str | None, other: str | None) -> bool:
    """Whether two may be the same: only the deployment knows the number of a version that it makes."""
    if one is None or other is None or one == other:
        return True
    return any(first.startswith("${") and second.isdigit() for first, second in ((one, other), (other, one)))


def calls_by_function(routes: Routes) -> Mapping[str, list[str]]:
    """How the integrations' URIs name each function, by its key."""
    found: dict[str, list[str]] = {}
    for method in [method for methods in routes.values() for method in methods.values()]:
        integration = method.integration
        if integration and integration.function:
            found.setdefault(integration.function, []).append(reference_in(integration.uri))
    return found
