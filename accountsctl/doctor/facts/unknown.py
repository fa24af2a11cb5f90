"""Values that only the deployment knows: placeholders such as ``${Origin}``, from which nothing is concluded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeGuard

PLACEHOLDER = re.compile(r"\$\{([^!}][^}]{0,1000})\}")
"""No name is longer; without a limit each `${` of a text that closes none would be compared with all of the rest."""

NOT_NAMED = ("${CorsConfiguration}",)
"""What forms of SAM's CorsConfiguration give for which its documentation has no meaning: true, a list."""


def placeholder(name: str) -> str:
    """What stands for what a name means at the deployment: ``${Name}``."""
    return "${" + name + "}"


def is_unknown_text(value: object) -> TypeGuard[str]:
    """Whether a value of any form is a text of which only the deployment knows what it is."""
    return isinstance(value, str) and is_unknown(value)


def is_unknown(value: object) -> bool:
    """Whether a value, or a part of it, is known only to AWS."""
    if isinstance(value, Mapping):
        return any(is_unknown(part) for part in value.values())
    if isinstance(value, list | tuple):
        return any(is_unknown(part) for part in value)
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None
