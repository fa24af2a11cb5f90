"""The deployment bucket over moto and in memory: every version in it is deleted, and what stays is reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import boto3
import pytest
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
