"""The fix of a bucket's CORS rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from accountsctl.doctor.catalogue.fixes.operation import FixOperation, TemplateBody, value_at
from accountsctl.doctor.catalogue.scene import Scene
from accountsctl.doctor.facts.places import Layer


def add_cors_rule(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """One more rule of the bucket, for the page's origin, the method and the headers.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-corsrule.html
    """
    bucket, ask = scene.api.bucket, scene.ask
    if bucket is None or bucket.rules is None or bucket.place.layer is not Layer.STATIC:
        return
    stated = (value_at(template, bucket.place.pointer).get("Properties") or {}).get("CorsConfiguration") or {}
    rules = stated.get("CorsRules", []) if isinstance(stated, Mapping) else None
    if not isinstance(rules, list) or len(rules) != len(bucket.rules):
        return  # A function gives them.
    names = sorted(ask.names() - {"host"})
    rule = {
        "AllowedOrigins": [ask.origin],
        "AllowedMethods": sorted({"GET", "HEAD", ask.request.method} - {"OPTIONS", "PATCH"}),
        **({"AllowedHeaders": names} if names else {}),
    }
    yield FixOperation(f"{bucket.place.pointer}/Properties/CorsConfiguration/CorsRules", [*rules, rule])
