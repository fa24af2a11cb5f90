"""What only browsers meet."""

from __future__ import annotations

FAIL_IN_BROWSERS_ALONE = frozenset(
    {
        "acao.missing-actual",
        "function-url.no-cors",
        "httpapi.default-route",
        "httpapi.no-cors",
        "httpapi.origin-not-listed",
        "preflight.api-key",
        "preflight.authenticated",
        "preflight.binary-media",
        "preflight.child-resource",
        "preflight.cognito",
        "preflight.iam",
        "preflight.lambda-authorizer",
        "preflight.mock-no-headers",
        "preflight.mock-no-template",
        "preflight.mock-passthrough-415",
        "preflight.mock-status-unmapped",
        "preflight.no-options",
        "preflight.proxy-any-lambda",
        "preflight.proxy-root",
        "preflight.validator",
    }
)
"""Causes that curl and Postman do not meet: they send no preflight, and read every response."""
