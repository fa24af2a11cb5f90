"""What we fix in moto's S3: bucket policies with conditions, CloudFormation's tags, and the tags of what was deleted.

moto takes a statement's Condition for always fulfilled, so the policy that every linter demands, "deny
whatever does not come over TLS", denies everything. It also never forgets the tags of a deleted object or bucket, and
has an entry for objects without tags too: each push would make the state larger, and a bucket that is created again
would have the tags of the first one.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from xml.etree import ElementTree

from accountsctl.localcloud.contracts.dispatch import INTERNAL
from accountsctl.localcloud.contracts.lookups import PolicyDocument
from accountsctl.localcloud.contracts.tag_keys import is_reserved
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.iam.access_control import PermissionResult
    from moto.s3.models import FakeBucket, S3Backend
    from moto.s3.responses import S3Response

Result = TypeVar("Result")
S3_XML = "http://s3.amazonaws.com/doc/2006-03-01/"

# The loopback endpoint stands for AWS's own, which is reached over TLS.
_FACTS: Mapping[str, str] = {"aws:securetransport": "true"}
_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "bool": lambda fact, value: fact == value.lower(),
    "stringequals": lambda fact, value: fact == value,
    "stringnotequals": lambda fact, value: fact != value,
}


def install() -> None:
    """Make moto leave out the statements whose condition does not hold, and forget tags with what had them."""
    moto = models("s3")
    wrap(moto.FakeBucket, "get_permission", _get_permission)
    wrap(moto.S3Backend, "delete_object", _delete_object)
    wrap(moto.S3Backend, "delete_bucket", _delete_bucket)
    wrap(moto.S3Backend, "put_bucket_tagging", _put_bucket_tagging)
    wrap(moto.S3Backend, "delete_bucket_tagging", _delete_bucket_tagging)
    wrap(importlib.import_module("moto.s3.responses").S3Response, "_bucket_tagging_from_body", _bucket_tags)


def _get_permission(
    original: Callable[..., PermissionResult], bucket: FakeBucket, action: str, resource: str
) -> PermissionResult:
    policy = bucket.policy
    if policy is None:
        return original(bucket, action, resource)
    bucket.policy = _in_force(policy)
    try:
        return original(bucket, action, resource)
    finally:
        bucket.policy = policy


def _in_force(policy: bytes) -> bytes:
    """The policy without the statements whose condition fails."""
    document = json.loads(policy)
    content = document.get("Statement", [])
    statements = content if isinstance(content, list) else [content]
    applicable = [statement for statement in statements if _holds(statement)]
    return json.dumps({**document, "Statement": applicable}).encode()


def _holds(statement: PolicyDocument) -> bool:
    """Whether no condition that we can judge fails; what we cannot judge counts as fulfilled, as in moto."""
    return not any(
        _fails(operator.lower(), key.lower(), required)
        for operator, tests in statement.get("Condition", {}).items()
        for key, required in tests.items()
    )


def _fails(operator: str, key: str, required: object) -> bool:
    if operator not in _TESTS or key not in _FACTS:
        return False
    values = required if isinstance(required, list) else [required]
    return not any(_TESTS[operator](_FACTS[key], str(value)) for value in values)


def _delete_object(
    original: Callable[..., Result],
    backend: S3Backend,
    bucket_name: str,
    key_name: str,
    *args: object,
    **named: object,
) -> Result:
    before = _arns(backend, bucket_name, key_name)
    deleted = original(backend, bucket_name, key_name, *args, **named)
    for arn in before - _arns(backend, bucket_name, key_name):
        backend.tagger.delete_all_tags_for_resource(arn)
    return deleted


def _arns(backend: S3Backend, bucket_name: str, key_name: str) -> set[str]:
    """Under what the tags of an object's versions are stored; a delete marker has none."""
    versions = backend.get_bucket(bucket_name).keys.getlist(key_name, default=[])
    return {version.arn for version in versions if isinstance(version, models("s3").FakeKey)}


def _delete_bucket(
    original: Callable[..., FakeBucket | None], backend: S3Backend, bucket_name: str
) -> FakeBucket | None:
    deleted = original(backend, bucket_name)
    if deleted is not None:
        backend.tagger.delete_all_tags_for_resource(deleted.arn)
    return deleted


def _bucket_tags(original: Callable[..., dict[str, str]], response: S3Response) -> dict[str, str]:
    """The tags that PutBucketTagging sends; only CloudFormation may send some of AWS's own."""
    if f"Credential={INTERNAL}/" not in response.headers.get("Authorization", ""):
        return original(response)
    root = ElementTree.fromstring(response.body)  # noqa: S314 - written by a part of the embedded cloud
    return {tag.findtext("{*}Key", ""): tag.findtext("{*}Value", "") for tag in root.iter(f"{{{S3_XML}}}Tag")}


def _put_bucket_tagging(
    original: Callable[..., None], backend: S3Backend, bucket_name: str, tags: dict[str, str]
) -> None:
    original(backend, bucket_name, {**_system_tags(backend, bucket_name), **tags})


def _delete_bucket_tagging(original: Callable[..., None], backend: S3Backend, bucket_name: str) -> None:
    kept = _system_tags(backend, bucket_name)
    original(backend, bucket_name)
    if kept:
        backend.put_bucket_tagging(bucket_name, kept)


def _system_tags(backend: S3Backend, bucket_name: str) -> dict[str, str]:
    """The tags of a bucket that only AWS itself may set, change or remove."""
    tags = backend.get_bucket_tagging(bucket_name)["Tags"]
    return {tag["Key"]: tag["Value"] for tag in tags if is_reserved(tag["Key"])}
