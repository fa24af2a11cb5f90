"""App clients of user pools."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.doctor.facts.places import SourcePlace


@dataclass(frozen=True)
class Client:
    """An app client of a user pool: with the scopes that it may ask for."""

    id: str
    pool: str
    place: SourcePlace
    scopes: tuple[str, ...] = ()
