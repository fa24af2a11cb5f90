"""Canonical JSON: one text for one template, however its keys were ordered when it was written.

A template's sections stand in the order in which people read them, a resource's type before its
properties, and every other object is sorted by key. Lists keep their order, since CloudFormation's
lists mean something by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from accountsctl.model.assembly import Template
from accountsctl.model.names import ResourceId
from accountsctl.model.template_body import TemplateBody

SECTIONS = (
    "AWSTemplateFormatVersion",
    "Description",
    "Transform",
    "Metadata",
    "Parameters",
    "Mappings",
    "Rules",
    "Conditions",
    "Resources",
    "Outputs",
)
RESOURCE_KEYS = ("Type", "Metadata", "Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy")


def canonical_text(template: TemplateBody) -> str:
    """A complete template as canonical JSON, ending in a newline. ValueError for NaN and infinities."""
    ordered = _led_by(SECTIONS, template)
    resources = ordered.get("Resources")
    if isinstance(resources, Mapping):
        ordered["Resources"] = {
            name: _led_by(RESOURCE_KEYS, resources[name])
            if isinstance(resources[name], Mapping)
            else resources[name]
            for name in sorted(resources)
        }
    return json.dumps(ordered, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def canonical_template(id_: ResourceId | None, source: str, body: TemplateBody) -> Template:
    """The template of a resource, or of the root (None), with its text and the text's digest."""
    text = canonical_text(body)
    return Template(id_, source, text, digest(text), body)


def canonical_value(value: object) -> str:
    """Any JSON value in one line with sorted keys, for hashing."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest(text: str) -> str:
    """The sha256 of a text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def _led_by(first: tuple[str, ...], value: Mapping[str, object]) -> dict[str, object]:
    """`value` with the keys of `first` in front, the others sorted, and all that is inside sorted."""
    leading = [key for key in first if key in value]
    others = sorted(key for key in value if key not in first)
    return {key: _sorted(value[key]) for key in [*leading, *others]}


def _sorted(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_sorted(item) for item in value]
    return value
