from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers.base import ProviderError
from tests.local.cloudformation.providers.conftest import Bench

BUCKET = "AWS::S3::Bucket"
CONTRADICTION = {"Status": "Enabled", "ExpirationInDays": 1, "ExpiredObjectDeleteMarker": True}
ENCRYPTED = {
    "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
}


def test_a_bucket_is_named_after_its_stack_in_lower_case(bench: Bench) -> None:
    made = bench.create(BUCKET, {}, "Artifacts")
    assert made.physical_id == "demo-artifacts-abcdefghijkl"
    assert made.attributes["Arn"] == "arn:aws:s3:::demo-artifacts-abcdefghijkl"
    assert made.attributes["RegionalDomainName"].endswith(".s3.eu-central-1.amazonaws.com")


def test_a_bucket_gets_its_settings_and_an_update_changes_them(bench: Bench) -> None:
    old = {
        "BucketName": "kept",
        "BucketEncryption": ENCRYPTED,
        "VersioningConfiguration": {"Status": "Enabled"},
        "PublicAccessBlockConfiguration": {"BlockPublicAcls": True},
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "LifecycleConfiguration": {
            "Rules": [
                {"Id": "old", "Status": "Enabled", "NoncurrentVersionExpiration": {"NoncurrentDays": 30}}
            ]
        },
        "Tags": [{"Key": "a", "Value": "b"}],
    }
    made = bench.create(BUCKET, old)
    client = bench.client("s3")
    rules = client.get_bucket_lifecycle_configuration(Bucket="kept")["Rules"]
    assert rules[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
    assert client.get_bucket_versioning(Bucket="kept")["Status"] == "Enabled"
    tags = {t["Key"]: t["Value"] for t in client.get_bucket_tagging(Bucket="kept")["TagSet"]}
    assert tags == {"a": "b", "team": "accounts"}

    new = {"BucketName": "kept", "BucketEncryption": ENCRYPTED}
    bench.update(BUCKET, made, old, new)
    assert client.get_bucket_versioning(Bucket="kept")["Status"] == "Suspended"
    with pytest.raises(ClientError, match="NoSuchLifecycleConfiguration"):
        client.get_bucket_lifecycle_configuration(Bucket="kept")
    bench.delete(BUCKET, made, new)


def test_a_bucket_that_exists_is_not_taken_over(bench: Bench) -> None:
    bench.create(BUCKET, {"BucketName": "taken"})
    with pytest.raises(ProviderError, match="taken already exists") as refusal:
        bench.create(BUCKET, {"BucketName": "taken"})
    assert refusal.value.code == "AlreadyExists"


def test_a_bucket_that_holds_objects_is_not_deleted(bench: Bench) -> None:
    made = bench.create(BUCKET, {"BucketName": "full"})
    bench.client("s3").put_object(Bucket="full", Key="k", Body=b"v")
    with pytest.raises(ClientError, match="BucketNotEmpty"):
        bench.delete(BUCKET, made, {})


def test_a_bucket_that_fails_half_way_leaves_nothing(bench: Bench) -> None:
    with pytest.raises(ClientError):
        bench.create(BUCKET, {"BucketName": "half", "LifecycleConfiguration": {"Rules": [CONTRADICTION]}})
    assert bench.client("s3").list_buckets()["Buckets"] == []


def test_what_is_not_supported_is_refused_by_name(bench: Bench) -> None:
    with pytest.raises(ProviderError, match="ReplicationConfiguration"):
        bench.create(BUCKET, {"ReplicationConfiguration": {}})
    assert bench.client("s3").list_buckets()["Buckets"] == []


def test_a_bucket_policy_is_put_changed_and_taken_away(bench: Bench) -> None:
    bench.create(BUCKET, {"BucketName": "held"})
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}
    properties = {"Bucket": "held", "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
    made = bench.create("AWS::S3::BucketPolicy", properties)
    assert made.physical_id == "held"
    with pytest.raises(ProviderError, match="already exists"):
        bench.create("AWS::S3::BucketPolicy", properties)
    bench.update("AWS::S3::BucketPolicy", made, properties, properties)
    assert "Deny" in bench.client("s3").get_bucket_policy(Bucket="held")["Policy"]
    bench.delete("AWS::S3::BucketPolicy", made, properties)
