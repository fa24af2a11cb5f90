"""What we fix in moto's identity pools: their credentials are the same public constants for everyone."""

from __future__ import annotations

import json
from collections.abc import Callable

from accountsctl.localcloud.contracts.keys import IDENTITY, Keys
from accountsctl.localcloud.moto_services.apps import models

Original = Callable[[object, str], str]


def install(keys: Keys) -> None:
    """Let the pools give out this cloud's own key for identities."""
    backend = models("cognito-identity").CognitoIdentityBackend
    original: Original = getattr(backend.get_credentials_for_identity, "__wrapped__", None) or (
        backend.get_credentials_for_identity
    )

    def credentials(self: object, identity_id: str) -> str:
        answer = json.loads(original(self, identity_id))
        answer["Credentials"].update(AccessKeyId=IDENTITY, SecretKey=keys.secret(IDENTITY))
        return json.dumps(answer)

    credentials.__wrapped__ = original  # type: ignore[attr-defined]
    backend.get_credentials_for_identity = credentials
