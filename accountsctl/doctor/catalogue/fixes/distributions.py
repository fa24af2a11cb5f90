"""Fixes of CloudFront distributions: what a behavior forwards, and what its response headers policy allows."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue.distributions import EVERY_METHOD, passed_behavior
from accountsctl.doctor.catalogue.fixes.operation import FixOperation, TemplateBody
from accountsctl.doctor.catalogue.scene import Scene

CORS_S3_ORIGIN = "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf"
"""https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html"""


def forward_origin(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    """AWS's policy for CORS, if the behavior has none: another one may forward what the origin needs."""
    behavior = passed_behavior(scene)
    pointer = behavior.place.fields.get("behavior") if behavior is not None else None
    if behavior is not None and pointer and behavior.forwards_origin is False:
        yield FixOperation(f"{pointer}/OriginRequestPolicyId", CORS_S3_ORIGIN)


def allow_in_policy(scene: Scene, _: TemplateBody) -> Iterator[FixOperation]:
    """The page's origin, the method and the headers in the policy's lists, without what these have already."""
    behavior = passed_behavior(scene)
    added = behavior.added if behavior is not None else None
    if added is None:
        return
    ask = scene.ask
    names = sorted(ask.names() - {name.lower() for name in added.headers or ()})
    allowed = added.allows_origin(ask.origin) is not False
    wanted = {
        "origins": (added.origins, [] if allowed else [ask.origin]),
        "methods": (added.methods, [] if {EVERY_METHOD, ask.method} & set(added.methods) else [ask.method]),
        "headers": (added.headers or (), names),
    }
    for part, (values, new) in wanted.items():
        pointer = added.place.fields.get(part)
        if pointer and new and not (part == "origins" and "ResponseHeadersPolicyId" in pointer):
            yield FixOperation(f"{pointer}/Items", [*values, *new])
