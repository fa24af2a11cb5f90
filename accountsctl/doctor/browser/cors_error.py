"""Why a browser refuses a fetch, by Chromium's own codes, which say more than the standard's "network error".

https://chromium.googlesource.com/chromium/src/+/HEAD/services/network/public/mojom/cors.mojom
"""

from __future__ import annotations

from enum import StrEnum

ON_PREFLIGHT = "Preflight"
"""Begins the code of a check that the response to a preflight fails, and not that to the request itself."""


class CorsError(StrEnum):
    """The reasons, without the step. MIXED_CONTENT is none of CORS: the request is not sent."""

    MISSING_ALLOW_ORIGIN = "MissingAllowOriginHeader"
    WILDCARD_ORIGIN = "WildcardOriginNotAllowed"
    MULTIPLE_ORIGINS = "MultipleAllowOriginValues"
    INVALID_ORIGIN = "InvalidAllowOriginValue"
    ORIGIN_MISMATCH = "AllowOriginMismatch"
    INVALID_ALLOW_CREDENTIALS = "InvalidAllowCredentials"
    INVALID_STATUS = "InvalidStatus"
    DISALLOWED_REDIRECT = "DisallowedRedirect"
    INVALID_ALLOW_METHODS = "InvalidAllowMethodsPreflightResponse"
    INVALID_ALLOW_HEADERS = "InvalidAllowHeadersPreflightResponse"
    METHOD_DISALLOWED = "MethodDisallowedByPreflightResponse"
    HEADER_DISALLOWED = "HeaderDisallowedByPreflightResponse"
    REDIRECT_NOT_ALLOWED = "RedirectNotAllowed"
    INVALID_REDIRECT = "InvalidRedirect"
    CORS_DISABLED_SCHEME = "CorsDisabledScheme"
    REDIRECT_CONTAINS_CREDENTIALS = "RedirectContainsCredentials"
    MIXED_CONTENT = "MixedContent"

    def code(self, *, preflight: bool) -> str:
        """Chromium's code of a refusal for this reason; `preflight`: it is the response to a preflight that fails."""
        return f"{ON_PREFLIGHT}{self}" if preflight and self in OF_BOTH_STEPS else self.value


OF_BOTH_STEPS = frozenset(
    {
        CorsError.MISSING_ALLOW_ORIGIN,
        CorsError.WILDCARD_ORIGIN,
        CorsError.MULTIPLE_ORIGINS,
        CorsError.INVALID_ORIGIN,
        CorsError.ORIGIN_MISMATCH,
        CorsError.INVALID_ALLOW_CREDENTIALS,
        CorsError.INVALID_STATUS,
        CorsError.DISALLOWED_REDIRECT,
    }
)
"""The reasons of checks that both responses have to pass, so that the code names the step."""
