"""Secrets that stand in the project's files as plain text: in Git, whoever can read the repository can read them.

A secret is recognized by the name of its key or by its form. Its value is never part of what is reported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Iterator, Mapping

from accountsctl.formats.environment_config import looks_secret
from accountsctl.formats.json_reader import read
from accountsctl.formats.json_source import JsonPath, Source
from accountsctl.model.health import Check, Outcome

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
CURE = (
    "Take it out and change it where it came from: in Git it stays readable. Keep the new one in Secrets Manager, "
    "and pass the function its name."
)


def plain_secrets(texts: Mapping[str, str], refused: Container[tuple[str, int]]) -> Iterator[Check]:
    """A finding for each secret. `texts` are JSON files by their path; what cannot be read is passed over.

    `refused` are the files and lines of faults: those that are secrets too are reported already.
    """
    for file in sorted(texts):
        source = read(texts[file], file)
        for path in _secrets(source.value, ()):
            if (file, source.line_of(*path)) not in refused:
                message = f"{_place(source, path)} is a secret in plain text."
                yield Check("secrets", Outcome.FINDING, message, CURE)


def _place(source: Source, path: JsonPath) -> str:
    return f"{source.file}:{source.line_of(*path)}: {'.'.join(map(str, path))}"


def _secrets(value: object, path: JsonPath) -> Iterator[JsonPath]:
    """The paths of secrets in a value; in text that is JSON itself, the path of the text."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets(inner, (*path, str(key)))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _secrets(inner, (*path, number))
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
    return any(True for _ in _secrets(inner, ()))
