"""Reading buckets back: one call for each property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers.base import Context, Properties
from accountsctl.localcloud.cloudformation.providers.calls import GONE
from accountsctl.localcloud.cloudformation.providers.reading import Names, found

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class BucketRead:
    """The call that reads a property, the member of its response, and the API's names of what is in it."""

    operation: str
    member: str = ""
    names: Names | None = None


READS: Mapping[str, BucketRead] = {
    "BucketEncryption": BucketRead(
        "get_bucket_encryption",
        "ServerSideEncryptionConfiguration",
        {
            "ServerSideEncryptionConfiguration": "Rules",
            "ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault",
        },
    ),
    "CorsConfiguration": BucketRead(
        "get_bucket_cors", names={"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds"}
    ),
    "LifecycleConfiguration": BucketRead(
        "get_bucket_lifecycle_configuration",
        names={
            "Prefix": "Filter.Prefix",
            "ExpirationInDays": "Expiration.Days",
            "ExpiredObjectDeleteMarker": "Expiration.ExpiredObjectDeleteMarker",
            "NoncurrentVersionExpirationInDays": "NoncurrentVersionExpiration.NoncurrentDays",
            "TransitionInDays": "Days",
            "TransitionDate": "Date",
        },
    ),
    "LoggingConfiguration": BucketRead(
        "get_bucket_logging",
        names={
            "DestinationBucketName": "LoggingEnabled.TargetBucket",
            "LogFilePrefix": "LoggingEnabled.TargetPrefix",
        },
    ),
    "OwnershipControls": BucketRead("get_bucket_ownership_controls", "OwnershipControls"),
    "PublicAccessBlockConfiguration": BucketRead("get_public_access_block", "PublicAccessBlockConfiguration"),
    "VersioningConfiguration": BucketRead("get_bucket_versioning"),
    "WebsiteConfiguration": BucketRead(
        "get_bucket_website",
        names={"IndexDocument": "IndexDocument.Suffix", "ErrorDocument": "ErrorDocument.Key"},
    ),
}


def read_bucket(context: Context, physical_id: str, properties: Properties) -> Properties:
    """All but the access control list, which S3 reports as grants."""
    client = context.client("s3")
    client.head_bucket(Bucket=physical_id)
    actual = {
        name: _read(context, client, physical_id, READS[name], expected)
        for name, expected in properties.items()
        if name in READS
    }
    if "Tags" in properties:
        tags = _read(context, client, physical_id, BucketRead("get_bucket_tagging"), properties, "Tags")
        actual["Tags"] = tags
    return actual


def _read(
    context: Context, client: S3Client, bucket: str, read: BucketRead, expected: Properties, only: str = ""
) -> Any:
    """The property, None if the bucket has no such setting."""
    try:
        response = found(client, read.operation, Bucket=bucket)
    except ClientError as error:
        # The bucket exists, so what does not is the setting.
        if not GONE.search(error.response["Error"]["Code"]):
            raise
        return None
    structure = response.at(read.member) if read.member else response
    if only:
        return structure.properties(context, {only: expected[only]}, {only: "TagSet"})[only]
    return structure.properties(context, expected, read.names)


def read_bucket_policy(context: Context, physical_id: str, properties: Properties) -> Properties:
    policy = found(context.client("s3"), "get_bucket_policy", Bucket=physical_id)
    return policy.properties(context, properties, {"PolicyDocument": "Policy"})
