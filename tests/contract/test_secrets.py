"""Where secrets are stored: SSM of the embedded cloud, and the fake."""

from __future__ import annotations

import pytest

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.secrets import ParameterStore
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError
from accountsctl.ports.secrets import SecretStore
from tests.contract.conftest import REGION
from tests.fakes.secrets import FakeSecrets

PLACES = [f"/accountsctl/shop-dev/hello/SECRET_{number}" for number in range(60)]


@pytest.fixture(params=["embedded", "fake"])
def store(request: pytest.FixtureRequest) -> SecretStore:
    return (
        ParameterStore(request.getfixturevalue("session")) if request.param == "embedded" else FakeSecrets()
    )


def test_what_is_stored_is_found_until_it_is_removed(store: SecretStore) -> None:
    store.put(PLACES[0], "one")
    store.put(PLACES[0], "two")
    assert store.stored(PLACES[:2]) == {PLACES[0]}
    assert store.remove(PLACES[0])
    assert not store.remove(PLACES[0])
    assert store.stored(PLACES[:2]) == frozenset()


def test_more_secrets_than_one_call_names_are_all_found(store: SecretStore) -> None:
    for place in PLACES:
        store.put(place, "value")
    assert store.stored(PLACES) == frozenset(PLACES)
    for place in PLACES:
        store.remove(place)


def test_a_value_is_a_secure_string(session: Session) -> None:
    ParameterStore(session).put(PLACES[0], "hidden")
    ssm = service_client(session, "ssm")
    found = ssm.get_parameter(Name=PLACES[0], WithDecryption=True)["Parameter"]
    assert (found.get("Type"), found.get("Value")) == ("SecureString", "hidden")
    assert "hidden" not in ssm.get_parameter(Name=PLACES[0])["Parameter"].get("Value", "").split(":")[:1]
    ParameterStore(session).remove(PLACES[0])


def test_a_store_that_cannot_be_reached_is_an_error() -> None:
    with pytest.raises(CloudError):
        ParameterStore(Session(REGION, endpoint="http://127.0.0.1:1")).put(PLACES[0], "value")
