"""The HTTP methods of API Gateway, in each of their spellings.

A REST API has a method per path and HTTP method, or one for all: ``ANY`` in CloudFormation,
``x-amazon-apigateway-any-method`` in an OpenAPI document. TRACE and CONNECT do not exist there.
Source: https://docs.aws.amazon.com/apigateway/latest/api/API_Method.html
"""

from __future__ import annotations

ANY = "ANY"
OPTIONS = "OPTIONS"
CALLABLE = ("GET", "PUT", "POST", "DELETE", "PATCH", "HEAD")
"""What a client calls; the browser itself sends OPTIONS, as a preflight."""
METHODS = (*CALLABLE, OPTIONS)
EXTENSION = "x-amazon-apigateway-"
"""What API Gateway's extensions to OpenAPI start with."""
OPENAPI_ANY = f"{EXTENSION}any-method"


def openapi_method(key: str) -> str | None:
    """The method that a key of an OpenAPI path item stands for, or ANY; None for a key of another meaning."""
    if key == OPENAPI_ANY:
        return ANY
    method = key.upper()
    return method if key == key.lower() and method in METHODS else None
