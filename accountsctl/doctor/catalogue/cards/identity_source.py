"""The header that an authorizer reads, against those that the client sends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from accountsctl.doctor.catalogue import cli_commands
from accountsctl.doctor.catalogue import refusals as said
from accountsctl.doctor.catalogue.card import Causes, RequestStage
from accountsctl.doctor.catalogue.cards.shared import MISSING
from accountsctl.doctor.catalogue.fixes import authorizers
from accountsctl.doctor.catalogue.fixes.operation import FixOperation, TemplateBody
from accountsctl.doctor.catalogue.requests import may_send_token
from accountsctl.doctor.catalogue.scene import Evidence, Scene, when
from accountsctl.doctor.facts.model import Authorizer
from accountsctl.doctor.facts.unknown import is_unknown
from accountsctl.model.api_gateway import ApiKind, AuthorizationType
from accountsctl.model.data_mappings import AUTHORIZATION, HTTP_API_AUTHORIZATION, REQUEST

cause = Causes()
_CORRECT = authorizers.set_authorizer_property("IdentitySource", AUTHORIZATION)
_CORRECT_IN_HTTP_API = authorizers.set_authorizer_property("IdentitySource", [HTTP_API_AUTHORIZATION])
_MAPPED_TWICE = REQUEST
"""What no page's header begins with: the console asks for the header's name, and a mapping was given."""
_IN_HEADER = re.compile(r"(?:method\.request\.header\.|\$request\.header\.)([^\s]+)$", re.IGNORECASE)
_SENT_ANYHOW = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-type", "cookie", "host", "origin", "referer"}
    | {"user-agent", "via", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
)
"""What a browser or the gateway adds to a request, or may have left out of a recording."""


def _sent(scene: Scene) -> str:
    return ", ".join(sorted(scene.ask.names())) or "no token"


def _reader(scene: Scene) -> Authorizer | None:
    """The authorizer of the method, where it has one: a function's too."""
    method = scene.method
    if scene.preflight or method is None or method.authorization == AuthorizationType.IAM:
        return None
    return scene.authorizer


def _headers_read(authorizer: Authorizer) -> tuple[str, ...]:
    """The headers that the identity sources name, in lower case; without those that a browser sends by itself.

    A token in the query or in a cookie is in no header of the page's own.
    """
    found = [_IN_HEADER.match(source.strip()) for source in authorizer.identity_source.split(",")]
    names = tuple(source[1].lower() for source in found if source)
    by_itself = _SENT_ANYHOW if authorizer.is_function else {"cookie"}
    return tuple(name for name in names if name not in by_itself)


def _unsent(scene: Scene, authorizer: Authorizer) -> str:
    """The first header that the authorizer reads and the client does not send; empty if there is none."""
    sent = scene.ask.names()
    hidden = {"authorization"} if scene.ask.sanitized and scene.ask.preflight is None else set()
    return next((name for name in _headers_read(authorizer) if name not in sent | hidden), "")


def _own_header(scene: Scene) -> str:
    """That the page does not send the header of its own that a function reads."""
    authorizer = _reader(scene)
    name = _unsent(scene, authorizer) if authorizer and authorizer.is_function else ""
    return f"the page sends no {name}" if name and not name.startswith(_MAPPED_TWICE) else ""


def _read_authorization(scene: Scene, template: TemplateBody) -> Iterator[FixOperation]:
    """The identity source corrected, if it is not a header of the page's own that a function reads."""
    if not _own_header(scene):
        correct = _CORRECT_IN_HTTP_API if scene.api.kind == ApiKind.HTTP else _CORRECT
        yield from correct(scene, template)


@cause(
    id="auth.cognito-identity-source",
    stage=RequestStage.AUTH,
    what="The authorizer reads another header than the one with the token.",
    browser=MISSING,
    fix="Set IdentitySource to method.request.header.Authorization (the console's Token Source is the name alone: "
    "Authorization), and deploy; or send the header that it names.",
    source="API Gateway Developer Guide, Cognito authorizers, Lambda authorizers; auth0/docs#5106",
    refusals=(said.UNAUTHORIZED, said.READ_UNAUTHORIZED),
    split=cli_commands.REST_AUTHORIZERS,
    edit=_read_authorization,
    assumes=_own_header,
    # A JWT authorizer that finds an invalid token says so: without that it found none, whatever the template says.
    stays=lambda scene: scene.method is not None and scene.method.authorization == AuthorizationType.JWT,
    fits=may_send_token,
    zoo="tests/faults/zoo.py",
)
def _identity_source(scene: Scene) -> Iterator[Evidence]:
    authorizer = _reader(scene)
    if authorizer is not None and not is_unknown(authorizer.identity_source):
        yield from when(
            bool(_unsent(scene, authorizer)),
            authorizer.place.of("identity_source"),
            f"IdentitySource {authorizer.identity_source}; the client sends {_sent(scene)}",
            HTTP_API_AUTHORIZATION if scene.api.kind == ApiKind.HTTP else AUTHORIZATION,
        )
