"""The ids of requests."""

from __future__ import annotations

import uuid

from accountsctl.localcloud.contracts.identifiers import new_uuid


def test_request_ids_are_random_uuids_of_version_4_in_their_usual_spelling() -> None:
    created = [new_uuid() for _ in range(1000)]
    assert len(set(created)) == len(created)
    for text in created:
        read = uuid.UUID(text)
        assert (str(read), read.version, read.variant) == (text, 4, uuid.RFC_4122)
