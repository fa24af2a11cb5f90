"""Which properties hold secrets, by their names; what is shown in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from accountsctl.planning.values import HIDDEN

SECRET_NAMES = (
    "password",
    "secretstring",
    "authtoken",
    "accesstoken",
    "oauthtoken",
    "privatekey",
    "clientsecret",
)


def is_secret(path: Sequence[str]) -> bool:
    """Whether a property is a secret by a name on its path: ``MasterUserPassword``, ``DB_PASSWORD``."""
    return any(step.replace("_", "").lower().endswith(SECRET_NAMES) for step in path)


def hidden_value(path: Sequence[str], value: object) -> object:
    """A property's value, JSON, with every secret in it replaced by `HIDDEN`."""
    if isinstance(value, Mapping):
        return {key: hidden_value((*path, str(key)), inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [hidden_value(path, inner) for inner in value]
    return HIDDEN if is_secret(path) and value not in (None, "") else value
