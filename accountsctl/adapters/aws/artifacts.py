"""The deployment bucket: content under the hash of itself, sent once."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.errors import HINTS, error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError


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
        """Delete every version of every object; 0 where the bucket is gone.

        All pages are read before the first deletion: the mark of the next page is a version of this one.
        """
        s3, owner, count = self._session.client("s3"), self._session.account, 0
        with translated(f"empty the bucket {bucket}"):
            try:
                pages = s3.get_paginator("list_object_versions").paginate(
                    Bucket=bucket, ExpectedBucketOwner=owner
                )
                for page in list(pages):
                    found = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                    count += _delete(s3, bucket, owner, found)
            except ClientError as error:
                if error_code(error) != "NoSuchBucket":
                    raise
        return count


def _delete(s3: Any, bucket: str, owner: str, found: list[Any]) -> int:
    """Delete versions of objects; CloudError for the first that S3 keeps, which its answer of 200 only mentions."""
    if not found:
        return 0
    objects = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
    answer = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, ExpectedBucketOwner=owner
    )
    for refused in answer.get("Errors", ()):
        code = refused.get("Code", "")
        raise CloudError(
            f"AWS refused to delete {refused['Key']} from the bucket {bucket}.",
            why=f"{refused.get('Message') or 'It gave no reason.'} ({code}, DeleteObjects)",
            hint=HINTS.get(code, "Delete it by hand, then try again."),
            code=code,
        )
    return len(objects)
