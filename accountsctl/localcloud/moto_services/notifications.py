"""What we fix in moto's S3: bucket notifications reach functions, queues and topics, with S3's own content.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import importlib
import json
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from accountsctl.localcloud.contracts.lookups import ACCOUNT
from accountsctl.localcloud.moto_services import buses, deliveries
from accountsctl.localcloud.moto_services.apps import models
from accountsctl.localcloud.moto_services.patching import wrap

if TYPE_CHECKING:
    from moto.s3.models import FakeBucket, FakeDeleteMarker, FakeKey, Notification, S3Backend

SERVICE = "s3.amazonaws.com"
_tagging: ContextVar[bool] = ContextVar("tagging", default=False)
"""Whether the call under way is PutObjectTagging."""
SENT = ("s3:ObjectCreated:", "s3:ObjectRemoved:", "s3:ObjectTagging:", "s3:ObjectAcl:")
"""The events that happen here. Others would be configured and never sent."""

REASONS = {
    "Put": "PutObject",
    "Post": "POST Object",
    "Copy": "CopyObject",
    "CompleteMultipartUpload": "CompleteMultipartUpload",
}
DETAIL_TYPES = {
    "ObjectCreated": "Object Created",
    "ObjectRemoved": "Object Deleted",
    "ObjectTagging:Put": "Object Tags Added",
    "ObjectTagging:Delete": "Object Tags Deleted",
    "ObjectAcl": "Object ACL Updated",
}


def install() -> None:
    """Fix moto.s3. Once per process."""
    moto = models("s3")
    module: Any = importlib.import_module("moto.s3.notifications")
    module.send_event = _send_event
    module.send_test_event = _send_test_event
    wrap(moto.S3Backend, "put_bucket_notification_configuration", _put)
    wrap(moto.S3Backend, "_set_delete_marker", _set_delete_marker)
    wrap(moto.S3Backend, "put_object_tagging", _put_object_tagging)
    wrap(importlib.import_module("moto.s3.responses").S3Response, "put_object_tagging", _tag)


def _put(
    original: Callable[..., None], backend: S3Backend, bucket_name: str, configuration: Mapping[str, Any]
) -> None:
    """Refuse what S3 refuses (a target that does not let it in), and what would never be sent."""
    bucket = backend.get_bucket(bucket_name)
    before = bucket.notification_configuration
    original(backend, bucket_name, configuration)
    faults = [fault for fault in (_fault(bucket, entry) for entry in _entries(bucket)) if fault]
    if faults:
        bucket.notification_configuration = before
        raise _invalid("; ".join(faults))
    _send_test_events(bucket)


def _fault(bucket: FakeBucket, entry: Notification) -> str:
    never = [event for event in entry.events if not event.startswith(SENT)]
    if never:
        return f"The embedded cloud does not send the events {', '.join(never)}"
    refusal = deliveries.refuses(SERVICE, bucket.arn, entry.arn)
    return f"Unable to validate the following destination configurations: {refusal}" if refusal else ""


def _entries(bucket: FakeBucket) -> list[Notification]:
    configuration = bucket.notification_configuration
    if configuration is None:
        return []
    return [*configuration.cloud_function, *configuration.queue, *configuration.topic]


def _tag(original: Callable[..., object], operation: object) -> object:
    """PutObjectTagging itself."""
    token = _tagging.set(True)
    try:
        return original(operation)
    finally:
        _tagging.reset(token)


def _put_object_tagging(
    original: Callable[..., FakeKey], backend: S3Backend, key: FakeKey, tags: Mapping[str, str] | None
) -> FakeKey:
    """moto reports tags for objects that are only written or copied: S3 reports those by their own event alone."""
    if _tagging.get():
        return original(backend, key, tags)
    bucket = backend.get_bucket(str(key.bucket_name))
    configuration, bucket.notification_configuration = bucket.notification_configuration, None
    try:
        return original(backend, key, tags)
    finally:
        bucket.notification_configuration = configuration


def _send_event(account_id: str, event_name: str, bucket: FakeBucket, key: FakeKey | None) -> None:
    """Hand an event to everyone who asked for it; the parameters are moto's."""
    del account_id
    if key is None:
        return
    name = str(getattr(event_name, "value", event_name))
    content: dict[str, Any] = {"key": quote_plus(key.name, safe="/")}
    if not name.startswith("s3:ObjectRemoved:"):
        content.update(size=key.size, eTag=key.etag.replace('"', ""))
    if bucket.is_versioned:
        content["versionId"] = str(key.version_id)
    _notify(bucket, name, key.name, content)


def _notify(bucket: FakeBucket, name: str, key: str, content: Mapping[str, Any]) -> None:
    configuration = bucket.notification_configuration
    if configuration is not None and configuration.event_bridge is not None:
        buses.publish(bucket.region_name, _bus_event(bucket, name, key, content))
    for entry in _entries(bucket):
        if entry._event_matches(name) and _selects(entry, key):
            text = json.dumps({"Records": [_record(name, bucket, content, entry.id)]})
            more = {"subject": "Amazon S3 Notification"} if ":sns:" in entry.arn else {}
            deliveries.deliver(SERVICE, bucket.arn, entry.arn, text, **more)


def _bus_event(bucket: FakeBucket, name: str, key: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html"""
    _, kind, reason = name.split(":")
    detail: dict[str, Any] = {
        "version": "0",
        "bucket": {"name": bucket.name},
        "object": {
            "key": key,
            **({"size": content["size"]} if "size" in content else {}),
            **({"etag": content["eTag"]} if "eTag" in content else {}),
            **({"version-id": content["versionId"]} if "versionId" in content else {}),
            "sequencer": secrets.token_hex(9).upper(),
        },
        "request-id": secrets.token_hex(8).upper(),
        "requester": ACCOUNT,
        "source-ip-address": "127.0.0.1",
    }
    if kind == "ObjectCreated":
        detail["reason"] = REASONS.get(reason, reason)
    elif kind == "ObjectRemoved":
        permanent = reason == "Delete"
        detail["reason"] = "DeleteObject"
        detail["deletion-type"] = "Permanently Deleted" if permanent else "Delete Marker Created"
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": DETAIL_TYPES.get(f"{kind}:{reason}", DETAIL_TYPES.get(kind, "")),
        "source": "aws.s3",
        "account": ACCOUNT,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": bucket.region_name,
        "resources": [bucket.arn],
        "detail": detail,
    }


def _selects(entry: Notification, key: str) -> bool:
    """Whether the filter lets the key through; S3 takes the names of its rules in any case."""
    rules = {rule["Name"].lower(): rule["Value"] for rule in _rules(entry)}
    return key.startswith(rules.get("prefix", "")) and key.endswith(rules.get("suffix", ""))


def _rules(entry: Notification) -> Iterator[Mapping[str, str]]:
    rules = (entry.filters.get("S3Key") or {}).get("FilterRule") or []
    yield from rules if isinstance(rules, list) else [rules]


def _record(
    name: str, bucket: FakeBucket, content: Mapping[str, Any], configuration_id: str
) -> dict[str, Any]:
    """One record; `content` is what it says of the object."""
    stamp = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region_name,
        "eventTime": stamp,
        "eventName": name.removeprefix("s3:"),
        "userIdentity": {"principalId": f"AWS:{ACCOUNT}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {
            "x-amz-request-id": secrets.token_hex(8).upper(),
            "x-amz-id-2": uuid.uuid4().hex,
        },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": configuration_id,
            "bucket": {
                "name": bucket.name,
                "ownerIdentity": {"principalId": ACCOUNT},
                "arn": bucket.arn,
            },
            "object": {**content, "sequencer": secrets.token_hex(9).upper()},
        },
    }


def _send_test_event(account_id: str, bucket: FakeBucket) -> None:
    """moto's own, sent before the targets are checked: see `_send_test_events`."""
    del account_id, bucket


def _send_test_events(bucket: FakeBucket) -> None:
    """What S3 sends to queues and topics when a configuration is set."""
    for arn in {entry.arn for entry in _entries(bucket) if ":lambda:" not in entry.arn}:
        content = {
            "Service": "Amazon S3",
            "Event": "s3:TestEvent",
            "Time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "Bucket": bucket.name,
            "RequestId": secrets.token_hex(8).upper(),
            "HostId": uuid.uuid4().hex,
        }
        more = {"subject": "Amazon S3 Notification"} if ":sns:" in arn else {}
        deliveries.deliver(SERVICE, bucket.arn, arn, json.dumps(content), **more)


def _set_delete_marker(
    original: Callable[..., FakeDeleteMarker], backend: S3Backend, bucket_name: str, key_name: str
) -> FakeDeleteMarker:
    """moto sends no event for an object of a versioned bucket that gets a delete marker."""
    marker = original(backend, bucket_name, key_name)
    content = {
        "key": quote_plus(key_name, safe="/"),
        "eTag": "d41d8cd98f00b204e9800998ecf8427e",  # of nothing
        "versionId": str(marker.version_id),
    }
    _notify(backend.get_bucket(bucket_name), "s3:ObjectRemoved:DeleteMarkerCreated", key_name, content)
    return marker


def _invalid(message: str) -> Exception:
    from moto.s3.exceptions import S3ClientError

    return S3ClientError("InvalidArgument", message)
