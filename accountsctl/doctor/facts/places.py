"""Where a fact was read: the layer, the source, and the JSON pointer within the source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Layer(StrEnum):
    """Where a fact comes from, the most telling last."""

    STATIC = "static"
    DEPLOYED = "deployed"
    LIVE = "live"


API_LOG = "the API's log"
"""The source of what API Gateway itself logged of a request."""


class Spelling(StrEnum):
    """How a template writes a part of an API, which decides where and by what names a fix changes it."""

    RESOURCE = "a resource of its own"
    DOCUMENT = "a part of an OpenAPI document"
    SAM_EVENT = "an event of a SAM function"
    SAM_API = "a property of a SAM API"


@dataclass(frozen=True)
class SourcePlace:
    """Where a fact stands: a file, call or probe, and a JSON pointer within it.

    `fields` are pointers of a thing's own parts by our names for them (``authorization``, ``templates``), which
    differ from one spelling of an API to another.
    """

    layer: Layer
    source: str
    pointer: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> SourcePlace:
        """The place of a part, or of the whole where the part has none."""
        return SourcePlace(self.layer, self.source, self.fields.get(name, self.pointer))
