"""Access-Control-Allow-Origin as a mapping template works it out: the Origin of the request, if a list has it."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class ReflectedOrigin:
    """The request's Origin as a header's value, if it is one of `origins` (None: any) or fits one of `patterns`.

    `patterns` are regular expressions, each for a complete origin. `otherwise` is the value for other origins; None if
    the header is left out.
    """

    origins: frozenset[str] | None
    otherwise: str | None = None
    patterns: tuple[str, ...] = ()

    def allows(self, origin: str) -> bool:
        """Whether the value for an origin is that origin."""
        if self.origins is None or origin in self.origins:
            return True
        return any(re.fullmatch(pattern, origin) for pattern in self.patterns)

    def value_for(self, origin: str) -> str | None:
        """The header's value in the response to a page of an origin; None if the header is left out."""
        return origin if self.allows(origin) else self.otherwise
