"""Values that only the deployment knows: placeholders such as ``${Origin}``, from which nothing is concluded.

What stands around a placeholder is known all the same, and so are the values between which a condition, a mapping or a
parameter's AllowedValues choose: ``${Site is one of https://a.example | https://b.example}``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product, zip_longest
from math import prod
from typing import Any, TypeGuard

PLACEHOLDER = re.compile(r"\$\{([^!}][^}]{0,1000})\}")
"""No name is longer; without a limit each `${` of a text that closes none would be compared with all of the rest."""

NOT_NAMED = ("${CorsConfiguration}",)
"""What forms of SAM's CorsConfiguration give for which its documentation has no meaning: true, a list."""


_CHOICE = re.compile(r"\$\{[^}]* is one of ([^}]*)\}")
_ANY = re.compile(r"\$\{[^!}][^}]*\}")
_BETWEEN = " | "
_MOST = 50
"""How many values are compared one by one: more are any text."""
_LONGEST = 900
_IN_PARTS = re.compile(r"\}|\barn:|execute-api:")


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


def either(name: str, values: Sequence[Any]) -> Any:
    """What stands for one of some values: a placeholder that has them, a list of such, or None if they say nothing.

    Single words say nothing: they are stages, types and verbs, which are names as good as the placeholder's own. ARNs
    and the like are compared part by part.
    """
    if any(isinstance(value, list) for value in values):
        lists = [[] if value is None else value if isinstance(value, list) else [value] for value in values]
        parts = [either(name, column) for column in zip_longest(*lists, fillvalue="")]
        return None if None in parts else parts
    if not all(isinstance(value, str) and possible_texts(value) for value in values):
        return None
    texts = tuple(dict.fromkeys(text for value in values for text in possible_texts(value)))
    if len(texts) == 1:
        return texts[0]
    joined = _BETWEEN.join(texts)
    if len(joined) > _LONGEST or _IN_PARTS.search(joined) or joined.count(_BETWEEN) >= len(texts):
        return None
    return placeholder(f"{name} is one of {joined}") if re.search(r"[^\w-]", "".join(texts)) else None


def possible_texts(text: str) -> tuple[str, ...]:
    """All that a text may be; none if it may be more than its choices say."""
    parts = _CHOICE.split(text)
    choices = [part.split(_BETWEEN) if number % 2 else [part] for number, part in enumerate(parts)]
    if any(map(is_unknown, parts[::2])) or prod(map(len, choices)) > _MOST:
        return ()
    return tuple("".join(chosen) for chosen in product(*choices))


def may_be(text: str, value: str) -> bool:
    """Whether a text may be a value: a placeholder may be any text, unless it has the values that it may be."""
    closed = possible_texts(text)
    if closed:
        return value in closed
    return re.fullmatch(".*".join(map(re.escape, _ANY.split(text))), value) is not None


def example_of(text: str) -> str:
    """A value that a text may be: the first of its choices, or the names of its placeholders; a number for a port."""
    texts = possible_texts(text)
    text = re.sub(rf"(?<=:){_ANY.pattern}", "8080", text)
    return texts[0] if texts else _ANY.sub(lambda found: re.sub(r"\W+", "-", found[0]).strip("-"), text)
