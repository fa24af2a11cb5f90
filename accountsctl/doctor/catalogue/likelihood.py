"""Which of several causes with the same answer is the likely one: how often people report it, the most frequent first.

Counted in the public reports that the catalogue's sources name. A cause that is not listed comes after those that are.
"""

from __future__ import annotations

_MOST_FREQUENT_FIRST = (
    # 403 Missing Authentication Token
    "preflight.no-options",
    "deploy.wrong-path",
    "preflight.iam",
    "auth.iam-no-token",
    # 403 Forbidden
    "deploy.no-stage",
    "auth.api-key",
    "preflight.api-key",
    "deploy.default-endpoint-disabled",
    # 401 Unauthorized
    "auth.no-token",
    "preflight.cognito",
    "httpapi.default-route",
    "auth.cognito-expired",
    "auth.cognito-identity-source",
    "auth.cognito-wrong-pool",
    "auth.cognito-access-no-scope",
    # 403 with a signature error
    "auth.iam-not-cognito",
    "auth.route-missing+token",
    # 5xx
    "int.throws",
    "int.malformed",
    "int.lambda-timeout",
    "int.gateway-timeout",
    "int.no-permission",
    "int.wrong-source-arn",
    "preflight.mock-no-template",
    "preflight.binary-media",
)
_PLACES = {id_: place for place, id_ in enumerate(_MOST_FREQUENT_FIRST)}


def frequency_place(id_: str) -> int:
    """The place of a cause among all by frequency; 0 is the most frequent."""
    return _PLACES.get(id_, len(_PLACES))
