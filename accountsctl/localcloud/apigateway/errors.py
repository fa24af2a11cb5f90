"""What API Gateway itself answers: the gateway response types, with status and x-amzn-ErrorType.

Source: AWS's "Gateway response types", and captures of the real service where it says something else
(a failed integration is 500, not the documented 504; a body that no route reaches is 403).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GatewayResponseType:
    """A gateway response type, with what it answers where the API does not customise it."""

    name: str
    status: int
    error_type: str


_KINDS = (
    GatewayResponseType("ACCESS_DENIED", 403, "AccessDeniedException"),
    GatewayResponseType("API_CONFIGURATION_ERROR", 500, "InternalServerErrorException"),
    GatewayResponseType("AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException"),
    GatewayResponseType("AUTHORIZER_FAILURE", 500, "AuthorizerFailureException"),
    GatewayResponseType("BAD_REQUEST_BODY", 400, "BadRequestException"),
    GatewayResponseType("BAD_REQUEST_PARAMETERS", 400, "BadRequestException"),
    GatewayResponseType("EXPIRED_TOKEN", 403, "ExpiredTokenException"),
    GatewayResponseType("INTEGRATION_FAILURE", 500, "InternalServerErrorException"),
    GatewayResponseType("INTEGRATION_TIMEOUT", 504, "InternalServerErrorException"),
    GatewayResponseType("INVALID_API_KEY", 403, "ForbiddenException"),
    GatewayResponseType("INVALID_SIGNATURE", 403, "InvalidSignatureException"),
    GatewayResponseType("MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException"),
    GatewayResponseType("QUOTA_EXCEEDED", 429, "LimitExceededException"),
    GatewayResponseType("REQUEST_TOO_LARGE", 413, "RequestTooLargeException"),
    GatewayResponseType("RESOURCE_NOT_FOUND", 404, "ResourceNotFoundException"),
    GatewayResponseType("THROTTLED", 429, "TooManyRequestsException"),
    GatewayResponseType("UNAUTHORIZED", 401, "UnauthorizedException"),
    GatewayResponseType("UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException"),
    GatewayResponseType("WAF_FILTERED", 403, "ForbiddenException"),
)
FIXED = "REQUEST_TOO_LARGE"  # the one type that no API can customise (API Gateway's known issues)
KINDS = {kind.name: kind for kind in _KINDS}


class GatewayError(Exception):
    """The request ends with a gateway response. `kind` None: one that has no type of its own.

    `why` is what API Gateway writes to its execution log, and never to the client; `validation` is
    `$context.error.validationErrorString`.
    """

    def __init__(
        self,
        kind: str | None,
        message: str | None,
        *,
        status: int | None = None,
        error_type: str | None = None,
        why: str | None = None,
    ) -> None:
        super().__init__(message)
        known = KINDS.get(kind or "")
        self.kind = kind
        self.message = message
        self.why = why
        self.validation: str | None = None
        self.status = status or (known.status if known else 500)
        self.error_type = error_type or (known.error_type if known else "InternalServerErrorException")


class UnsupportedApi(Exception):
    """An API that the embedded gateway cannot imitate: all reasons, each naming where it stands."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = reasons


def bad_body(validation: str | None = None) -> GatewayError:
    """A body that is not JSON, or not as its model has it."""
    error = GatewayError("BAD_REQUEST_BODY", "Invalid request body")
    error.validation = validation
    return error


def missing_token() -> GatewayError:
    """No such route, or nothing in the request says who sends it."""
    return GatewayError("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token")


def unauthorized(message: str = "Unauthorized") -> GatewayError:
    """A token that the authorizer does not take."""
    return GatewayError("UNAUTHORIZED", message)


def denied(message: str) -> GatewayError:
    """Someone is known, and may not do this."""
    return GatewayError("ACCESS_DENIED", message)


def authorizer_failed(why: str) -> GatewayError:
    """The authorizer cannot be asked, or its answer is none. `why` is for the log alone."""
    return GatewayError("AUTHORIZER_CONFIGURATION_ERROR", None, why=why)


def throttled() -> GatewayError:
    """More requests than a stage, a method or a usage plan lets through."""
    return GatewayError("THROTTLED", "Too Many Requests")


FAILED = "Execution failed due to configuration error: "


def bad_gateway(why: str) -> GatewayError:
    """The function failed, or its answer has not the shape of a proxy response."""
    return GatewayError(None, "Internal server error", status=502, why=why)


def configuration_error(why: str) -> GatewayError:
    """The API's own configuration cannot produce an answer."""
    return GatewayError("API_CONFIGURATION_ERROR", "Internal server error", why=FAILED + why)


def integration_failure(why: str) -> GatewayError:
    """API Gateway may not, or cannot, call the integration."""
    return GatewayError("INTEGRATION_FAILURE", "Internal server error", why=FAILED + why)


def integration_timeout() -> GatewayError:
    """The integration took longer than its timeoutInMillis."""
    why = "Execution failed due to a timeout error"
    return GatewayError("INTEGRATION_TIMEOUT", "Endpoint request timed out", why=why)
