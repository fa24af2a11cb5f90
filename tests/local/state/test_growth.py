"""What services remember of things that are gone does not make the state larger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from accountsctl.localcloud.moto_services import apps, s3, tokens
from accountsctl.localcloud.moto_services.tokens import KEPT_REFRESH_TOKENS
from accountsctl.localcloud.state.freezing import Freezer

REGION = "eu-west-1"
PLACE: Any = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
ROUNDS = 6


@pytest.fixture
def client() -> Iterator[Callable[[str], Any]]:
    """Clients of moto's services with our fixes, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        for name, value in {**apps.ENVIRONMENT, "AWS_SECRET_ACCESS_KEY": "b"}.items():
            patch.setenv(name, value)
        patch.setenv("AWS_ACCESS_KEY_ID", "a")
        apps.configure()
        s3.install()
        tokens.install()
        with mock_aws():
            yield lambda service: boto3.client(service, region_name=REGION)  # type: ignore[call-overload]


def size(scope: str) -> int:
    """Bytes of a service's part of the state."""
    parts = Freezer({scope: apps.backends(scope)}, None).freeze()
    return sum(len(part.content) for part in parts.values())


def replaced(client: Any, number: int) -> None:
    """An object is stored under a key of its own, and the one before it is deleted with its version and markers."""
    for key in (f"package-{number:04}", f"package-{number:04}-tagged"):
        tagged = {"Tagging": "a=1"} if key.endswith("tagged") else {}
        version = client.put_object(Bucket="artifacts", Key=key, Body=b"x", **tagged)["VersionId"]
        marker = client.delete_object(Bucket="artifacts", Key=key)["VersionId"]
        client.delete_objects(
            Bucket="artifacts",
            Delete={
                "Objects": [{"Key": key, "VersionId": version}, {"Key": key, "VersionId": marker}],
            },
        )


def overwritten_bucket(client: Any, number: int) -> None:
    name = f"bucket-{number:04}"
    client.create_bucket(Bucket=name, **PLACE)
    client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "a", "Value": "1"}]})
    client.put_object(Bucket=name, Key="a", Body=b"x")
    client.delete_object(Bucket=name, Key="a")
    client.delete_bucket(Bucket=name)


@pytest.mark.parametrize("use", [replaced, overwritten_bucket])
def test_objects_and_buckets_that_were_deleted_leave_nothing_behind(
    client: Callable[[str], Any], use: Callable[[Any, int], None]
) -> None:
    storage = client("s3")
    storage.create_bucket(Bucket="artifacts", **PLACE)
    storage.put_bucket_versioning(Bucket="artifacts", VersioningConfiguration={"Status": "Enabled"})
    for number in range(ROUNDS):
        use(storage, number)
    before = size("s3")
    for number in range(ROUNDS, 2 * ROUNDS):
        use(storage, number)
    assert abs(size("s3") - before) < 20


def test_the_tags_of_an_object_stay_until_its_own_version_is_deleted(client: Callable[[str], Any]) -> None:
    storage = client("s3")
    storage.create_bucket(Bucket="artifacts", **PLACE)
    storage.put_bucket_versioning(Bucket="artifacts", VersioningConfiguration={"Status": "Enabled"})
    first, second = (
        storage.put_object(Bucket="artifacts", Key="a", Body=b"x", Tagging=f"n={number}")["VersionId"]
        for number in (1, 2)
    )
    storage.delete_object(Bucket="artifacts", Key="a", VersionId=second)
    tags = storage.get_object_tagging(Bucket="artifacts", Key="a", VersionId=first)["TagSet"]
    assert tags == [{"Key": "n", "Value": "1"}]


def test_the_oldest_refresh_tokens_of_a_pool_are_forgotten(client: Callable[[str], Any]) -> None:
    pool_id = client("cognito-idp").create_user_pool(PoolName="users")["UserPool"]["Id"]
    (backend,) = [
        regions[REGION] for regions in apps.backends("cognito-idp").values() if REGION in dict(regions)
    ]
    pool = backend.user_pools[pool_id]
    made = [pool.create_refresh_token("client", "user")[0] for _ in range(KEPT_REFRESH_TOKENS + 5)]
    assert list(pool.refresh_tokens) == made[5:]
