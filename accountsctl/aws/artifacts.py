"""The deployment bucket: content under the hash of itself, sent once."""

from __future__ import annotations

from accountsctl.aws.errors import translated
from accountsctl.aws.session import Session


class S3Artifacts:
    """`ports.Artifacts` over S3.

    Every call names the bucket's expected owner, so that a bucket of the same name in someone else's
    account (bucket sniping) gets nothing from us.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, bucket: str, key: str, content: bytes) -> bool:
        """Upload unless the key is there; True where it was sent."""
        s3, owner = self._session.client("s3"), self._session.account
        with translated(f"look for {key} in the bucket {bucket}"):
            listed = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1, ExpectedBucketOwner=owner)
        if any(each["Key"] == key for each in listed.get("Contents", ())):
            return False
        with translated(f"upload {key} to the bucket {bucket}"):
            s3.put_object(Bucket=bucket, Key=key, Body=content, ExpectedBucketOwner=owner)
        return True

    def empty(self, bucket: str) -> int:
        """Delete every version of every object, a page at a time."""
        s3, owner, count = self._session.client("s3"), self._session.account, 0
        with translated(f"empty the bucket {bucket}"):
            for page in s3.get_paginator("list_object_versions").paginate(
                Bucket=bucket, ExpectedBucketOwner=owner
            ):
                found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
                if objects:
                    s3.delete_objects(
                        Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, ExpectedBucketOwner=owner
                    )
                count += len(objects)
        return count
