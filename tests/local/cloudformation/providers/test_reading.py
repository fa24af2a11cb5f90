"""Resources are read back as they were made; what is changed or deleted at a service is noticed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.execution.drift import is_gone
from accountsctl.localcloud.cloudformation.planning.property_differences import property_differences
from accountsctl.localcloud.cloudformation.providers import PROVIDERS
from accountsctl.localcloud.cloudformation.providers.base import ProvidedResource, ProviderError
from accountsctl.localcloud.cloudformation.providers.reading import Readable
from tests.local.cloudformation.providers.conftest import Bench
from tests.local.cloudformation.providers.read_apis import APIS
from tests.local.cloudformation.providers.read_case import ReadCase
from tests.local.cloudformation.providers.read_functions import FUNCTIONS
from tests.local.cloudformation.providers.read_storage import STORAGE


def read(bench: Bench, case: ReadCase, made: ProvidedResource, properties: Mapping[str, Any]) -> list[str]:
    """The paths of the properties that differ."""
    provider: object = PROVIDERS[case.type]
    assert isinstance(provider, Readable)
    actual = provider.read(bench.context(), made.physical_id, properties)
    return [each["PropertyPath"] for each in property_differences(properties, actual)]


@pytest.fixture(params=[*FUNCTIONS, *APIS, *STORAGE], ids=lambda case: case.type)
def case(request: pytest.FixtureRequest) -> ReadCase:
    chosen: ReadCase = request.param
    return chosen


def test_what_was_made_is_in_sync(bench: Bench, case: ReadCase) -> None:
    properties = {**case.properties, **case.needs(bench)}
    made = bench.create(case.type, properties)

    assert read(bench, case, made, properties) == []


def test_a_change_at_the_service_is_found_in_its_property(bench: Bench, case: ReadCase) -> None:
    properties = {**case.properties, **case.needs(bench)}
    made = bench.create(case.type, properties)
    if case.change is None:
        pytest.skip("the services that we run against have no call that changes it")
    case.change(bench, made, properties)

    assert read(bench, case, made, properties) == list(case.paths)


def test_what_was_deleted_is_not_found(bench: Bench, case: ReadCase) -> None:
    properties = {**case.properties, **case.needs(bench)}
    made = bench.create(case.type, properties)
    PROVIDERS[case.type].delete(bench.context(), made.physical_id, properties)

    with pytest.raises((ClientError, ProviderError)) as refused:
        read(bench, case, made, properties)
    assert is_gone(refused.value)
