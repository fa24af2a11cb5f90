"""What the services report of themselves."""

from __future__ import annotations

from typing import TypedDict

from accountsctl.localcloud.rds_data.postgres.servers import ServerStatus
from accountsctl.localcloud.state.clusters import Description


class FoundDatabase(TypedDict):
    """A database on disk that no cluster has: the state that knew it was lost. The names may be empty."""

    resourceId: str
    identifier: str
    region: str
    database: str


class ServicesStatus(TypedDict):
    """Each service: "ready" or "loading"; and each cluster's PostgreSQL server."""

    cloudformation: str
    control: str
    gateway: str
    functions: str
    dataApi: str
    postgres: dict[str, ServerStatus]
    delays: dict[str, str]
    found: list[FoundDatabase]


def found_database(description: Description) -> FoundDatabase:
    return {
        "resourceId": description.resource_id,
        "identifier": description.identifier,
        "region": description.region,
        "database": description.database,
    }
