"""CloudFront in front of the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import EVERY_KIND, Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING
from accountsctl.doctor.catalogue.distributions import (
    behaviors_of,
)
from accountsctl.doctor.catalogue.requests import (
    assumed_distribution,
    calls_distribution,
    calls_through_another,
)
from accountsctl.doctor.catalogue.scene import Check, Evidence, Scene, Shown
from accountsctl.doctor.facts.distributions import Distribution
from accountsctl.doctor.facts.responders import is_page_of_site
from accountsctl.model.api_gateway import AuthorizationType

cause = Causes()
PAGE = said.CLOUDFRONT_PAGE


def _where(applies: Callable[[Distribution, Scene], bool], observed: str, expected: str) -> Check:
    """A cause of every behaviour that the request may pass."""

    def check(scene: Scene) -> Iterator[Evidence]:
        possible = behaviors_of(scene)
        if all(applies(distribution, scene) for distribution in possible):
            yield from (Evidence(distribution.place, observed, expected) for distribution in possible[:1])

    return check


def _unseen(scene: Scene) -> bool:
    """Whether no layer knows the distribution that the request passes."""
    return not scene.api.distributions and calls_distribution(scene.ask)


def _methods(distribution: Distribution, scene: Scene) -> bool:
    return distribution.methods is not None and scene.verb not in distribution.methods


cause.add(
    _where(_methods, "AllowedMethods lacks the method", "all seven"),
    id="edge.cf-methods",
    stage=RequestStage.EDGE,
    what="CloudFront's cache behavior allows GET and HEAD only, so CloudFront refuses OPTIONS.",
    browser=MISSING,
    fix="Allow all seven methods in the cache behavior (AllowedMethods).",
    source="middy#796",
    refusals=(said.METHOD_NOT_CONFIGURED, PAGE),
    stays=_unseen,
    fits=calls_through_another,
    assumes=lambda scene: assumed_distribution(scene.ask),
    zoo="tests/faults/outside_rest_apis.py",
)


cause.add(
    _where(
        lambda distribution, _: distribution.forwards_host is True,
        "forwards Host",
        "AllViewerExceptHostHeader",
    ),
    id="edge.cf-host",
    stage=RequestStage.EDGE,
    what="CloudFront passes the page's Host header on, and API Gateway does not know that host.",
    browser=MISSING,
    fix="Use the origin request policy AllViewerExceptHostHeader in the cache behavior.",
    source="aws-cloudformation roadmap#571, cdk#20090",
    refusals=(said.NO_API, said.URL_DENIED, PAGE),
    stays=_unseen,
    meets_preflight=EVERY_KIND,
    fits=calls_through_another,
    assumes=lambda scene: assumed_distribution(scene.ask),
    zoo="tests/faults/outside_rest_apis.py",
)


def _needs_token(scene: Scene) -> bool:
    return (
        not scene.preflight
        and scene.method is not None
        and scene.method.authorization != AuthorizationType.NONE
    )


cause.add(
    _where(
        lambda distribution, scene: distribution.forwards_authorization is False and _needs_token(scene),
        "Authorization is not forwarded",
        "forwarded",
    ),
    id="edge.cf-authorization",
    stage=RequestStage.AUTH,
    what="CloudFront removes Authorization before it calls the API.",
    browser=MISSING,
    fix="Pass Authorization on: by the cache policy of the behavior, or with caching disabled by the "
    "origin request policy AllViewerExceptHostHeader.",
    source="CloudFront Developer Guide",
    refusals=(said.UNAUTHORIZED, said.MISSING_TOKEN, said.HTTP_UNAUTHORIZED),
    fits=calls_through_another,
    assumes=lambda scene: assumed_distribution(scene.ask),
    zoo="tests/faults/outside_rest_apis.py",
)


def _custom_headers(ask: PageRequest) -> list[str]:
    """The headers of the page's code that are neither a standard's nor AWS's own."""
    return sorted(name for name in ask.names() if name.startswith("x-") and not name.startswith("x-amz-"))


def _sends_custom_header(ask: PageRequest) -> bool:
    return calls_through_another(ask) and bool(_custom_headers(ask))


@cause(
    id="edge.cf-header",
    stage=RequestStage.AUTH,
    what="CloudFront removes a header that the page sends (x-api-key, or one of your own) before it calls the API.",
    browser=MISSING,
    fix="Pass the header on: by the origin request policy AllViewerExceptHostHeader, or one that lists it.",
    source="CloudFront Developer Guide, origin request policies; Public-Comment-Analyzer#11",
    sure=False,
    proved=lambda _, real: True if real.status in (401, 403) else None,
    refusals=(
        said.INVALID_KEY,
        said.UNAUTHORIZED,
        said.HTTP_UNAUTHORIZED,
        said.HTTP_FORBIDDEN,
        said.APPLICATION_UNAUTHORIZED,
        said.APPLICATION_FORBIDDEN,
    ),
    fits=_sends_custom_header,
    zoo="tests/faults/facts_and_answers.py",
)
def _header(scene: Scene) -> Iterator[Evidence]:
    if scene.preflight:
        return
    for distribution in behaviors_of(scene)[:1]:
        passed = distribution.custom_headers
        lost = [name for name in _custom_headers(scene.ask) if passed is not None and name not in passed]
        for name in lost:
            yield Evidence(distribution.place, f"{name} is not forwarded", "forwarded")


cause.add(
    id="edge.proxy-error",
    stage=RequestStage.EDGE,
    what="A server before the API (nginx, a load balancer, CloudFront, a development server's proxy) answered with its "
    "own error.",
    browser=MISSING,
    fix="Raise the limit of that server (413: the body's size; 502, 503, 504: it does not reach the API in time), "
    "and let it send CORS headers with its errors.",
    source="stackoverflow.com/q/28476643; nginx client_max_body_size",
    kind="code",
    refusals=said.PROXY_ERRORS,
    zoo="tests/faults/recorded_sets.py",
)


cause.add(
    id="edge.aws-service",
    stage=RequestStage.EDGE,
    what="The URL is of the API of a service of AWS (SERVICE.REGION.amazonaws.com), which lets no page of another "
    "origin read its answers, or not those of this operation.",
    browser=MISSING,
    fix="Call the service in a function with its SDK, and let the page call an API of your own.",
    source="aws-sdk-js#432, aws-sdk-js#581; AWS SDK for JavaScript Developer Guide, CORS",
    kind="code",
    zoo="tests/faults/recorded_sets.py",
)


cause.add(
    id="edge.fixed-response",
    stage=RequestStage.EDGE,
    what="A rule of the load balancer's listener, or its default action, answers with a fixed response: no rule takes "
    "the host, the path or the method (OPTIONS too) on to the API.",
    browser=MISSING,
    fix="Find the rule (aws elbv2 describe-rules), and forward what the page calls, OPTIONS too: its conditions name "
    "host, path, method, header or source IP.",
    source="Elastic Load Balancing User Guide, fixed-response actions; troubleshooting, HTTP 403",
    kind="code",
    split="aws elbv2 describe-rules --listener-arn LISTENER",
    zoo="tests/faults/recorded_sets.py",
)


@cause(
    id="edge.get-body",
    stage=RequestStage.EDGE,
    what="CloudFront refuses GET with a body, and an edge endpoint has CloudFront before it.",
    browser=MISSING,
    fix="Send a POST, or no body.",
    source="AWS API Gateway errors mapping guide",
    kind="code",
    refusals=(PAGE,),
    fits=lambda ask: ask.body and ask.method in ("GET", "HEAD"),
    zoo="tests/faults/facts_and_answers.py",
)
def _body(scene: Scene) -> Iterator[Evidence]:
    if scene.ask.body and scene.ask.method in ("GET", "HEAD") and not scene.preflight:
        yield Evidence(scene.api.place, f"{scene.ask.method} with a body", "POST, or no body")


def _page(shown: Shown) -> bool:
    kind = shown.answer.value("content-type") or ""
    is_page = shown.is_bare and shown.answer.status == 200 and kind.startswith("text/html")
    return is_page and not is_page_of_site(shown.answer)


cause.add(
    id="edge.cf-error-page",
    stage=RequestStage.ACTUAL_HEADERS,
    what="CloudFront's CustomErrorResponses turn the API's error into 200 with the site's page.",
    browser=MISSING,
    fix="Give the API a distribution or a cache behavior of its own.",
    source="CloudFront Developer Guide",
    reads=_page,
    zoo="tests/faults/recorded.py",
)
