"""ECR holds no repositories, says so, and takes none."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import ServiceClients


def test_there_are_no_repositories_and_none_can_be_made(client: ServiceClients) -> None:
    registry = client("ecr")
    assert registry.describe_repositories()["repositories"] == []
    with pytest.raises(registry.exceptions.RepositoryNotFoundException, match="'mine' does not exist"):
        registry.describe_repositories(repositoryNames=["mine"])
    with pytest.raises(ClientError, match="does not imitate CreateRepository of ECR"):
        registry.create_repository(repositoryName="mine")
