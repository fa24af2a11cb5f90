"""What an authorizer reads of a request, if its definition does not say so."""

from __future__ import annotations

REQUEST_AUTHORIZER = "REQUEST"
"""An authorizer's type: its function is called with the request as it is."""


def identity_source(kind: str, stated: str, default: str) -> str:
    """The identity sources of an authorizer of a type; empty if its function may read anything.

    Those of a function that gets the request are optional, if its answers are not cached.
    https://docs.aws.amazon.com/apigateway/latest/api/API_Authorizer.html
    """
    return stated or ("" if kind.upper() == REQUEST_AUTHORIZER else default)
