"""The deployment bucket: content under its own hash, sent once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import HINTS, error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        DeleteMarkerEntryTypeDef,
        ObjectIdentifierTypeDef,
        ObjectVersionTypeDef,
    )

    Version = ObjectVersionTypeDef | DeleteMarkerEntryTypeDef


class S3Artifacts:
    """`ports.Artifacts` over S3.

    Every call names the bucket's expected owner, so that a bucket of the same name in someone else's
    account (bucket sniping) receives nothing.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, bucket: str, key: str, content: bytes | Callable[[], bytes]) -> bool:
        """Upload unless the key exists; return whether it was sent. A callable is called only if it is."""
        s3, owner = service_client(self._session, "s3"), self._session.account
        with translated(f"look for {key} in the bucket {bucket}"):
            objects = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1, ExpectedBucketOwner=owner)
        if any(item["Key"] == key for item in objects.get("Contents", ())):
            return False
        body = content if isinstance(content, bytes) else content()
        with translated(f"upload {key} to the bucket {bucket}"):
            # With its SHA-256, which is that of Lambda's CodeSha256, so that `digest` need not read the object.
            s3.put_object(
                Bucket=bucket, Key=key, Body=body, ExpectedBucketOwner=owner, ChecksumAlgorithm="SHA256"
            )
        return True

    def digest(self, bucket: str, key: str) -> str | None:
        """The base64 SHA-256 of an object, as S3 keeps it; of one that was uploaded without it, by its content."""
        s3, owner = service_client(self._session, "s3"), self._session.account
        with translated(f"look for {key} in the bucket {bucket}"):
            try:
                found = s3.head_object(
                    Bucket=bucket, Key=key, ExpectedBucketOwner=owner, ChecksumMode="ENABLED"
                )
                if found.get("ChecksumSHA256"):
                    return found["ChecksumSHA256"]
                body = s3.get_object(Bucket=bucket, Key=key, ExpectedBucketOwner=owner)["Body"]
                digest = hashlib.sha256()
                for chunk in body.iter_chunks(1 << 20):
                    digest.update(chunk)
            except ClientError as error:
                if error_code(error) in ("404", "NoSuchKey", "NoSuchBucket"):
                    return None
                raise
        return base64.b64encode(digest.digest()).decode()

    def empty(self, bucket: str) -> int:
        """Delete every version of every object; 0 if the bucket does not exist.

        All pages are read before the first deletion: the marker of the next page is a version of this page.
        """
        s3, owner, count = service_client(self._session, "s3"), self._session.account, 0
        with translated(f"empty the bucket {bucket}"):
            try:
                pages = s3.get_paginator("list_object_versions").paginate(
                    Bucket=bucket, ExpectedBucketOwner=owner
                )
                for page in list(pages):
                    versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                    count += _delete(s3, bucket, owner, versions)
            except ClientError as error:
                if error_code(error) != "NoSuchBucket":
                    raise
        return count


def _delete(s3: S3Client, bucket: str, owner: str, versions: Sequence[Version]) -> int:
    """Delete versions of objects; CloudError for the first that S3 keeps, which its response of 200 only lists."""
    if not versions:
        return 0
    objects: list[ObjectIdentifierTypeDef] = [
        {"Key": version["Key"], "VersionId": version["VersionId"]} for version in versions
    ]
    response = s3.delete_objects(
        Bucket=bucket, Delete={"Objects": objects, "Quiet": True}, ExpectedBucketOwner=owner
    )
    for error in response.get("Errors", ()):
        code = error.get("Code", "")
        raise CloudError(
            f"AWS refused to delete {error['Key']} from the bucket {bucket}.",
            why=f"{error.get('Message') or 'It gave no reason.'} ({code}, DeleteObjects)",
            hint=HINTS.get(code, "Delete it by hand, then try again."),
            code=code,
        )
    return len(objects)
