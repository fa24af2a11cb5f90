"""The deployment bucket over moto: what is in it goes, in every version, and what stays is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from accountsctl.adapters.aws.artifacts import S3Artifacts
from accountsctl.model.errors import CloudError

BUCKET = "shop-dev-deployment"


class Made:
    """What is a session to `S3Artifacts`: moto's S3."""

    account = "123456789012"

    def __init__(self) -> None:
        self.s3: Any = boto3.client("s3", "us-east-1", aws_access_key_id="a", aws_secret_access_key="a")

    def client(self, service: str) -> Any:
        assert service == "s3"
        return self.s3


class Paged(Made):
    """A session whose S3 lists three versions a page."""

    def __init__(self, made: Made) -> None:
        self.s3 = self
        self.delete_objects = made.s3.delete_objects
        self.paginator = made.s3.get_paginator("list_object_versions")

    def get_paginator(self, operation: str) -> Paged:
        assert operation == "list_object_versions"
        return self

    def paginate(self, **asked: Any) -> Any:
        return self.paginator.paginate(**asked, PaginationConfig={"PageSize": 3})


@pytest.fixture
def made() -> Iterator[Made]:
    with mock_aws():
        yield Made()


def test_a_bucket_is_emptied_of_every_version_and_every_marker(made: Made) -> None:
    made.s3.create_bucket(Bucket=BUCKET)
    made.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    port = S3Artifacts(Paged(made))  # type: ignore[arg-type]
    for number in range(10):
        made.s3.put_object(Bucket=BUCKET, Key=f"k{number}", Body=b"1")
    made.s3.put_object(Bucket=BUCKET, Key="k1", Body=b"2")
    made.s3.delete_object(Bucket=BUCKET, Key="k2")
    assert port.empty(BUCKET) == 12
    made.s3.delete_bucket(Bucket=BUCKET)


def test_a_bucket_that_is_gone_is_empty(made: Made) -> None:
    assert S3Artifacts(made).empty("nowhere-to-be-found") == 0  # type: ignore[arg-type]


def test_an_object_that_s3_keeps_is_an_error_though_the_answer_is_200(made: Made) -> None:
    made.s3.create_bucket(Bucket=BUCKET)
    made.s3.put_object(Bucket=BUCKET, Key="kept", Body=b"1")

    class Keeping:
        def __getattr__(self, name: str) -> Any:
            return getattr(made.s3, name)

        def delete_objects(self, **_: Any) -> dict[str, Any]:
            return {"Errors": [{"Key": "kept", "Code": "AccessDenied", "Message": "Access Denied"}]}

    keeping = Made()
    keeping.s3 = Keeping()
    with pytest.raises(CloudError, match="refused to delete kept") as refused:
        S3Artifacts(keeping).empty(BUCKET)  # type: ignore[arg-type]
    assert refused.value.code == "AccessDenied"
    assert "right" in refused.value.hint
