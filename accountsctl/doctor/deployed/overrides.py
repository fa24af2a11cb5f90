"""Headers that a response template sets by itself: ``$context.responseOverride.header``, as far as it can be read.

What the doctor must know of a VTL template is which origins it lets in, so this reads the shape in which such
templates are written: a variable that holds the request's Origin, compared with literals in an ``#if``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from accountsctl.doctor.facts import Vary

OVERRIDE = re.compile(
    r"""#set\(\s*\$context\.responseOverride\.header\.(?P<name>[\w-]+)\s*=\s*"""
    r"""(?:(?P<quote>["'])(?P<literal>[^"']*)(?P=quote)|(?P<expression>[^\n]+?))\s*\)(?=\s|\#|$)"""
)
ORIGIN = re.compile(
    r"""#set\(\s*\$(?P<variable>\w+)\s*=\s*\$input\.params\(\)?[^\n]*?["']origin["']""", re.IGNORECASE
)
ASKS = re.compile(r"""\$input\.params\(\)?[^\n]*?["']origin["']""", re.IGNORECASE)
VARIABLE = re.compile(r"\$!?\{?(\w+)\}?")
LITERAL = re.compile(r"""["'](https?://[^"']+)["']""")


def overrides(templates: Iterable[str]) -> dict[str, Vary | str]:
    """Header (lower case) -> its literal value, or `Vary` where it is the request's origin."""
    found: dict[str, Vary | str] = {}
    for template in templates:
        asking = {match["variable"] for match in ORIGIN.finditer(template)}
        literals: dict[str, str] = {}
        echoed: set[str] = set()
        for match in OVERRIDE.finditer(template):
            name, expression = match["name"].lower(), match["expression"]
            if expression is None:
                literals[name] = match["literal"]
            elif ASKS.search(expression) or asking & set(VARIABLE.findall(expression)):
                echoed.add(name)
        found |= literals
        for name in echoed:
            listed = frozenset(LITERAL.findall(template)) - {literals.get(name)}
            conditional = "#if" in template
            found[name] = Vary(
                frozenset(listed - {None}) if conditional and listed else None, literals.get(name)
            )
    return found
