"""Object stores, and what CloudFront passes on to one and adds to its responses."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.redirects import REDIRECTS
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.buckets import evidence_of_bucket
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING
from accountsctl.doctor.catalogue.distributions import (
    evidence_of_policy,
    origin_not_forwarded,
    passed_behavior,
)
from accountsctl.doctor.catalogue.fixes.buckets import add_cors_rule
from accountsctl.doctor.catalogue.fixes.distributions import CORS_S3_ORIGIN, allow_in_policy, forward_origin
from accountsctl.doctor.catalogue.scene import Evidence, Scene, Shown
from accountsctl.doctor.facts.responders import is_object_store

cause = Causes()


def _is_bare_of_bucket(shown: Shown) -> bool:
    answered_itself = not shown.is_from_cache and shown.answer.status not in REDIRECTS
    of_bucket = is_object_store(shown.ask.url, shown.answer)
    return shown.is_bare and answered_itself and of_bucket


def _hit(shown: Shown) -> bool:
    return (shown.is_bare or shown.error == CorsError.ORIGIN_MISMATCH) and shown.is_from_cache


cause.add(
    id="edge.cf-origin-header",
    stage=RequestStage.ACTUAL_HEADERS,
    what="CloudFront caches answers without regard to Origin, and gives one site's answer to another.",
    browser=MISSING,
    fix="Make Origin part of the cache key, and pass it on (policies such as Managed-CORS-S3Origin).",
    source="speke#37, PRX#412",
    reads=_hit,
    zoo="tests/faults/recorded.py",
)


cause.add(
    origin_not_forwarded,
    id="edge.cf-origin-not-forwarded",
    stage=RequestStage.EDGE,
    what="The bucket has CORS rules, and CloudFront does not pass the page's Origin header on to it: S3 adds CORS "
    "headers to requests with Origin alone.",
    browser=MISSING,
    fix="Set OriginRequestPolicyId of the cache behavior to Managed-CORS-S3Origin "
    f"({CORS_S3_ORIGIN}); it passes on Origin and the Access-Control-Request headers.",
    source="CloudFront Developer Guide, header-caching; using-managed-origin-request-policies",
    reads=lambda shown: shown.is_bare or (shown.preflight and shown.error == CorsError.INVALID_STATUS),
    edit=forward_origin,
    zoo="tests/faults/outside_rest_apis.py",
)


cause.add(
    evidence_of_policy,
    id="edge.cf-headers-policy",
    stage=RequestStage.EDGE,
    what="The response headers policy of CloudFront's cache behavior does not allow the page's origin, the method or a "
    "header.",
    browser=MISSING,
    fix="Add the origin, the method and the headers to the policy's CorsConfig.",
    source="CloudFront Developer Guide, understanding-response-headers-policies",
    reads=lambda shown: shown.error != CorsError.INVALID_STATUS,
    edit=allow_in_policy,
    zoo="tests/faults/outside_rest_apis.py",
)


def _lacks_rule(scene: Scene) -> Iterator[Evidence]:
    """That S3 refuses OPTIONS, whatever CloudFront adds to that."""
    if not scene.preflight:
        return
    bucket, behavior = scene.api.bucket, passed_behavior(scene)
    if behavior is not None and behavior.bucket is not None and not behavior.may_change:
        # Without rules S3 refuses every OPTIONS, whatever CloudFront passes on.
        bucket = behavior.bucket if behavior.to_bucket_as_sent or behavior.bucket.rules == () else None
    if bucket is not None:
        yield from evidence_of_bucket(scene, bucket)


cause.add(
    _lacks_rule,
    id="edge.s3-no-cors",
    stage=RequestStage.EDGE,
    what="S3, or a store like it, answered without CORS headers: the bucket has no CORS rule for the page's origin, "
    "the method and the headers, or CloudFront before it does not pass the Origin header on.",
    browser=MISSING,
    fix="Add the origin, the method and the headers to the bucket's CORS rules (AWS::S3::Bucket CorsConfiguration; of "
    "other stores: gsutil cors set, az storage cors add); in CloudFront use the origin request policy "
    "Managed-CORS-S3Origin.",
    source="AWS re:Post, CORS of S3 and CloudFront; cloudposse/terraform-aws-cloudfront-s3-cdn#25",
    refusals=(said.BUCKET_DENIED,),
    reads=_is_bare_of_bucket,
    # S3 refuses OPTIONS alone; that any other response lacks the header is seen by the header.
    sure=False,
    refuses=True,
    stays=lambda _: True,
    edit=add_cors_rule,
    kind="code",
    zoo="tests/faults/recorded.py",
)
