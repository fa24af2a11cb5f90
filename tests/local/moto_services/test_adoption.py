"""Which data on disk a new cluster takes over."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from accountsctl.localcloud.moto_services import adoption

PLACE = ("eu-west-1", "orders")


@pytest.fixture(autouse=True)
def nothing_offered_afterwards() -> Iterator[None]:
    yield
    adoption.offer({})


def taken(region: str, identifier: str) -> str:
    """The resource id that a new cluster has in the end."""
    cluster: Any = SimpleNamespace(
        region=region,
        db_cluster_identifier=identifier,
        db_cluster_resource_id="new",
        engine="aurora-postgresql",
    )
    backend: Any = SimpleNamespace(cluster_snapshots={})
    adoption.adopt(cluster, backend)
    return str(cluster.db_cluster_resource_id)


def test_data_of_a_known_place_wait_for_their_cluster() -> None:
    adoption.offer({PLACE: "old"})
    assert taken("eu-west-1", "others") == "new"
    assert taken(*PLACE) == "old"
    assert taken(*PLACE) == "new"


def test_the_only_data_without_a_name_go_to_the_next_cluster_that_has_none_of_its_own() -> None:
    adoption.offer({PLACE: "old"}, ["nameless"])
    assert taken(*PLACE) == "old"
    assert taken("eu-west-1", "others") == "nameless"


def test_of_several_data_without_a_name_none_is_given_to_a_cluster() -> None:
    adoption.offer({}, ["one", "two"])
    assert taken(*PLACE) == "new"


def test_data_without_a_name_are_offered_again_after_a_creation_that_failed() -> None:
    adoption.offer({}, ["nameless"])
    assert taken(*PLACE) == "nameless"
    assert adoption.offer_again("nameless")
    assert taken(*PLACE) == "nameless"
