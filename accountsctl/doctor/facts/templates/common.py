"""What every spelling of an API shares: functions by name, mapping tables, mock answers, permissions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from accountsctl.doctor.facts.model import Integration, IntegrationResponse, Vary
from accountsctl.doctor.facts.places import Layer, SourcePlace
from accountsctl.doctor.facts.templates.document import Document
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import IntegrationType

_FUNCTION = re.compile(r":lambda:path/[^/]*/functions/(.+?)/invocations")
_OVERRIDE = re.compile(r"responseOverride\.header(?:\.|\[['\"])([A-Za-z0-9-]+)['\"]?\]?\s*=\s*\"?([^\s\")]+)")
_ORIGIN = re.compile(r"""(?:==\s*|\.matches\(\s*)["']([^"']+)["']""")
_RESPONSE = "method.response.header."


@dataclass(frozen=True)
class Reader:
    """One document being read: its resources, its resolver, and where its parts stand."""

    document: Document
    resolver: Resolver
    layer: Layer = Layer.STATIC

    def of_type(self, *types: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Logical id and resolved properties of the resources of some types, but those that a condition drops."""
        for name, resource in self.document.body["Resources"].items():
            if not isinstance(resource, Mapping) or resource.get("Type") not in types:
                continue
            if "Condition" in resource and not self.resolver.condition(str(resource["Condition"])):
                continue
            yield name, self.properties(name)

    def properties(self, name: str) -> Mapping[str, Any]:
        """The resolved properties of a resource."""
        resource = self.document.body["Resources"].get(name) or {}
        found = self.resolver.value(resource.get("Properties") or {})
        return found if isinstance(found, Mapping) else {}

    def place(self, pointer: str, **fields: str) -> SourcePlace:
        """A place in this document; a part that is not written there has the place of the whole."""
        known = {name: field for name, field in fields.items() if field in self.document.lines}
        return SourcePlace(self.layer, self.document.source, pointer, known)

    def at(self, name: str, **fields: str) -> SourcePlace:
        """The place of a resource, with those of its properties by our names for them."""
        base = f"/Resources/{escaped(name)}"
        return self.place(base, **{key: f"{base}/Properties/{field}" for key, field in fields.items()})


def function_key(reference: str) -> str:
    """How a function is called in `Api.functions`: by the resource, parameter or ARN that names it."""
    text = reference.strip()
    if text.startswith("arn:") or ":function:" in text:
        text = text.rpartition(":function:")[2] or text
        text = text.partition(":")[0]
    found = re.match(r"\$\{([^}]+)\}", text)
    if found:
        text = re.sub(r"\.(Arn|Name|Alias|FunctionName|FunctionArn|Outputs\.[A-Za-z]+)$", "", found.group(1))
    return re.sub(r"(?<=[a-z0-9])(Arn|Name)$", "", text)


def function_of(uri: str) -> str | None:
    """The function that an integration's URI calls; None where it calls none, or a stage variable names it."""
    found = _FUNCTION.search(uri)
    if found is None or "stageVariables" in found.group(1):
        return None
    return function_key(found.group(1))


def integration(
    reader: Reader, stated: Mapping[str, Any], pointer: str, names: Mapping[str, str]
) -> Integration:
    """An integration. `names` are the spelling's words for our fields; responses are read by the caller's words."""
    uri = str(stated.get(names["uri"]) or "")
    fields = {ours: f"{pointer}/{theirs}" for ours, theirs in names.items()}
    templates = stated.get(names["templates"]) or {}
    return Integration(
        type=str(stated.get(names["type"]) or IntegrationType.MOCK).upper(),
        place=reader.place(pointer, **fields),
        http_method=stated.get(names["http_method"]),
        uri=uri,
        function=function_of(uri),
        templates={key: str(template) for key, template in templates.items()},
        passthrough=str(stated.get(names["passthrough"]) or "WHEN_NO_MATCH").upper(),
        content_handling=stated.get(names["content_handling"]),
        timeout_ms=_number(stated.get(names["timeout_ms"])),
    )


def _number(value: Any) -> int | None:
    return int(value) if value is not None and str(value).isdigit() else None


def response(
    reader: Reader, stated: Mapping[str, Any], pointer: str, pattern: str | None, words: Mapping[str, str]
) -> IntegrationResponse:
    """One integration response. `words` are the spelling's for status, headers and templates."""
    headers, places = {}, {}
    table = f"{pointer}/{words['headers']}"
    for key, value in (stated.get(words["headers"]) or {}).items():
        if str(key).lower().startswith(_RESPONSE):
            name = str(key)[len(_RESPONSE) :].lower()
            headers[name] = str(value)
            places[name] = f"{table}/{escaped(str(key))}"
    fields = {**places, "headers": table, "templates": f"{pointer}/{words['templates']}"}
    computed: dict[str, Vary | str] = {}
    for template in (stated.get(words["templates"]) or {}).values():
        computed |= computed_headers(str(template), headers)
    return IntegrationResponse(
        status=str(stated.get(words["status"]) or "200"),
        place=reader.place(pointer, **fields),
        pattern=pattern or None,
        headers=headers,
        computed=computed,
    )


def computed_headers(template: str, static: Mapping[str, str]) -> dict[str, Vary | str]:
    """The headers that a VTL template overrides: a literal, or the Origin that asks where it is in a list."""
    found: dict[str, Vary | str] = {}
    for name, value in _OVERRIDE.findall(template):
        lower = name.lower()
        if not value.startswith("$"):
            found[lower] = value.strip("'\"")
            continue
        origins = {
            origin.replace("\\", "")
            for origin in _ORIGIN.findall(template)
            if "://" in origin or origin == "*"
        }
        anyone = not origins or any(origin in ("*", ".*") for origin in origins)
        otherwise = static.get(lower, "").strip("'") or None
        found[lower] = Vary(None if anyone else frozenset(origins), otherwise)
    return found


def gateway_headers(table: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a gateway response's parameters, in either spelling of their keys."""
    return {
        str(key).lower().removeprefix("gatewayresponse.header."): str(value)
        for key, value in table.items()
        if str(key).lower().startswith("gatewayresponse.header.")
    }


def pools_of(arns: Any) -> tuple[str, ...] | None:
    """The ids in user pools' ARNs; None if one is not stated."""
    found = [str(arn).rpartition("userpool/")[2] for arn in arns or []]
    return None if not found or any("${" in arn for arn in found) else tuple(found)
