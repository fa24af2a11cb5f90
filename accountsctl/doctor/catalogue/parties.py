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
        "auth.validator",
        "client.acao-request-header",
        "client.blocked",
        "client.credentials",
        "client.csp",
        "client.header-nonascii",
        "client.mixed",
        "client.no-cors",
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
        "gwresp.413",
        "int.media-type",
        "preflight.stale-cache",
    }
)
_BY_BACKEND = frozenset({"client.resource-policy", "deploy.no-https", "deploy.unreachable"})
_BY_NETWORK = frozenset(
    {"client.lna", "deploy.private", "deploy.tls", "deploy.vpc-endpoint", "edge.proxy-error"}
)


def party_of(card: Card) -> Party:
    """Who fixes a cause. What no one but the backend's owner can change is the backend's."""
    if card.id in _BY_PAGE:
        return Party.YOU
    if card.id in _BY_NETWORK:
        return Party.NETWORK
    if card.id in _BY_BACKEND:
        return Party.BACKEND
    return Party.YOU if card.stage is RequestStage.CLIENT else Party.BACKEND
