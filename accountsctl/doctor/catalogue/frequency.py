"""Which causes people report most, counted in the public reports of the catalogue's sources and of the tests."""

from __future__ import annotations

_MOST_FREQUENT_FIRST = (
    # 403 Missing Authentication Token
    "preflight.no-options",
    "preflight.proxy-root",
    "deploy.wrong-path",
    "preflight.iam",
    "auth.iam-no-token",
    # 403 Forbidden
    "edge.cf-methods",
    "edge.cf-host",
    "deploy.no-mapping",
    "deploy.no-stage",
    "auth.api-key",
    "preflight.api-key",
    "deploy.default-endpoint-disabled",
    # 401 Unauthorized
    "auth.no-token",
    "preflight.cognito",
    "httpapi.default-route",
    "auth.cognito-expired",
    "auth.lambda-deny",
    "auth.cognito-access-no-scope",
    "auth.cognito-identity-source",
    "auth.cognito-wrong-pool",
    # 403 with a signature error
    "auth.iam-not-cognito",
    "auth.route-missing+token",
    "auth.iam-denied",
    "auth.iam-bad-signature",
    # 5xx
    "int.throws",
    "auth.lambda-authorizer-500",
    "int.malformed",
    "int.lambda-timeout",
    "int.gateway-timeout",
    "preflight.mock-no-template",
    "preflight.binary-media",
    "int.no-permission",
    "int.wrong-source-arn",
)
_PLACES = {id_: place for place, id_ in enumerate(_MOST_FREQUENT_FIRST)}


def frequency_place(id_: str) -> int:
    """The place of a cause among all by frequency; 0 is the most frequent."""
    return _PLACES.get(id_, len(_PLACES))
