"""The stages of REST APIs, in whatever resource a template writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.doctor.facts.model import Stage
from accountsctl.doctor.facts.templates.common import Reader, is_true, mapping, mappings
from accountsctl.doctor.facts.templates.dependencies import keys_served
from accountsctl.doctor.facts.unknown import is_unknown_text, placeholder


def stage_of(reader: Reader, resource: str, properties: Mapping[str, Any]) -> Stage:
    """The stage that a resource makes: a Stage, a Deployment, or an API of SAM's."""
    stage = str(properties["StageName"])
    described = mapping(properties.get("StageDescription"))
    settings = mappings(properties.get("MethodSettings") or described.get("MethodSettings"))
    return Stage(
        name=stage,
        place=reader.at(resource),
        variables={**mapping(described.get("Variables")), **mapping(properties.get("Variables"))},
        knows_variables=not any(
            is_unknown_text(part)
            for part in (
                properties.get("Variables"),
                properties.get("StageDescription"),
                described.get("Variables"),
            )
        ),
        cached=is_true(properties.get("CacheClusterEnabled"))
        and any(is_true(s.get("CachingEnabled")) for s in settings),
        canary=bool(properties.get("CanarySetting")),
        waf=_protected(reader, resource),
        keys_served=keys_served(reader, resource, stage),
        throttled=_throttled(settings),
    )


def _throttled(settings: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {
        f"{str(setting.get('ResourcePath', '/*')).removeprefix('/')}/{setting.get('HttpMethod', '*')}": f"{key} 0"
        for setting in settings
        for key in ("ThrottlingBurstLimit", "ThrottlingRateLimit")
        if str(setting.get(key)) in ("0", "0.0")
    }


def _protected(reader: Reader, stage: str) -> bool:
    arns = (
        str(association.get("ResourceArn"))
        for _, association in reader.of_type("AWS::WAFv2::WebACLAssociation")
    )
    return any(placeholder(stage) in arn for arn in arns)
