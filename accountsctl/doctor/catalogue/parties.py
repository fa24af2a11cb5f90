"""Who has to change something so that a cause goes away: the page's developer, the backend team, or the network's."""

from __future__ import annotations

from enum import StrEnum

from accountsctl.doctor.catalogue.card import Card, RequestStage


class Party(StrEnum):
    """Who has to act, as seen by the developer of the page."""

    YOU = "you"
    BACKEND = "backend"
    NETWORK = "network"


_BY_PAGE = frozenset(
    {
        "acam.case",
        "acao.null",
        "auth.cognito-access-no-scope",
        "auth.cognito-bearer",
        "auth.cognito-expired",
        "auth.cognito-wrong-pool",
        "auth.iam-bad-signature",
        "auth.iam-clock",
        "auth.iam-expired",
        "auth.iam-unknown-key",
        "auth.no-token",
        "auth.route-missing+token",
        "auth.sigv4-to-cognito",
        "auth.token-invalid",
        "auth.validator",
        "client.acao-request-header",
        "client.blocked",
        "client.credentials",
        "client.csp",
        "client.header-nonascii",
        "client.lna",
        "client.mixed",
        "client.no-cors",
        "client.not-http",
        "client.redirect",
        "client.stale-config",
        "deploy.default-endpoint-disabled",
        "deploy.no-stage",
        "deploy.stage-in-domain-path",
        "deploy.vpce-host",
        "deploy.wrong-host",
        "deploy.wrong-path",
        "edge.aws-service",
        "edge.get-body",
        "edge.page-instead",
        "function-url.iam",
        "function-url.oac-body",
        "function-url.oac-token",
        "gwresp.413",
        "int.media-type",
        "preflight.redirect",
        "preflight.stale-cache",
    }
)
_BY_BACKEND = frozenset({"client.resource-policy", "deploy.no-https", "deploy.tls", "deploy.unreachable"})
_BY_NETWORK = frozenset({"deploy.private", "deploy.vpc-endpoint", "edge.proxy-error"})
_BY_EITHER = frozenset(
    {
        "acah.star-credentials",
        "acam.case",
        "acao.wildcard-credentials",
        "auth.api-key",
        "auth.cognito-access-no-scope",
        "auth.cognito-id-with-scope",
        "auth.cognito-other-client",
        "auth.cognito-scope-mismatch",
        "auth.cognito-wrong-pool",
        "auth.iam-no-token",
        "auth.iam-not-cognito",
        "auth.lambda-deny",
        "auth.route-missing+token",
        "client.cached-without-cors",
        "client.mixed",
        "client.resource-policy",
        "deploy.no-https",
        "deploy.tls",
        "deploy.unreachable",
        "deploy.wrong-path",
        "function-url.iam",
        "preflight.redirect",
    }
)
"""Causes that the page and the backend can each fix: two sides do not agree, or one can avoid the other's fault."""


def parties_of(card: Card) -> tuple[Party, ...]:
    """Who can fix a cause, the likeliest first. What no one but the backend's owner can change is the backend's."""
    first = _first_party(card)
    other = Party.BACKEND if first is Party.YOU else Party.YOU
    return (first, other) if card.id in _BY_EITHER else (first,)


def is_code_of_backend(card: Card) -> bool:
    """Whether the fix is in the code that a project deploys, and not in the page."""
    return card.kind == "code" and parties_of(card) == (Party.BACKEND,)


def _first_party(card: Card) -> Party:
    if card.id in _BY_PAGE:
        return Party.YOU
    if card.id in _BY_NETWORK:
        return Party.NETWORK
    if card.id in _BY_BACKEND:
        return Party.BACKEND
    return Party.YOU if card.stage is RequestStage.CLIENT else Party.BACKEND
