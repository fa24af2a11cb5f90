"""What looks like a secret in plain text, by the name of its key or by its form: more than what is refused outright."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping

from accountsctl.formats.environment_config import looks_secret
from accountsctl.formats.json_source import JsonPath

NAMES = ("apikey", "authtoken", "clientsecret", "token")
"""Ends of names of what may be a secret, besides those that are refused; small letters, without "_" and "-"."""
FORMS = re.compile(
    r"\bgh[pousr]_[A-Za-z0-9]{36}"
    r"|\b[sr]k_live_[A-Za-z0-9]{16}"
    r"|\bxox[abprs]-[A-Za-z0-9-]{10}"
    r"|\bSG\.[\w-]{16,}\.[\w-]{16,}"
    r"|\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]+@"
)
REFERENCE = re.compile(
    r"arn:|/|ssm:|\{\{resolve:|\$\{|true$|false$|none$|null$|\d{0,3}$|<.*>$|\*+$", re.IGNORECASE
)
"""Values that are not secrets: the place of one, a switch, or nothing."""


def secret_paths(value: object, path: JsonPath = ()) -> Iterator[JsonPath]:
    """The paths of secrets in a value; in text that is JSON itself, the path of the text."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from secret_paths(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from secret_paths(inner, (*path, number))
    elif isinstance(value, str) and (_is_plain_secret(path, value) or _holds_secrets(value)):
        yield path


def _is_plain_secret(path: JsonPath, value: str) -> bool:
    if FORMS.search(value):
        return True
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    named = key.lower().replace("_", "").replace("-", "").endswith(NAMES)
    return (named or looks_secret((key,), value)) and not REFERENCE.match(value.strip())


def _holds_secrets(value: str) -> bool:
    """Whether text is JSON with a secret in it: Amplify keeps the credentials of identity providers so."""
    if not value.lstrip().startswith(("{", "[")):
        return False
    try:
        inner = json.loads(value)
    except ValueError:
        return False
    return any(True for _ in secret_paths(inner))


def without_secrets(value: object, path: JsonPath = ()) -> tuple[object, tuple[JsonPath, ...]]:
    """A JSON object without the members that hold secrets, and the paths of the secrets that were left out."""
    if not isinstance(value, Mapping):
        return value, tuple(secret_paths(value, path))
    kept: dict[str, object] = {}
    left: list[JsonPath] = []
    for key, inner in value.items():
        rest, found = without_secrets(inner, (*path, str(key)))
        left += found
        if isinstance(inner, Mapping) or not found:
            kept[key] = rest
    return kept, tuple(left)
