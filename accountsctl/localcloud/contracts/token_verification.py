"""Verifying a JSON Web Token that a user pool has signed, for the authorizers of REST APIs and of HTTP APIs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from accountsctl.localcloud.contracts.lookups import KeySet
from accountsctl.localcloud.contracts.token_reading import claims_of, header_of

Claims = Mapping[str, Any]
"""The claims of a JSON Web Token (RFC 7519, section 4): any JSON value may be one."""


class InvalidToken(Exception):
    """It is not a token, or none that its issuer has signed. What is wrong is not reported to its sender."""


def verified_claims(token: str, keys_of: Callable[[Claims], KeySet]) -> Claims:
    """The claims of a token whose signature is valid; raises InvalidToken.

    `keys_of` gives the keys of the claims' issuer, and raises what it likes if that is not accepted. The time is not
    looked at.
    """
    try:
        header, claims = _read(token)
        keys = keys_of(claims)["keys"]
        key = next(key for key in keys if key["kid"] == header["kid"])
        _check_signature(token, key["n"], key["e"])
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, StopIteration, JoseError):
        raise InvalidToken from None
    if not isinstance(claims, dict):
        raise InvalidToken
    return claims


@lru_cache(maxsize=256)
def _read(token: str) -> tuple[Mapping[str, Any], Claims]:
    """Header and claims of a token, which a client sends with each request. No one may change them."""
    return header_of(token), claims_of(token)


@lru_cache(maxsize=256)
def _check_signature(token: str, modulus: str, exponent: str) -> None:
    """Raise JoseError if this key did not sign the token; that it did stays true, and is remembered."""
    key = RSAKey.import_key({"kty": "RSA", "n": modulus, "e": exponent})
    jws.deserialize_compact(token, key, algorithms=["RS256"])
