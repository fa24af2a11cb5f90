"""Buckets of an environment's stacks with their CORS rules, as GetBucketCors reports them.

They are read as a template's are: the two differ in the name of one list (ExposeHeaders, ExposedHeaders).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.places import Layer
from accountsctl.doctor.facts.templates.buckets import BUCKET, read_buckets
from accountsctl.doctor.facts.templates.common import Reader
from accountsctl.doctor.facts.templates.document import Document
from accountsctl.doctor.facts.templates.resolving import Resolver
from accountsctl.doctor.facts.unknown import placeholder

SOURCE = "s3:GetBucketCors"
REFUSED = placeholder("CorsConfiguration")
"""The rules, if AWS did not report them."""

Json = Mapping[str, Any]


def buckets(items: Iterable[Json]) -> tuple[Api, ...]:
    """Every bucket, each as an API without routes."""
    resources = {
        str(item["name"]): {
            "Type": BUCKET,
            "Properties": {"BucketName": item["bucket"], "CorsConfiguration": _configuration(item)},
        }
        for item in items
    }
    document = Document(SOURCE, {"Resources": resources})
    return tuple(read_buckets(Reader(document, Resolver(document), Layer.DEPLOYED)))


def _configuration(item: Json) -> object:
    rules = item.get("rules")
    if rules is None:
        return REFUSED
    return {"CorsRules": [{**rule, "ExposedHeaders": rule.get("ExposeHeaders") or []} for rule in rules]}
