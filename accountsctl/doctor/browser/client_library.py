"""What a page calls its API with, as its package.json or a recording of its requests shows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from enum import StrEnum

_AMPLIFY_VERSION = re.compile(r"aws-amplify/(\d+)")
_FIRST_DIGITS = re.compile(r"\d+")
_LAST_OF_OLD = 5
"""aws-amplify 6 replaced the classes API and Auth by functions. https://docs.amplify.aws/gen1/javascript/"""


class ClientLibrary(StrEnum):
    """A library whose way of calling an API we can write down."""

    FETCH = "fetch"
    AXIOS = "axios"
    AMPLIFY_5 = "Amplify v5"
    AMPLIFY_6 = "Amplify v6"
    ANGULAR = "Angular"
    JQUERY = "jQuery"

    @property
    def is_amplify(self) -> bool:
        """Whether it is aws-amplify, of which version ever."""
        return self in (ClientLibrary.AMPLIFY_5, ClientLibrary.AMPLIFY_6)


_PACKAGES = {
    "axios": ClientLibrary.AXIOS,
    "@angular/core": ClientLibrary.ANGULAR,
    "jquery": ClientLibrary.JQUERY,
}
_ON_STACK = {
    "axios": ClientLibrary.AXIOS,
    "dispatchXhrRequest": ClientLibrary.AXIOS,
    "@angular/common": ClientLibrary.ANGULAR,
    "jquery": ClientLibrary.JQUERY,
}


def library_of_package(text: str) -> ClientLibrary | None:
    """The library that a package.json depends on, Amplify before axios (v5 brings axios); None if it names none."""
    try:
        package = json.loads(text)
    except ValueError:
        return None
    named = package.get("dependencies") if isinstance(package, dict) else None
    versions: Mapping[str, object] = named if isinstance(named, dict) else {}
    if "aws-amplify" in versions:
        return _amplify(str(versions["aws-amplify"]))
    return next((library for name, library in _PACKAGES.items() if name in versions), None)


def library_of_request(headers: Mapping[str, str], initiators: str) -> ClientLibrary | None:
    """The library that sent a recorded request; None if nothing shows it.

    `headers` are the request's by name in lower case, `initiators` the scripts and functions on its stack. Amplify
    names itself in ``x-amz-user-agent``; the others show in the names of a bundle that is not minified.
    """
    version = _AMPLIFY_VERSION.search(headers.get("x-amz-user-agent", ""))
    if version:
        return _amplify(version[1])
    if "aws-amplify" in initiators:
        return ClientLibrary.AMPLIFY_6
    return next((library for sign, library in _ON_STACK.items() if sign in initiators), None)


def _amplify(version: str) -> ClientLibrary:
    major = _FIRST_DIGITS.search(version)
    old = major is not None and int(major[0]) <= _LAST_OF_OLD
    return ClientLibrary.AMPLIFY_5 if old else ClientLibrary.AMPLIFY_6
