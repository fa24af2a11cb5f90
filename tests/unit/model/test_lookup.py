"""A resource as a user names it."""

from __future__ import annotations

import pytest

from accountsctl.model.errors import UsageError
from accountsctl.model.lookup import find_resource


def test_a_project_without_resources_says_how_to_add_one_and_not_to_choose_among_none() -> None:
    with pytest.raises(UsageError) as refused:
        find_resource("api/shop", [])
    assert refused.value.why == "The backend has none yet."
    assert "accountsctl add" in refused.value.hint
