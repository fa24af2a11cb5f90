"""The deployment bucket: content under its own hash, sent once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from accountsctl.adapters.aws.clients import service_client
from accountsctl.adapters.aws.errors import HINTS, error_code, translated
from accountsctl.adapters.aws.session import Session
from accountsctl.model.errors import CloudError
from accountsctl.ports.artifacts import StoredObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import (
        DeleteMarkerEntryTypeDef,
        ObjectIdentifierTypeDef,
        ObjectVersionTypeDef,
    )

    Version = ObjectVersionTypeDef | DeleteMarkerEntryTypeDef

GONE = frozenset({"404", "NoSuchKey", "NoSuchBucket"})
OWNER = "accountsctl-stack"
"""The object's metadata that names the stack for which it was stored."""
AT_ONCE = 1000
"""Versions of objects that one DeleteObjects takes."""


class S3Artifacts:
    """`ports.Artifacts` over S3.

    Every call names the bucket's expected owner, so that a bucket of the same name in someone else's
    account (bucket sniping) receives nothing.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(
        self,
        bucket: str,
        key: str,
        content: bytes | Callable[[], bytes],
        *,
        owner: str = "",
        renew: bool = False,
    ) -> bool:
        """Upload unless the key exists; return whether it was sent. A callable is called only if it is."""
        s3, account = service_client(self._session, "s3"), self._session.account
        with translated(f"look for {key} in the bucket {bucket}"):
            objects = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1, ExpectedBucketOwner=account)
        exists = any(item["Key"] == key for item in objects.get("Contents", ()))
        if exists and not (renew and not _renewed(s3, bucket, key, account, owner)):
            return False
        body = content if isinstance(content, bytes) else content()
        with translated(f"upload {key} to the bucket {bucket}"):
            # With its SHA-256, which is that of Lambda's CodeSha256, so that `digest` need not read the object.
            s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=body,
                ExpectedBucketOwner=account,
                ChecksumAlgorithm="SHA256",
                Metadata=_metadata(owner),
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
                if error_code(error) in GONE:
                    return None
                raise
        return base64.b64encode(digest.digest()).decode()

    def stored(self, bucket: str) -> Sequence[StoredObject]:
        """ListObjectVersions; an object whose last version is a delete marker is not there."""
        s3, owner = service_client(self._session, "s3"), self._session.account
        modified: dict[str, datetime] = {}
        versions: dict[str, list[str]] = {}
        with translated(f"list the objects of the bucket {bucket}"):
            pages = s3.get_paginator("list_object_versions").paginate(
                Bucket=bucket, ExpectedBucketOwner=owner
            )
            for page in pages:
                for version in page.get("Versions", ()):
                    if version["IsLatest"]:
                        modified[version["Key"]] = version["LastModified"]
                for entry in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    versions.setdefault(entry["Key"], []).append(entry["VersionId"])
        return [StoredObject(key, moment, tuple(versions[key])) for key, moment in modified.items()]

    def belongs_to(self, bucket: str, stored: StoredObject, owner: str) -> bool:
        """HeadObject: the owner is in the object's metadata."""
        s3, account = service_client(self._session, "s3"), self._session.account
        with translated(f"look at {stored.key} in the bucket {bucket}"):
            try:
                found = s3.head_object(Bucket=bucket, Key=stored.key, ExpectedBucketOwner=account)
            except ClientError as error:
                if error_code(error) in GONE:
                    return False
                raise
        # S3 lists milliseconds that the header of a single object lacks. What no S3 said may lack it altogether.
        modified = found.get("LastModified")
        same = modified is not None and modified.replace(microsecond=0) == stored.modified.replace(
            microsecond=0
        )
        return same and found.get("Metadata", {}).get(OWNER) == owner

    def delete(self, bucket: str, objects: Sequence[StoredObject]) -> int:
        """DeleteObjects by version: one that was stored since they were listed stays."""
        s3, owner = service_client(self._session, "s3"), self._session.account
        entries: list[ObjectIdentifierTypeDef] = [
            {"Key": stored.key, "VersionId": version} for stored in objects for version in stored.versions
        ]
        with translated(f"delete old artifacts of the bucket {bucket}"):
            for start in range(0, len(entries), AT_ONCE):
                _delete(s3, bucket, owner, entries[start : start + AT_ONCE])
        return len(objects)

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
                    listed: Sequence[Version] = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                    count += _delete(
                        s3,
                        bucket,
                        owner,
                        [{"Key": version["Key"], "VersionId": version["VersionId"]} for version in listed],
                    )
            except ClientError as error:
                if error_code(error) != "NoSuchBucket":
                    raise
        return count


def _metadata(owner: str) -> dict[str, str]:
    return {OWNER: owner} if owner else {}


def _renewed(s3: S3Client, bucket: str, key: str, account: str, owner: str) -> bool:
    """Copy an object onto itself, which dates it now; False if it is gone meanwhile, or may not be copied."""
    try:
        s3.copy_object(
            Bucket=bucket,
            Key=key,
            CopySource={"Bucket": bucket, "Key": key},
            MetadataDirective="REPLACE",
            Metadata=_metadata(owner),
            ChecksumAlgorithm="SHA256",
            ExpectedBucketOwner=account,
            ExpectedSourceBucketOwner=account,
        )
    except ClientError:
        return False
    return True


def _delete(s3: S3Client, bucket: str, owner: str, objects: Sequence[ObjectIdentifierTypeDef]) -> int:
    """Delete versions of objects; CloudError for the first that S3 keeps, which its response of 200 only lists."""
    if not objects:
        return 0
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
