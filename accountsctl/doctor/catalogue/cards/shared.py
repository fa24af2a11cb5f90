"""Texts and small checks that causes in several modules share."""

from __future__ import annotations

from accountsctl.doctor.browser import console
from accountsctl.doctor.browser.cors_error import CorsError
from accountsctl.doctor.browser.page_request import Credential
from accountsctl.doctor.catalogue.scene import Reads, Scene, Shown
from accountsctl.doctor.facts.custom_domains import Domain
from accountsctl.doctor.facts.model import Authorizer, Integration
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import ApiKind, AuthorizationType, IntegrationType

MISSING = console.MISSING
OTHER_ORIGIN = f"The header has a value {console.NOT_EQUAL}"
STAR_WITH_CREDENTIALS = f"The value {console.NOT_STAR}"
MISSING_ON_PREFLIGHT = f"{MISSING} (preflight)"
AUTHORIZER = "COGNITO_USER_POOLS with token source Authorization"
FETCH = "Fetch standard; measured in Chromium"


def requires(scene: Scene, kind: str, credential: Credential) -> bool:
    """Whether the method requires this kind of authorization, and the client sends this kind of credential."""
    method = scene.method
    asked = method.authorization if method and not scene.preflight else None
    return asked == kind and scene.ask.credential is credential


def may_let_preflight_in(scene: Scene) -> bool:
    """Whether the method's authorizer has what it reads of a preflight too: its function is called, and decides.

    The query and the call's context are those of the request itself. A function without an identity source is called
    with any request.
    """
    if scene.method is None or scene.method.authorizer is None:
        return False
    if scene.authorizer is None or is_unknown(scene.authorizer.identity_source):
        # One that stands elsewhere; that of a user pool reads a header, whichever it is.
        return scene.method.authorization in (AuthorizationType.CUSTOM, AuthorizationType.JWT)
    return "request.header." not in scene.authorizer.identity_source


def answers_preflight(kind: str) -> str:
    """What answers a preflight in the place of the code, by the kind of the API."""
    words = {ApiKind.HTTP: "a CorsConfiguration", ApiKind.FUNCTION_URL: "a Cors configuration"}
    return words.get(ApiKind(kind), "an OPTIONS method of type MOCK")


def refused_with(*errors: CorsError) -> Reads:
    """Whether the browser refused for one of these reasons, on the preflight or the actual response."""
    return lambda shown: shown.error in errors


def is_bare_error(shown: Shown) -> bool:
    """Whether an error came back without Access-Control-Allow-Origin, after a preflight that passed or none."""
    return shown.is_bare_response and shown.answer.status >= 400


def integration_of_request(scene: Scene) -> Integration | None:
    """The integration of the request itself, whatever its type."""
    return None if scene.preflight else scene.integration


def refuses_type(integration: Integration, media_type: str) -> bool:
    """Whether a body of a type is refused because no template is for it; one without a type counts as JSON."""
    if media_type in integration.templates:
        return False
    refuses = integration.passthrough == "WHEN_NO_TEMPLATES" and bool(integration.templates)
    return integration.passthrough == "NEVER" or refuses


def proxy_integration(scene: Scene) -> Integration | None:
    """The integration that calls a function as a proxy; an HTTP API's own response to OPTIONS calls none."""
    if scene.answered_by_configuration:
        return None
    integration = scene.integration
    return integration if integration and integration.type == IntegrationType.AWS_PROXY else None


def called_domain(scene: Scene) -> Domain | None:
    """The custom domain that the request goes to."""
    return next((domain for domain in scene.api.domains if domain.name == scene.ask.host), None)


def user_pool_authorizer(scene: Scene) -> Authorizer | None:
    """The Cognito authorizer of the method, where it has one."""
    method = scene.method
    if (
        scene.preflight
        or method is None
        or method.authorization not in (AuthorizationType.COGNITO, AuthorizationType.JWT)
    ):
        return None
    return scene.authorizer
