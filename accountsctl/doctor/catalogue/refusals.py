"""The ways in which API Gateway refuses a request (REST APIs), named after their gateway response types.

https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html; error types and
messages as captured in public issues. Messages are patterns, since their wording has changed over the years.
"""

from __future__ import annotations

from dataclasses import replace

from accountsctl.doctor.catalogue.scene import Refusal
from accountsctl.model.api_gateway import ApiKind

# Bodies as captured: their lengths tell them apart where a browser keeps the headers alone.
_EXPIRED_BODY = '{"message":"The incoming token has expired"}'
_UNAUTHORIZED_BODY = '{"message":"Unauthorized"}'


def _both_spellings(message: str) -> tuple[str, ...]:
    """A body as API Gateway writes it: with a space before the message, and without one."""
    return (f'{{"message":"{message}"}}', f'{{"message": "{message}"}}')


_TIMEOUT_BODIES = _both_spellings("Endpoint request timed out")
_DENIED = "User is not authorized to access this resource"
_DENIED_BODIES = (f'{{"Message":"{_DENIED}"}}', f'{{"Message":"{_DENIED} with an explicit deny"}}')
# A policy's refusal names the caller, the API and the method; an authorizer's is one of few sentences.
_SENTENCE = range(130)
# Times of one form, against an explanation that ends with the canonical request.
_TIMES = "20210520T172834Z is now earlier than 20210520T201503Z (20210520T202003Z - 5 min.)"
_OLD_SIGNATURE_BODY = f'{{"message":"Signature expired: {_TIMES}"}}'
_WITH_TIMES = range(len(_OLD_SIGNATURE_BODY) + 10)
MISSING_TOKEN = Refusal("MISSING_AUTHENTICATION_TOKEN", 403, "MissingAuthenticationTokenException")
# Two wordings, an old one and one with a hash; the type is not documented, DEFAULT_4XX covers it.
INCOMPLETE_SIGNATURE = Refusal("INVALID_SIGNATURE", 403, "IncompleteSignatureException")
BAD_SIGNATURE = Refusal(
    "INVALID_SIGNATURE",
    403,
    "InvalidSignatureException",
    "does not match|signature we calc",
    not_bodies=(_OLD_SIGNATURE_BODY,),
)
SIGNATURE_EXPIRED = Refusal(
    "INVALID_SIGNATURE",
    403,
    "InvalidSignatureException",
    "Signature (expired|not yet)",
    lengths=_WITH_TIMES,
)
UNKNOWN_KEY = Refusal("ACCESS_DENIED", 403, "UnrecognizedClientException")
UNKNOWN_KEY_DENIED = Refusal(
    "ACCESS_DENIED",
    403,
    "AccessDeniedException",
    "security token included .* is invalid",
    kind=ApiKind.REST,
)
SESSION_EXPIRED = Refusal("EXPIRED_TOKEN", 403, "ExpiredTokenException")
IDENTITY_DENIED = Refusal(
    "ACCESS_DENIED",
    403,
    "AccessDeniedException",
    r"User: arn:.* is not authorized to perform",
    kind=ApiKind.REST,
    not_bodies=_DENIED_BODIES,
)
POLICY_DENIED = Refusal(
    "ACCESS_DENIED",
    403,
    "AccessDeniedException",
    r"User: anonymous is not authorized to perform",
    kind=ApiKind.REST,
    not_bodies=_DENIED_BODIES,
)
AUTHORIZER_DENIED = Refusal(
    "ACCESS_DENIED",
    403,
    "AccessDeniedException",
    "User is not authorized to access this resource",
    kind=ApiKind.REST,
    lengths=_SENTENCE,
)
UNAUTHORIZED = Refusal(
    "UNAUTHORIZED", 401, "UnauthorizedException", '"Unauthorized"', not_bodies=(_EXPIRED_BODY,)
)
TOKEN_EXPIRED = Refusal(
    "UNAUTHORIZED",
    401,
    "UnauthorizedException",
    "token has expired",
    decisive=True,
    not_bodies=(_UNAUTHORIZED_BODY,),
)
AUTHORIZER_BROKEN = Refusal("AUTHORIZER_CONFIGURATION_ERROR", 500, "AuthorizerConfigurationException")
AUTHORIZER_FAILED = Refusal("AUTHORIZER_FAILURE", 500, "AuthorizerFailureException")
INVALID_KEY = Refusal("INVALID_API_KEY", 403, "ForbiddenException")
BAD_PARAMETERS = Refusal(
    "BAD_REQUEST_PARAMETERS", 400, "BadRequestException", "Missing required request param"
)
BAD_BODY = Refusal("BAD_REQUEST_BODY", 400, "BadRequestException", "Invalid request body")
UNSUPPORTED_MEDIA = Refusal("UNSUPPORTED_MEDIA_TYPE", 415, "BadRequestException", "Unsupported Media Type")
THROTTLED = Refusal("THROTTLED", 429, "TooManyRequestsException")
QUOTA = Refusal("QUOTA_EXCEEDED", 429, "LimitExceededException")
TOO_LARGE = Refusal("", 413, "RequestTooLargeException")
TOO_LARGE_ENTITY = Refusal("", 413, "RequestEntityTooLarge")
# As captured: more than Lambda takes (6 MB), and more than API Gateway takes (10 MB), refused before it has an id.
TOO_LARGE_FOR_LAMBDA = Refusal("", 413, "BadRequestException", "Request Too Long")
# Lambda itself, for a function URL: the error type that every service of AWS has for this status.
TOO_LARGE_FOR_URL = Refusal("", 413, "RequestEntityTooLargeException", kind=ApiKind.FUNCTION_URL)
TOO_LARGE_UNTYPED = Refusal("", 413, message="content length exceeded|Request Too Long")
# 500 where the gateway could not use the integration, 502 where it did not like its answer.
CONFIGURATION = Refusal(
    "API_CONFIGURATION_ERROR", 500, "InternalServerErrorException", '"Internal server error"'
)
INTEGRATION_FAILED = Refusal(
    "INTEGRATION_FAILURE", 500, "InternalServerErrorException", '"Internal server error"'
)
BAD_ANSWER = Refusal("DEFAULT_5XX", 502, "InternalServerErrorException", '"Internal server error"')
NETWORK_ERROR = Refusal(
    "INTEGRATION_FAILURE", 504, "InternalServerErrorException", "Network error", not_bodies=_TIMEOUT_BODIES
)
TIMEOUT = Refusal(
    "INTEGRATION_TIMEOUT",
    504,
    "InternalServerErrorException",
    "timed out",
    not_bodies=_both_spellings("Network error communicating with endpoint"),
)
# Before any API is known nothing can be customised.
NO_API = Refusal("", 403, "ForbiddenException")
NOT_FOUND = Refusal("", 404)
# An HTTP API for what no route takes, OPTIONS as well.
HTTP_NOT_FOUND = Refusal(
    "", 404, message=r'^\{"message": ?"Not Found"\}$', kind=ApiKind.HTTP, bare=True, lengths=range(23, 25)
)
# Its words, if the page reads them: with facts that show no route for the request.
READ_NOT_FOUND = replace(HTTP_NOT_FOUND, bare=False, readable=True, shows_kind=True)
METHOD_NOT_ALLOWED = Refusal("", 405)
APPLICATION_ERROR = Refusal("", 500)
# Of a framework that takes OPTIONS for a request without a body, or of a type that it does not read (middy: 415).
APPLICATION_REFUSES_OPTIONS = tuple(
    Refusal("", status, by_application=True) for status in (400, 415, 422, 501)
)
APPLICATION_UNAUTHORIZED = Refusal("", 401, by_application=True)
APPLICATION_FORBIDDEN = Refusal("", 403, by_application=True)
# HTTP APIs name no error type; a CORS configuration adds its headers to their refusals too.
# A JWT authorizer's challenge names what is wrong with a token, and nothing if it found none.
_WITHOUT_ERROR = r"^(?!.*error=)"
HTTP_UNAUTHORIZED = Refusal("", 401, message='"Unauthorized"', kind=ApiKind.HTTP, challenge=_WITHOUT_ERROR)
HTTP_FORBIDDEN = Refusal("", 403, message='"Forbidden"', kind=ApiKind.HTTP, challenge=_WITHOUT_ERROR)
READ_UNAUTHORIZED = replace(HTTP_UNAUTHORIZED, readable=True)
# Of a function that throws 'Unauthorized': a JWT authorizer always sends a challenge.
READ_THROWN = replace(READ_UNAUTHORIZED, challenge="^$")
READ_FORBIDDEN = replace(HTTP_FORBIDDEN, readable=True)
HTTP_EXPIRED = Refusal("", 401, kind=ApiKind.HTTP, challenge=r"error=.*expired", decisive=True)
HTTP_AUDIENCE = Refusal("", 401, kind=ApiKind.HTTP, challenge=r"error=.*audience", decisive=True)
HTTP_TOKEN = Refusal("", 401, kind=ApiKind.HTTP, challenge=r"error=(?!.*(expired|audience))")
HTTP_SCOPES = Refusal("", 403, kind=ApiKind.HTTP, challenge=r"error=.*insufficient_scope", decisive=True)
# The function failed, or may not be called (500); it took longer than the API waits (503): sst#2232.
HTTP_FAILED = Refusal("", 500, message='"Internal Server Error"', kind=ApiKind.HTTP)
HTTP_TIMEOUT = Refusal("", 503, message='"Service Unavailable"', kind=ApiKind.HTTP)
HTTP_THROTTLED = Refusal("", 429, message='"Too Many Requests"', kind=ApiKind.HTTP)
HTTP_TOO_LARGE = Refusal("", 413, message='"Request Entity Too Large"', kind=ApiKind.HTTP)
OF_HTTP_APIS = (
    HTTP_UNAUTHORIZED,
    HTTP_FORBIDDEN,
    HTTP_FAILED,
    HTTP_TIMEOUT,
    HTTP_THROTTLED,
    HTTP_TOO_LARGE,
)
# A function URL that does not let the caller in, and API Gateway's answer for a host that CloudFront forwarded; since
# 2025 a function URL adds where to read on.
URL_DENIED = Refusal("", 403, "AccessDeniedException", '"Forbidden["."]')
URL_BAD_SIGNATURE = Refusal(
    "", 403, "InvalidSignatureException", "signature we calculated", kind=ApiKind.FUNCTION_URL
)
# Of a function that throws, or does not answer in time, behind a URL: AWS's own words, without a type.
URL_FAILED = Refusal(
    "", 502, message="^Internal Server Error$", kind=ApiKind.FUNCTION_URL, lengths=range(21, 22)
)
# More calls at a time than the function may run, or none: docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html.
URL_THROTTLED = Refusal("", 429, "TooManyRequestsException", kind=ApiKind.FUNCTION_URL, shows_kind=True)
# A server before the API (nginx, a load balancer, CloudFront) answers with a page of its own.
PROXY_ERRORS = tuple(
    Refusal("", status, message="(?i)<html|<center>|<h1>") for status in (413, 502, 503, 504)
)
METHOD_NOT_CONFIGURED = Refusal(
    "", 403, message="not configured to allow the HTTP request method", decisive=True
)
# Of AWS WAF in front of CloudFront: troubleshooting 403 in the CloudFront Developer Guide.
REQUEST_BLOCKED = Refusal("", 403, message=r"Request blocked\.", decisive=True)
CLOUDFRONT_PAGE = Refusal("", 403, message="(?i)<html")
BUCKET_DENIED = Refusal("", 403, by_bucket=True)
MOVED = (Refusal("", 301), Refusal("", 302), Refusal("", 307), Refusal("", 308))
