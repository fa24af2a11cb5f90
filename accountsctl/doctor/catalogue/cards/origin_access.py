"""CloudFront that signs for a function URL, by an origin access control (OAC)."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.browser.page_request import PageRequest
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING
from accountsctl.doctor.catalogue.distributions import passed_behavior
from accountsctl.doctor.catalogue.requests import calls_through_another
from accountsctl.doctor.catalogue.scene import Evidence, Scene
from accountsctl.doctor.facts.distributions import Distribution
from accountsctl.model.api_gateway import ApiKind, AuthorizationType

cause = Causes()
HASH = "x-amz-content-sha256"
AUTHORIZATION = "authorization"


def _lacks_hash(ask: PageRequest) -> bool:
    """Whether a page sends a body through another server without its hash."""
    return (
        calls_through_another(ask) and ask.body and ask.method in ("POST", "PUT") and HASH not in ask.names()
    )


def _signing(scene: Scene) -> Distribution | None:
    """The behavior by which CloudFront signs the request itself for a function URL of AuthType AWS_IAM."""
    method, behavior = scene.method, passed_behavior(scene)
    if scene.preflight or scene.api.kind != ApiKind.FUNCTION_URL or method is None or behavior is None:
        return None
    return behavior if behavior.signing and method.authorization == AuthorizationType.IAM else None


@cause(
    id="function-url.oac-body",
    stage=RequestStage.AUTH,
    what="CloudFront signs for the function URL, but not the body: Lambda takes POST and PUT only with the body's hash "
    "in x-amz-content-sha256, which the page has to send.",
    browser=MISSING,
    fix="Send the SHA-256 of the body in hexadecimal as x-amz-content-sha256 (crypto.subtle.digest), and allow that "
    "header in the function URL's Cors.",
    source="CloudFront Developer Guide, private-content-restricting-access-to-lambda",
    kind="code",
    refusals=(said.URL_BAD_SIGNATURE,),
    fits=_lacks_hash,
    zoo="tests/faults/outside_rest_apis.py",
)
def _without_hash(scene: Scene) -> Iterator[Evidence]:
    behavior = _signing(scene)
    # With no-override CloudFront does not sign what has an Authorization already.
    own = behavior is not None and behavior.signing != "always" and AUTHORIZATION in scene.ask.names()
    if behavior is not None and not own:
        observed = (
            f"{scene.ask.method} without {HASH}, signed by CloudFront (SigningBehavior {behavior.signing})"
        )
        yield Evidence(behavior.place.of("behavior"), observed, HASH)


@cause(
    id="function-url.oac-token",
    stage=RequestStage.NOTE,
    what="CloudFront puts its own signature into Authorization: the function does not get the page's token.",
    browser="nothing, or the function's own 401",
    fix="Send the token in another header, such as X-Authorization, and allow that in the function URL's Cors.",
    source="CloudFront API Reference, OriginAccessControlConfig, SigningBehavior",
    kind="code",
    zoo="tests/faults/facts_and_answers.py",
)
def _overwritten(scene: Scene) -> Iterator[Evidence]:
    behavior = _signing(scene)
    if behavior is not None and behavior.signing == "always" and AUTHORIZATION in scene.ask.names():
        yield Evidence(
            behavior.place.of("behavior"), "SigningBehavior always", "no-override, or another header"
        )
