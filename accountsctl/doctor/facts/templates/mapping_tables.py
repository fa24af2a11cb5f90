"""Integrations and their responses: the mapping tables of a template, in either spelling.

A table that only the deployment knows may have any header, which is then taken to be right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from accountsctl.doctor.facts.model import Integration, IntegrationResponse
from accountsctl.doctor.facts.reflected_origin import ReflectedOrigin
from accountsctl.doctor.facts.templates.calling_roles import fault_of_role
from accountsctl.doctor.facts.templates.common import CORS_HEADERS, Reader, function_of, mapping, whole
from accountsctl.doctor.facts.templates.response_overrides import computed_headers, not_known, overridden
from accountsctl.doctor.facts.unknown import PLACEHOLDER, is_unknown_text, placeholder
from accountsctl.formats.json_pointer import escaped
from accountsctl.model.api_gateway import IntegrationType
from accountsctl.model.data_mappings import RESPONSE_HEADER

_IN_A_STORE = "${resolve:"
"""A part of a VTL template that stands in SSM or Secrets Manager; VTL's own ${references} have no colon."""


def integration(
    reader: Reader, stated: Mapping[str, Any], pointer: str, names: Mapping[str, str]
) -> Integration:
    """An integration. `names` are the spelling's words for our fields; responses are read by the caller's words."""
    uri = str(stated.get(names["uri"]) or "")
    fields = {ours: f"{pointer}/{theirs}" for ours, theirs in names.items()}
    stated_templates = stated.get(names["templates"])
    role = stated.get(names["role"])
    hidden = is_unknown_text(stated_templates)
    templates = {"application/json": stated_templates} if hidden else mapping(stated_templates)
    return Integration(
        type=str(stated.get(names["type"]) or IntegrationType.MOCK).upper(),
        place=reader.place(pointer, **fields),
        http_method=stated.get(names["http_method"]),
        uri=uri,
        function=function_of(uri),
        templates={key: str(template) for key, template in templates.items()},
        passthrough=str(stated.get(names["passthrough"]) or "WHEN_NO_MATCH").upper(),
        content_handling=stated.get(names["content_handling"]),
        timeout_ms=whole(stated.get(names["timeout_ms"])),
        role=bool(role),
        role_fault=fault_of_role(reader, role, uri),
    )


def response(
    reader: Reader,
    stated: Mapping[str, Any] | str,
    pointer: str,
    pattern: str | None,
    words: Mapping[str, str],
) -> IntegrationResponse:
    """One integration response. `words` are the spelling's for status, headers and templates."""
    if not isinstance(stated, Mapping):
        return IntegrationResponse(
            str(stated), reader.place(pointer), headers=dict.fromkeys(CORS_HEADERS, str(stated))
        )
    headers: dict[str, str] = {}
    places: dict[str, str] = {}
    table = f"{pointer}/{words['headers']}"
    mapped = stated.get(words["headers"])
    if is_unknown_text(mapped):
        headers |= dict.fromkeys(CORS_HEADERS, mapped)
    for key, value in mapping(mapped).items():
        if str(key).lower().startswith(RESPONSE_HEADER):
            name = str(key)[len(RESPONSE_HEADER) :].lower()
            # An object is not a mapping expression; SAM writes one here if a condition of its Cors has objects.
            headers[name] = placeholder(name) if isinstance(value, Mapping) else str(value)
            places[name] = f"{table}/{escaped(str(key))}"
    fields = {**places, "headers": table, "templates": f"{pointer}/{words['templates']}"}
    computed: dict[str, ReflectedOrigin | str] = {}
    templates = stated.get(words["templates"])
    hidden = is_unknown_text(templates)
    for template in [templates] if hidden else mapping(templates).values():
        if hidden or PLACEHOLDER.fullmatch(str(template)) or _IN_A_STORE in str(template):
            # It may set any header.
            computed |= {name: not_known(name) for name in CORS_HEADERS if name not in headers}
        computed |= computed_headers(str(template), headers)
    return IntegrationResponse(
        status=str(stated.get(words["status"]) or "200"),
        place=reader.place(pointer, **fields),
        pattern=pattern or None,
        headers=headers,
        computed=computed,
    )


def with_responses(found: Integration, responses: Iterable[IntegrationResponse]) -> Integration:
    """The integration with its responses.

    AWS describes $context.responseOverride for response templates. Templates of requests have it too, and no document
    says whether it counts there: such a header is not known.
    """
    unknown = {name: not_known(name) for name in overridden(found.templates.values())}
    return replace(
        found, responses=tuple(replace(one, computed={**unknown, **one.computed}) for one in responses)
    )
