"""The JSON of what CloudFormation remembers, written again only for what has changed."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping


class SavedJson:
    """Remembers the JSON of each object, with the pickle that it was written from.

    Whether an object is the same is decided by its pickle, which takes a third of the time of its JSON. Nothing reads
    these pickles. `last` may hold what `take` made last, for as long as no object changes.
    """

    def __init__(self) -> None:
        self.last: list[tuple[str, bytes]] | None = None
        self._known: dict[str, tuple[bytes, bytes]] = {}

    def take(
        self, name: str, head: object, tables: Mapping[str, Mapping[str, object]]
    ) -> list[tuple[str, bytes]]:
        """The JSON of `head`, and of each dataclass in the tables under ``<name>/<table>/<key>``."""
        known: dict[str, tuple[bytes, bytes]] = {}
        for table, things in tables.items():
            for key, thing in things.items():
                place = f"{name}/{table}/{key}"
                known[place] = self._json(place, thing)
        self._known = known
        return [
            (name, json.dumps(head).encode()),
            *((place, text) for place, (_, text) in known.items()),
        ]

    def _json(self, place: str, thing: object) -> tuple[bytes, bytes]:
        now = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        before = self._known.get(place)
        if before is not None and before[0] == now:
            return before
        return now, json.dumps(thing, default=vars, separators=(",", ":")).encode()
