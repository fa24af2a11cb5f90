"""Every cause that the doctor knows, in the order in which a request meets them."""

from __future__ import annotations

from accountsctl.doctor.catalogue.card import Card
from accountsctl.doctor.catalogue.cards import (
    auth,
    client,
    deployment,
    edge,
    headers,
    httpapi,
    integration,
    masks,
    preflight,
)

# Among cards of a stage the order is that of telling: the special one before the one that always fits.
_PAGES = (client, edge, deployment, auth, httpapi, preflight, integration, headers, masks)
CARDS: tuple[Card, ...] = tuple(
    sorted((card for page in _PAGES for card in page.CARDS), key=lambda card: card.stage)
)
BY_ID = {card.id: card for card in CARDS}
