"""The deployment bucket over moto and in memory: every version in it is deleted, and what stays is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from accountsctl.adapters.aws.artifacts import S3Artifacts
from accountsctl.model.errors import CloudError
from accountsctl.ports.artifacts import Artifacts
from tests.fakes.stacks import BUCKET, FakeArtifacts, sha256

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class MotoSession:
    """What `S3Artifacts` uses of a session: moto's S3."""

    account = "123456789012"

    def __init__(self) -> None:
        self.s3: S3Client = boto3.client("s3", "us-east-1", aws_access_key_id="a", aws_secret_access_key="a")

    def client(self, service: str) -> S3Client:
        assert service == "s3"
        return self.s3


class PagedSession(MotoSession):
    """A session whose S3 lists three versions a page."""

    def client(self, service: str) -> S3Client:
        return PagedClient(self.s3)  # type: ignore[return-value]


class PagedClient:
    """As much of S3 as it takes to empty a bucket."""

    def __init__(self, s3: S3Client) -> None:
        self.delete_objects = s3.delete_objects
        self.paginator = s3.get_paginator("list_object_versions")

    def get_paginator(self, operation: str) -> PagedClient:
        assert operation == "list_object_versions"
        return self

    def paginate(self, Bucket: str, ExpectedBucketOwner: str) -> object:
        return self.paginator.paginate(
            Bucket=Bucket, ExpectedBucketOwner=ExpectedBucketOwner, PaginationConfig={"PageSize": 3}
        )


class KeepingSession(MotoSession):
    """A session whose S3 deletes nothing: its response of 200 lists each object as an error."""

    def client(self, service: str) -> S3Client:
        return KeepingClient(self.s3)  # type: ignore[return-value]


class KeepingClient:
    """As much of S3 as it takes to empty a bucket."""

    def __init__(self, s3: S3Client) -> None:
        self.get_paginator = s3.get_paginator

    def delete_objects(self, **_: object) -> Mapping[str, object]:
        return {"Errors": [{"Key": "kept", "Code": "AccessDenied", "Message": "Access Denied"}]}


@pytest.fixture
def session() -> Iterator[MotoSession]:
    with mock_aws():
        made = MotoSession()
        made.s3.create_bucket(Bucket=BUCKET)
        yield made


@pytest.fixture(params=["moto", "fake"])
def artifacts(request: pytest.FixtureRequest) -> Artifacts:
    if request.param == "fake":
        return FakeArtifacts()
    return S3Artifacts(request.getfixturevalue("session"))


def test_what_exists_under_its_key_is_not_sent_again(artifacts: Artifacts) -> None:
    assert artifacts.put(BUCKET, "functions/work.zip", b"1")
    assert not artifacts.put(BUCKET, "functions/work.zip", b"1")
    assert not artifacts.put(BUCKET, "functions/work.zip", lambda: pytest.fail("it is not needed"))
    assert artifacts.put(BUCKET, "functions/other.zip", lambda: b"1")
    assert artifacts.put(BUCKET, "functions/work.zip.sha256", b"2")


def test_a_key_that_only_begins_like_another_is_sent(artifacts: Artifacts) -> None:
    assert artifacts.put(BUCKET, "root.json.old", b"1")
    assert artifacts.put(BUCKET, "root.json", b"1")


def test_the_digest_is_the_sha_256_of_the_content(artifacts: Artifacts) -> None:
    artifacts.put(BUCKET, "functions/work.zip", b"1")
    assert artifacts.digest(BUCKET, "functions/work.zip") == sha256(b"1")
    assert artifacts.digest(BUCKET, "functions/work") is None


def test_the_digest_of_what_was_uploaded_without_one_is_read_from_the_content(session: MotoSession) -> None:
    session.s3.put_object(Bucket=BUCKET, Key="old.zip", Body=b"1")
    assert S3Artifacts(session).digest(BUCKET, "old.zip") == sha256(b"1")  # type: ignore[arg-type]


def test_emptying_a_bucket_counts_what_was_in_it(artifacts: Artifacts) -> None:
    artifacts.put(BUCKET, "a", b"1")
    artifacts.put(BUCKET, "b", b"2")

    assert artifacts.empty(BUCKET) == 2
    assert artifacts.empty(BUCKET) == 0
    assert artifacts.put(BUCKET, "a", b"1")


def test_a_bucket_is_emptied_of_every_version_and_every_marker(session: MotoSession) -> None:
    s3 = session.s3
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    for number in range(10):
        s3.put_object(Bucket=BUCKET, Key=f"k{number}", Body=b"1")
    s3.put_object(Bucket=BUCKET, Key="k1", Body=b"2")
    s3.delete_object(Bucket=BUCKET, Key="k2")
    paged = PagedSession()
    assert S3Artifacts(paged).empty(BUCKET) == 12  # type: ignore[arg-type]
    s3.delete_bucket(Bucket=BUCKET)


def test_a_bucket_that_is_gone_is_empty(session: MotoSession) -> None:
    assert S3Artifacts(session).empty("nowhere-to-be-found") == 0  # type: ignore[arg-type]


def test_an_object_that_s3_keeps_is_an_error_though_the_response_is_200(session: MotoSession) -> None:
    session.s3.put_object(Bucket=BUCKET, Key="kept", Body=b"1")
    keeping = KeepingSession()
    with pytest.raises(CloudError, match="refused to delete kept") as refused:
        S3Artifacts(keeping).empty(BUCKET)  # type: ignore[arg-type]
    assert refused.value.code == "AccessDenied"
    assert "right" in refused.value.hint


def test_what_is_stored_is_listed_with_its_owner(artifacts: Artifacts) -> None:
    artifacts.put(BUCKET, "a", b"1", owner="accounts-dev")
    artifacts.put(BUCKET, "b", b"2")

    assert sorted(stored.key for stored in artifacts.stored(BUCKET)) == ["a", "b"]
    owned = {
        stored.key: artifacts.belongs_to(BUCKET, stored, "accounts-dev")
        for stored in artifacts.stored(BUCKET)
    }
    assert owned == {"a": True, "b": False}
    assert not any(
        artifacts.belongs_to(BUCKET, stored, "accounts-prod") for stored in artifacts.stored(BUCKET)
    )


def test_only_the_listed_objects_are_deleted(artifacts: Artifacts) -> None:
    for key in ("a", "b", "c"):
        artifacts.put(BUCKET, key, b"1")
    listed = [stored for stored in artifacts.stored(BUCKET) if stored.key != "b"]

    assert artifacts.delete(BUCKET, listed) == 2
    assert [stored.key for stored in artifacts.stored(BUCKET)] == ["b"]
    assert not any(artifacts.belongs_to(BUCKET, stored, "") for stored in listed)


def test_an_object_that_is_renewed_is_not_sent_and_keeps_its_content(artifacts: Artifacts) -> None:
    artifacts.put(BUCKET, "a", b"1")
    assert not artifacts.put(BUCKET, "a", lambda: pytest.fail("it is not needed"), owner="shop", renew=True)
    (stored,) = artifacts.stored(BUCKET)
    assert artifacts.digest(BUCKET, "a") == sha256(b"1")
    assert artifacts.belongs_to(BUCKET, stored, "shop")


def test_an_object_that_does_not_exist_is_sent_though_it_is_to_be_renewed(artifacts: Artifacts) -> None:
    assert artifacts.put(BUCKET, "a", b"1", renew=True)
    assert artifacts.digest(BUCKET, "a") == sha256(b"1")


@pytest.fixture
def versioned(session: MotoSession) -> MotoSession:
    session.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    return session


def test_in_a_bucket_with_versions_all_versions_go_and_no_marker_is_left(versioned: MotoSession) -> None:
    artifacts = S3Artifacts(versioned)  # type: ignore[arg-type]
    artifacts.put(BUCKET, "a", b"1")
    artifacts.put(BUCKET, "a", b"1", renew=True)
    (stored,) = artifacts.stored(BUCKET)
    assert len(stored.versions) == 2

    assert artifacts.delete(BUCKET, [stored]) == 1
    assert not {"Versions", "DeleteMarkers"} & versioned.s3.list_object_versions(Bucket=BUCKET).keys()


def test_a_version_that_another_push_stores_meanwhile_stays(versioned: MotoSession) -> None:
    artifacts: Artifacts = S3Artifacts(versioned)  # type: ignore[arg-type]
    artifacts.put(BUCKET, "a", b"1")
    listed = artifacts.stored(BUCKET)
    artifacts.put(BUCKET, "a", b"1", renew=True)

    artifacts.delete(BUCKET, listed)
    assert artifacts.digest(BUCKET, "a") == sha256(b"1")


def test_an_object_that_someone_deleted_is_not_listed(versioned: MotoSession) -> None:
    artifacts = S3Artifacts(versioned)  # type: ignore[arg-type]
    artifacts.put(BUCKET, "a", b"1", owner="shop")
    listed = artifacts.stored(BUCKET)
    versioned.s3.delete_object(Bucket=BUCKET, Key="a")

    assert not artifacts.stored(BUCKET)
    assert not any(artifacts.belongs_to(BUCKET, stored, "shop") for stored in listed)


def test_an_object_that_was_stored_again_later_belongs_to_whoever_needs_it_now(session: MotoSession) -> None:
    artifacts = S3Artifacts(session)  # type: ignore[arg-type]
    artifacts.put(BUCKET, "a", b"1", owner="shop")
    (listed,) = artifacts.stored(BUCKET)
    before = replace(listed, modified=listed.modified - timedelta(seconds=5))
    assert artifacts.belongs_to(BUCKET, listed, "shop")
    assert not artifacts.belongs_to(BUCKET, before, "shop")


def test_what_may_not_be_copied_is_sent_again(session: MotoSession) -> None:
    artifacts = S3Artifacts(CopyRefusingSession(session))  # type: ignore[arg-type]
    assert artifacts.put(BUCKET, "a", b"1")
    assert artifacts.put(BUCKET, "a", b"1", owner="shop", renew=True)


class CopyRefusingSession(MotoSession):
    """A session whose S3 refuses to copy."""

    def __init__(self, session: MotoSession) -> None:
        self.s3 = session.s3
        self.s3.meta.events.register("before-call.s3.CopyObject", self._refuse)

    def _refuse(self, **_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "CopyObject")
