"""What a call to S3 needs: the method, the key, and what stands in the query say which operation it is.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
"""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, unquote

from accountsctl.localcloud.contracts.lookups import PARTITION
from accountsctl.localcloud.contracts.messages import Request
from accountsctl.localcloud.rights.need import NO_RESOURCE, Need

_KEY = re.compile(r"<Key>([^<]*)</Key>")
_OF_OBJECT = {
    "GET": "GetObject",
    "HEAD": "GetObject",
    "PUT": "PutObject",
    "POST": "PutObject",
    "DELETE": "DeleteObject",
}
_OF_BUCKET = {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}
_PARTS = {
    "acl": "Acl",
    "tagging": "Tagging",
    "legal-hold": "LegalHold",
    "retention": "Retention",
    "attributes": "Attributes",
}
_OF_VERSIONS = ("", "Acl", "Tagging", "Attributes")
"""The parts of an object that have an action of their own for a named version."""
_BUCKET_PARTS = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "analytics": "AnalyticsConfiguration",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "intelligent-tiering": "IntelligentTieringConfiguration",
    "inventory": "InventoryConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "location": "BucketLocation",
    "logging": "BucketLogging",
    "metrics": "MetricsConfiguration",
    "notification": "BucketNotification",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "policyStatus": "BucketPolicyStatus",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}


def needs(request: Request) -> list[Need]:
    """What the call needs on its bucket or its objects. Buckets come in the path, as they do at an address."""
    bucket, _, key = unquote(request.path.lstrip("/")).partition("/")
    if not bucket:
        return [Need("s3:ListAllMyBuckets", NO_RESOURCE)]
    arn = f"arn:{PARTITION}:s3:::{bucket}"
    query = parse_qs(request.query, keep_blank_values=True)
    if key:
        return _object(request, query, f"{arn}/{key}")
    if request.method == "POST" and "delete" in query:
        keys = _KEY.findall(request.body.decode("utf-8", "replace"))
        return [Need("s3:DeleteObject", f"{arn}/{html.unescape(name)}") for name in keys]
    return [Need(f"s3:{_bucket_action(request.method, query)}", arn)]


def _object(request: Request, query: dict[str, list[str]], arn: str) -> list[Need]:
    if "uploadId" in query and request.method in ("GET", "DELETE"):
        action = "ListMultipartUploadParts" if request.method == "GET" else "AbortMultipartUpload"
        return [Need(f"s3:{action}", arn)]
    if request.method == "POST" and "restore" in query:
        return [Need("s3:RestoreObject", arn)]
    if request.method == "POST" and "select" in query:
        return [Need("s3:GetObject", arn)]
    action = _OF_OBJECT.get(request.method, "GetObject")
    part = next((name for key, name in _PARTS.items() if key in query), "")
    versioned = "Version" if "versionId" in query and part in _OF_VERSIONS else ""
    found = [Need(f"s3:{action}{versioned}{part}", arn)]
    source = unquote(request.header("x-amz-copy-source") or "").partition("?")[0].lstrip("/")
    return [*found, Need("s3:GetObject", f"arn:{PARTITION}:s3:::{source}")] if source else found


def _bucket_action(method: str, query: dict[str, list[str]]) -> str:
    if "versions" in query:
        return "ListBucketVersions"
    if "uploads" in query:
        return "ListBucketMultipartUploads"
    part = next((name for key, name in _BUCKET_PARTS.items() if key in query), None)
    if part is None:
        return _OF_BUCKET.get(method, "PutObject")
    if method == "DELETE":
        # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketCors.html and its kin ask for Put...
        return f"{'Delete' if part in ('BucketPolicy', 'BucketWebsite') else 'Put'}{part}"
    return f"{'Get' if method in ('GET', 'HEAD') else 'Put'}{part}"
