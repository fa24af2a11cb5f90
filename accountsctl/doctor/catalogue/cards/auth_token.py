"""Who may call: what is sent in place of a token."""

from __future__ import annotations

from collections.abc import Iterator

from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING, user_pool_authorizer
from accountsctl.doctor.catalogue.requests import may_send_token
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when

cause = Causes()


@cause(
    id="auth.token-invalid",
    stage=RequestStage.AUTH,
    what="What the page sends as its token is not one that the authorizer takes: not a JWT, a part of one, or changed "
    "after the pool signed it.",
    browser=MISSING,
    fix="Send the token exactly as the sign-in library gives it: three parts with dots between them.",
    source="AWS re:Post, 401 errors; RFC 7519",
    kind="code",
    refusals=(said.UNAUTHORIZED, said.HTTP_UNAUTHORIZED),
    # Its signature is not checked here: of a JWT with nothing else wrong it is what remains.
    stays=lambda scene: user_pool_authorizer(scene) is not None,
    fits=lambda ask: may_send_token(ask) and ask.token is not None and not ask.token.unset,
    zoo="tests/faults/zoo.py",
)
def _not_a_jwt(scene: Scene) -> Iterator[Evidence]:
    authorizer, token = user_pool_authorizer(scene), scene.ask.token
    if authorizer is not None and token is not None:
        yield from when(
            not token.jwt,
            authorizer.place,
            "what is sent as the token is not a JWT",
            "three parts with dots between them",
        )
