"""Every cause that the doctor knows, in the order in which a request meets them."""

from __future__ import annotations

from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.cards import (
    auth_absent,
    auth_authorizers,
    auth_cognito,
    auth_iam,
    auth_token,
    browser_and_network,
    client,
    custom_domains,
    deployment,
    edge,
    edge_stores,
    header_lists,
    header_origin,
    httpapi,
    identity_source,
    integration_access,
    integration_backend,
    integration_function,
    masks,
    origin_access,
    preflight_mock,
    preflight_options,
    too_open,
)

# Among the causes of a stage the order is that of diagnosis: the special one before the one that always fits.
_MODULES = (
    client,
    browser_and_network,
    edge,
    edge_stores,
    custom_domains,
    deployment,
    auth_iam,
    origin_access,
    auth_absent,
    identity_source,
    auth_token,
    auth_cognito,
    auth_authorizers,
    httpapi,
    preflight_options,
    preflight_mock,
    integration_access,
    integration_function,
    integration_backend,
    header_lists,
    header_origin,
    masks,
    too_open,
)
CARDS: tuple[Card, ...] = tuple(
    sorted((card for module in _MODULES for card in module.cause.cards), key=lambda card: card.stage)
)
BY_ID = {card.id: card for card in CARDS}
