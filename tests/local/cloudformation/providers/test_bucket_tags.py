"""The tags by which CloudFormation marks a bucket of a stack stay, whatever a client sets or removes."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.local.cloudformation.providers.conftest import REGION, Bench

SYSTEM = {"aws:cloudformation:stack-name": "demo"}


def tags_of(bench: Bench) -> dict[str, str]:
    return {
        tag["Key"]: tag["Value"] for tag in bench.client("s3").get_bucket_tagging(Bucket="bucket")["TagSet"]
    }


def test_a_client_changes_its_own_tags_of_a_bucket_only(bench: Bench) -> None:
    bench.client("s3").create_bucket(
        Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION}
    )
    system = [{"Key": key, "Value": value} for key, value in SYSTEM.items()]
    bench.client("s3").put_bucket_tagging(Bucket="bucket", Tagging={"TagSet": system})
    client = boto3.client("s3", region_name=REGION)
    client.put_bucket_tagging(Bucket="bucket", Tagging={"TagSet": [{"Key": "own", "Value": "1"}]})
    assert tags_of(bench) == {**SYSTEM, "own": "1"}
    client.delete_bucket_tagging(Bucket="bucket")
    assert tags_of(bench) == SYSTEM
    with pytest.raises(ClientError, match="System tags cannot be added/updated by requester"):
        client.put_bucket_tagging(Bucket="bucket", Tagging={"TagSet": [{"Key": "aws:x", "Value": "1"}]})
