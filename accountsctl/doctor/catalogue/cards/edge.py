"""CloudFront in front of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Card, Check, Evidence, Refusal, Scene, Shown, Stage, when
from accountsctl.doctor.facts.model import Distribution

MISSING = "No 'Access-Control-Allow-Origin' header is present on the requested resource"
PAGE = Refusal("", 403)


def _through(scene: Scene) -> list[Distribution]:
    """The distributions that the request passes: none where the client calls the API itself."""
    direct = "execute-api" in scene.ask.host or scene.ask.host in {each.name for each in scene.api.domains}
    return [] if direct else list(scene.api.distributions)


def _where(told: Callable[[Distribution, Scene], bool], observed: str, expected: str) -> Check:
    def check(scene: Scene) -> Iterator[Evidence]:
        for each in _through(scene):
            yield from when(told(each, scene), each.place, observed, expected)

    return check


def _methods(each: Distribution, scene: Scene) -> bool:
    return each.methods is not None and scene.verb not in each.methods


def _needs_token(scene: Scene) -> bool:
    return not scene.preflight and scene.method is not None and scene.method.authorization != "NONE"


def _page(shown: Shown) -> bool:
    kind = shown.answer.value("content-type") or ""
    return (
        shown.code == "MissingAllowOriginHeader"
        and shown.answer.status == 200
        and kind.startswith("text/html")
    )


def _hit(shown: Shown) -> bool:
    cached = (shown.answer.value("x-cache") or "").lower().startswith("hit")
    return shown.code in ("MissingAllowOriginHeader", "AllowOriginMismatch") and cached


def _body(scene: Scene) -> Iterator[Evidence]:
    if scene.ask.body and scene.ask.method in ("GET", "HEAD") and not scene.preflight:
        yield Evidence(scene.api.place, f"{scene.ask.method} with a body", "POST, or no body")


CARDS = (
    Card(
        "edge.cf-methods",
        Stage.EDGE,
        "CloudFront's behaviour allows GET and HEAD only, no OPTIONS.",
        MISSING,
        "AllowedMethods: all seven.",
        "middy#796",
        check=_where(_methods, "AllowedMethods lacks the method", "all seven"),
        refusals=(PAGE,),
    ),
    Card(
        "edge.cf-host",
        Stage.EDGE,
        "CloudFront forwards the viewer's Host, which API Gateway does not know.",
        MISSING,
        "Origin request policy AllViewerExceptHostHeader.",
        "aws-cloudformation roadmap#571",
        check=_where(
            lambda each, _: each.forwards_host is True, "forwards Host", "AllViewerExceptHostHeader"
        ),
        refusals=(said.NO_API,),
        meets_preflight=True,
    ),
    Card(
        "edge.cf-authorization",
        Stage.AUTH,
        "CloudFront strips Authorization before the API.",
        MISSING,
        "An origin request policy, or a cache key, with Authorization.",
        "CloudFront Developer Guide",
        check=_where(
            lambda each, scene: each.forwards_authorization is False and _needs_token(scene),
            "Authorization is not forwarded",
            "forwarded",
        ),
        refusals=(said.UNAUTHORIZED, said.MISSING_TOKEN),
    ),
    Card(
        "edge.get-body",
        Stage.EDGE,
        "CloudFront refuses GET with a body, and an edge endpoint has CloudFront before it.",
        MISSING,
        "POST, or no body.",
        "AWS API Gateway errors mapping guide",
        kind="code",
        check=_body,
        refusals=(PAGE,),
    ),
    Card(
        "edge.cf-error-page",
        Stage.ACTUAL_HEADERS,
        "CloudFront's CustomErrorResponses turn the API's error into 200 with the site's page.",
        MISSING,
        "A distribution or behaviour of its own for the API.",
        "CloudFront Developer Guide",
        reads=_page,
    ),
    Card(
        "edge.cf-origin-header",
        Stage.ACTUAL_HEADERS,
        "CloudFront caches answers without regard to Origin, and gives one site's answer to another.",
        MISSING,
        "Managed-CORS-S3Origin-like policies: Origin in the cache key and forwarded.",
        "speke#37, PRX#412",
        reads=_hit,
    ),
)
