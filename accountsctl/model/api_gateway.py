"""The closed choices of API Gateway. A template may state anything, so facts hold text that is compared with these.

Sources: https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html (authorizationType) and
https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html (type).
"""

from __future__ import annotations

from enum import StrEnum


class AuthorizationType(StrEnum):
    """Who may call a method; JWT is that of HTTP APIs only."""

    NONE = "NONE"
    IAM = "AWS_IAM"
    COGNITO = "COGNITO_USER_POOLS"
    CUSTOM = "CUSTOM"
    JWT = "JWT"


class IntegrationType(StrEnum):
    """What answers a method."""

    MOCK = "MOCK"
    HTTP = "HTTP"
    HTTP_PROXY = "HTTP_PROXY"
    AWS = "AWS"
    AWS_PROXY = "AWS_PROXY"


MAPPED = frozenset({IntegrationType.MOCK, IntegrationType.HTTP, IntegrationType.AWS})
"""The integrations whose responses API Gateway maps; a proxy's response is passed on as it is."""
PROXIES = frozenset({IntegrationType.AWS_PROXY, IntegrationType.HTTP_PROXY})


class ApiKind(StrEnum):
    """Which of API Gateway's products an API is; or the URL of a function, which is one route for everything.

    A bucket of S3 and a CloudFront distribution have no routes: their own rules give the CORS headers.
    """

    REST = "REST"
    HTTP = "HTTP"
    FUNCTION_URL = "FUNCTION_URL"
    BUCKET = "BUCKET"
    DISTRIBUTION = "DISTRIBUTION"
