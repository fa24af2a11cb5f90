"""The accounts API that the tests of its contract speak to. They know it by HTTP alone, whatever answers."""

from __future__ import annotations

import pytest

from tests.local.accounts_api.client import AccountsApi
from tests.local.project import LocalProject


@pytest.fixture(scope="session")
def api(deployed: LocalProject) -> AccountsApi:
    """The sample's own API, which Python answers."""
    return AccountsApi.of(deployed)


@pytest.fixture
def empty(api: AccountsApi) -> AccountsApi:
    """The API with no account and no key in its tables."""
    api.sql("truncate accounts, idempotency_keys restart identity")
    return api
