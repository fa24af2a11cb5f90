"""Which database a `db` command uses, on the sample of the fakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from accountsctl.adapters.project_files.store import FileProjects
from accountsctl.commands.database.choose import (
    database_address,
    database_id,
    database_source,
)
from accountsctl.model.errors import CloudError, Fault, ProjectError, UsageError
from accountsctl.model.names import ResourceId
from accountsctl.ports.database import DatabaseAddress
from accountsctl.ports.projects import Reading

SAMPLE = Path(__file__).parents[4]
CLUSTER = ResourceId("rds", "accountsCluster")
OUTPUTS = {"rds/accountsCluster": {"Arn": "arn:c", "SecretArn": "arn:s", "DatabaseName": "accounts"}}


@pytest.fixture(scope="module")
def reading() -> Reading:
    return FileProjects(SAMPLE).read("dev")


@pytest.mark.parametrize("name", [None, "accountsCluster", "rds/accountsCluster"])
def test_the_only_database_needs_no_name(reading: Reading, name: str | None) -> None:
    assert database_id(reading.project, name) == CLUSTER
    assert database_source(reading, name).id == CLUSTER


def test_an_unknown_name_lists_the_existing_ones(reading: Reading) -> None:
    with pytest.raises(UsageError, match="no database other") as caught:
        database_id(reading.project, "other")
    assert "accountsCluster" in caught.value.why


def test_a_project_with_faults_has_no_schema_to_apply(reading: Reading) -> None:
    broken = Reading(reading.project, (Fault("backend-config.json", 1, "broken"),), frozenset())
    with pytest.raises(ProjectError):
        database_source(broken, None)


def test_a_deployed_database_has_an_address(reading: Reading) -> None:
    address = database_address(reading.project, OUTPUTS, None)
    assert address == DatabaseAddress("arn:c", "arn:s", "accounts")


def test_a_database_that_is_not_deployed_is_an_error_that_says_so(reading: Reading) -> None:
    with pytest.raises(CloudError, match="is not deployed in dev"):
        database_address(reading.project, {}, None)
