"""Custom domains, and the base paths by which they lead to APIs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accountsctl.doctor.facts.places import SourcePlace


def is_below(base: str, path: str) -> bool:
    """Whether a URL's path begins with all parts of a base path."""
    called = path.lstrip("/")
    return not base or called == base or called.startswith(f"{base}/")


@dataclass(frozen=True)
class Domain:
    """A custom domain. `mappings` are base path -> stage ("" is the root; stage "" leaves it to the path).

    `bases` are the base paths of all that it maps to, other APIs too; None if there may be others.
    """

    name: str
    place: SourcePlace
    mappings: Mapping[str, str] = field(default_factory=dict)
    mutual_tls: bool = False
    bases: frozenset[str] | None = None

    def maps(self, path: str) -> bool | None:
        """Whether a URL's path is below one of the base paths; None if there may be others.

        https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-mappings.html
        """
        if any(is_below(base, path) for base in (*self.mappings, *(self.bases or ()))):
            return True
        return None if self.bases is None else False
