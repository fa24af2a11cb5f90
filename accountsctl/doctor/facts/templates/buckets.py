"""Buckets of S3 and their CORS rules: ``AWS::S3::Bucket`` with ``CorsConfiguration``.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-corsconfiguration.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from accountsctl.doctor.facts.buckets import Bucket, CorsRule, name_pattern
from accountsctl.doctor.facts.model import Api
from accountsctl.doctor.facts.templates.common import Reader, listed, mapping, pointer_of_properties
from accountsctl.doctor.facts.templates.document import TRANSFORM
from accountsctl.doctor.facts.unknown import PLACEHOLDER, is_unknown
from accountsctl.model.api_gateway import ApiKind

BUCKET = "AWS::S3::Bucket"
_NO_RULES_OF_THEIRS = (
    "Custom::S3AutoDeleteObjects",
    "Custom::S3BucketNotifications",
    "Custom::CDKBucketDeployment",
)
"""Custom resources of the CDK, which are given buckets and change no CORS rules."""
MAY_BE_READ = (
    "whether S3 lets the page have the object",
    "The bucket's policy, the signature of the URL and whether there is such an object were not looked at. S3 adds "
    "the headers of its CORS rules to its refusals too.",
)


def read_buckets(reader: Reader) -> Iterator[Api]:
    """Every bucket of the template, each as an API without routes."""
    for name, properties in reader.of_type(BUCKET):
        bucket = bucket_of(reader, name, properties)
        hidden = is_unknown(bucket.name)
        which = (
            "the bucket of the URL",
            f"Only the deployment knows the name of {name}; the URL's bucket is taken to be this one.",
        )
        yield Api(
            name=name,
            layer=reader.layer,
            place=bucket.place,
            routes={},
            kind=ApiKind.BUCKET,
            bucket=bucket,
            lines=reader.document.lines_of_source,
            not_reported=(*((which,) if hidden else ()), MAY_BE_READ),
        )


def bucket_of(reader: Reader, name: str, properties: Mapping[str, Any]) -> Bucket:
    """The bucket of this logical id."""
    stated = properties.get("CorsConfiguration")
    place = reader.at(name, rules="CorsConfiguration")
    called = name_pattern(str(properties.get("BucketName") or ""), name)
    if stated is None:
        hides = TRANSFORM in properties or _may_be_given_rules(reader, name)
        return Bucket(called, place, None if hides else ())
    rules = mapping(stated).get("CorsRules")
    if not isinstance(rules, list):
        return Bucket(called, place, None)
    base = f"{pointer_of_properties(name)}/CorsConfiguration/CorsRules"
    return Bucket(
        called,
        place,
        None
        if any(is_unknown(rule) and not isinstance(rule, Mapping) for rule in rules)
        else tuple(_rule(reader, mapping(rule), f"{base}/{number}") for number, rule in enumerate(rules)),
    )


def _rule(reader: Reader, stated: Mapping[str, Any], pointer: str) -> CorsRule:
    def texts(key: str) -> tuple[str, ...]:
        return tuple(str(value) for value in listed(stated.get(key)))

    return CorsRule(
        reader.place(pointer, **{key.lower(): f"{pointer}/{key}" for key in stated}),
        texts("AllowedOrigins"),
        texts("AllowedMethods"),
        tuple(name if is_unknown(name) else name.lower() for name in texts("AllowedHeaders")),
        texts("ExposedHeaders"),
    )


def _may_be_given_rules(reader: Reader, name: str) -> bool:
    """Whether what is given the bucket may add rules: a custom resource, a nested stack, a module."""
    if name not in reader.handed_on:
        return False
    resources = reader.document.resources
    given = (
        str(mapping(resource).get("Type"))
        for id_, resource in resources.items()
        if id_ != name and name in map(_owner, PLACEHOLDER.findall(str(reader.properties(id_))))
    )
    return any(
        kind.startswith("AWS::CloudFormation::")
        or not (kind.startswith("AWS::") or kind in _NO_RULES_OF_THEIRS)
        for kind in given
    )


def _owner(placeholder: str) -> str:
    """The resource of a placeholder's content: ``Files`` of ``Files.Arn``."""
    return placeholder.partition(".")[0]
