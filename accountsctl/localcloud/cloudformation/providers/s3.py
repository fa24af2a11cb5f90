# ruff: noqa: ARG002 - the four verbs take what the protocol gives, needed or not
"""Amazon S3: buckets and their policies."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from accountsctl.localcloud.cloudformation.providers.base import (
    Context,
    Parameters,
    Properties,
    ProvidedResource,
    ProviderError,
)
from accountsctl.localcloud.cloudformation.providers.calls import (
    already_gone,
    chosen,
    refuse,
    tagged,
    truth,
    undone_by,
)
from accountsctl.localcloud.cloudformation.providers.s3_reading import read_bucket, read_bucket_policy
from accountsctl.localcloud.unsupported_properties import UNSUPPORTED_PROPERTIES

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UNSUPPORTED = UNSUPPORTED_PROPERTIES["AWS::S3::Bucket"]


@dataclass(frozen=True)
class Setting:
    """One property of a bucket that has API calls of its own."""

    put: str
    parameter: str
    convert: Callable[[Any], Any]
    delete: str | None = None
    default: Any = None


def _encryption(value: Properties) -> Parameters:
    rules = value.get("ServerSideEncryptionConfiguration", [])
    return {
        "Rules": [
            _renamed(rule, {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"})
            for rule in rules
        ]
    }


def _lifecycle(value: Properties) -> Parameters:
    return {"Rules": [_lifecycle_rule(rule) for rule in value["Rules"]]}


def _lifecycle_rule(rule: Properties) -> Parameters:
    refuse(rule, "TagFilters ObjectSizeGreaterThan ObjectSizeLessThan NoncurrentVersionTransition Transition")
    result: dict[str, Any] = {"Status": rule["Status"], "Filter": {"Prefix": rule.get("Prefix", "")}}
    if "Id" in rule:
        result["ID"] = rule["Id"]
    expiration = {
        **({"Days": int(rule["ExpirationInDays"])} if "ExpirationInDays" in rule else {}),
        **chosen(rule, "ExpiredObjectDeleteMarker"),
    }
    if expiration:
        result["Expiration"] = expiration
    if "NoncurrentVersionExpirationInDays" in rule:
        result["NoncurrentVersionExpiration"] = {
            "NoncurrentDays": int(rule["NoncurrentVersionExpirationInDays"])
        }
    if "Transitions" in rule:
        result["Transitions"] = [
            _renamed(item, {"TransitionInDays": "Days", "TransitionDate": "Date"})
            for item in rule["Transitions"]
        ]
    return {**result, **chosen(rule, "NoncurrentVersionExpiration AbortIncompleteMultipartUpload")}


def _cors(value: Properties) -> Parameters:
    names = {"ExposedHeaders": "ExposeHeaders", "MaxAge": "MaxAgeSeconds", "Id": "ID"}
    return {"CORSRules": [_renamed(rule, names) for rule in value["CorsRules"]]}


def _website(value: Properties) -> Parameters:
    refuse(value, "RoutingRules")
    result = chosen(value, "RedirectAllRequestsTo")
    if "IndexDocument" in value:
        result["IndexDocument"] = {"Suffix": value["IndexDocument"]}
    if "ErrorDocument" in value:
        result["ErrorDocument"] = {"Key": value["ErrorDocument"]}
    return result


def _logging(value: Properties) -> Parameters:
    if "DestinationBucketName" not in value:
        return {}
    target = {"TargetBucket": value["DestinationBucketName"], "TargetPrefix": value.get("LogFilePrefix", "")}
    return {"LoggingEnabled": target}


def _notifications(value: Properties) -> Parameters:
    """Each entry of a template has one event; each of the API has a list of them."""
    kinds = {
        "Lambda": ("Function", "LambdaFunctionArn"),
        "Queue": ("Queue", "QueueArn"),
        "Topic": ("Topic", "TopicArn"),
    }
    bridge = (value.get("EventBridgeConfiguration") or {}).get("EventBridgeEnabled", True)
    on = "EventBridgeConfiguration" in value and truth(bridge)
    result: Parameters = {"EventBridgeConfiguration": {}} if on else {}
    for kind, (name, api_name) in kinds.items():
        entries = [
            {api_name: entry[name], "Events": [entry["Event"]], **_key_filter(entry)}
            for entry in value.get(f"{kind}Configurations") or []
        ]
        if entries:
            result["LambdaFunctionConfigurations" if kind == "Lambda" else f"{kind}Configurations"] = entries
    return result


def _key_filter(entry: Properties) -> Parameters:
    rules = ((entry.get("Filter") or {}).get("S3Key") or {}).get("Rules") or []
    return {"Filter": {"Key": {"FilterRules": rules}}} if rules else {}


def _renamed(value: Properties, names: Mapping[str, str]) -> Parameters:
    return {names.get(key, key): item for key, item in value.items()}


SETTINGS: Mapping[str, Setting] = {
    "OwnershipControls": Setting(
        "put_bucket_ownership_controls", "OwnershipControls", dict, "delete_bucket_ownership_controls"
    ),
    "PublicAccessBlockConfiguration": Setting(
        "put_public_access_block", "PublicAccessBlockConfiguration", dict, "delete_public_access_block"
    ),
    "BucketEncryption": Setting(
        "put_bucket_encryption", "ServerSideEncryptionConfiguration", _encryption, "delete_bucket_encryption"
    ),
    "VersioningConfiguration": Setting(
        "put_bucket_versioning", "VersioningConfiguration", dict, default={"Status": "Suspended"}
    ),
    "LifecycleConfiguration": Setting(
        "put_bucket_lifecycle_configuration", "LifecycleConfiguration", _lifecycle, "delete_bucket_lifecycle"
    ),
    "CorsConfiguration": Setting("put_bucket_cors", "CORSConfiguration", _cors, "delete_bucket_cors"),
    "LoggingConfiguration": Setting("put_bucket_logging", "BucketLoggingStatus", _logging, default={}),
    "NotificationConfiguration": Setting(
        "put_bucket_notification_configuration", "NotificationConfiguration", _notifications, default={}
    ),
    "WebsiteConfiguration": Setting(
        "put_bucket_website", "WebsiteConfiguration", _website, "delete_bucket_website"
    ),
}
ACLS = {
    "Private": "private",
    "PublicRead": "public-read",
    "PublicReadWrite": "public-read-write",
    "AuthenticatedRead": "authenticated-read",
    "LogDeliveryWrite": "log-delivery-write",
    "BucketOwnerRead": "bucket-owner-read",
    "BucketOwnerFullControl": "bucket-owner-full-control",
    "AwsExecRead": "aws-exec-read",
}


class BucketProvider:
    """AWS::S3::Bucket."""

    read = staticmethod(read_bucket)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        refuse(properties, UNSUPPORTED)
        client = context.client("s3")
        name = properties.get("BucketName") or context.name(63).lower()
        self._refuse_taken(client, name)
        # S3 rejects a LocationConstraint that names its default region.
        if context.region == "us-east-1":
            client.create_bucket(Bucket=name)
        else:
            location: Parameters = {"CreateBucketConfiguration": {"LocationConstraint": context.region}}
            client.create_bucket(Bucket=name, **location)
        with undone_by(lambda: client.delete_bucket(Bucket=name)):
            self._apply(context, name, {}, properties)
        return self._resource(context, name)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        refuse(new, UNSUPPORTED)
        self._apply(context, physical_id, old, new)
        return self._resource(context, physical_id)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("s3").delete_bucket(Bucket=physical_id)

    def _refuse_taken(self, client: S3Client, name: str) -> None:
        try:
            client.head_bucket(Bucket=name)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
                return
            raise
        raise ProviderError(f"{name} already exists", "AlreadyExists")

    def _apply(self, context: Context, name: str, old: Properties, new: Properties) -> None:
        client = context.client("s3")
        for prop, setting in SETTINGS.items():
            if old.get(prop) == new.get(prop):
                continue
            value = new.get(prop)
            if value is None and setting.delete:
                getattr(client, setting.delete)(Bucket=name)
            else:
                content = setting.default if value is None else setting.convert(value)
                getattr(client, setting.put)(Bucket=name, **{setting.parameter: content})
        if old.get("AccessControl") != new.get("AccessControl"):
            # boto3's stubs do not know the log-delivery and owner ACLs, which S3 accepts.
            acl: Parameters = {"ACL": ACLS[new.get("AccessControl", "Private")]}
            client.put_bucket_acl(Bucket=name, **acl)
        tags = tagged(context, new)["Tags"]
        if tags:
            client.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
        elif old.get("Tags"):
            client.delete_bucket_tagging(Bucket=name)

    def _resource(self, context: Context, name: str) -> ProvidedResource:
        region, partition = context.region, context.partition
        return ProvidedResource(
            name,
            {
                "Arn": f"arn:{partition}:s3:::{name}",
                "DomainName": f"{name}.s3.amazonaws.com",
                "DualStackDomainName": f"{name}.s3.dualstack.{region}.amazonaws.com",
                "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
                "WebsiteURL": f"http://{name}.s3-website-{region}.amazonaws.com",
            },
        )


class BucketPolicyProvider:
    """AWS::S3::BucketPolicy; Ref is the bucket's name, as on AWS."""

    read = staticmethod(read_bucket_policy)

    def create(self, context: Context, properties: Properties) -> ProvidedResource:
        client, bucket = context.client("s3"), properties["Bucket"]
        if self._has_policy(client, bucket):
            raise ProviderError(f"The bucket policy already exists on bucket {bucket}.", "AlreadyExists")
        return self._put(client, bucket, properties)

    def update(
        self, context: Context, physical_id: str, old: Properties, new: Properties
    ) -> ProvidedResource:
        return self._put(context.client("s3"), physical_id, new)

    def delete(self, context: Context, physical_id: str, properties: Properties) -> None:
        with already_gone():
            context.client("s3").delete_bucket_policy(Bucket=physical_id)

    def _put(self, client: S3Client, bucket: str, properties: Properties) -> ProvidedResource:
        document = properties["PolicyDocument"]
        client.put_bucket_policy(
            Bucket=bucket, Policy=document if isinstance(document, str) else json.dumps(document)
        )
        return ProvidedResource(bucket)

    def _has_policy(self, client: S3Client, bucket: str) -> bool:
        try:
            client.get_bucket_policy(Bucket=bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] == "NoSuchBucketPolicy":
                return False
            raise
        return True
