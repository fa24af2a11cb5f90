"""Buckets of S3 and their CORS rules, by which S3 answers OPTIONS and adds headers to its other responses.

The first rule that matches decides: its origins have the page's, its methods have the method, its headers have all that
the preflight names. In a value one ``*`` stands for any text; names of headers are compared without regard to case.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html, ManageCorsUsing.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.unknown import PLACEHOLDER, is_unknown
from accountsctl.model.loopback import is_loopback

_HOST = re.compile(
    r"^(?:(?P<bucket>.+?)\.)?(?P<service>s3(?:[.-][a-z0-9-]+)*)\.(?:amazonaws\.com(?:\.cn)?|localhost\.localstack\.cloud)$"
)
_ANY_TEXT = re.compile(r"\*|\$\{[^!}][^}]*\}")
"""What may be any text in a value."""
_OTHER_SERVICES = ("s3-accesspoint", "s3-object-lambda", "s3-outposts", "s3-control", "s3express")
"""What stands in S3's hosts in the place of a bucket: an access point, for example."""


@dataclass(frozen=True)
class CorsRule:
    """One rule. Values may have placeholders of what only the deployment knows; headers in lower case."""

    place: SourcePlace
    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    expose: tuple[str, ...] = ()

    def allows_origin(self, origin: str) -> bool | None:
        """Whether it has an origin; None if only the deployment knows."""
        return _any_matches(self.origins, origin)

    def allows_method(self, method: str) -> bool | None:
        """Whether it has a method; None if only the deployment knows."""
        return _any_matches(self.methods, method)

    def lacking(self, headers: Iterable[str]) -> tuple[str, ...]:
        """The headers that it surely does not allow."""
        return tuple(name for name in headers if _any_matches(self.headers, name.lower()) is False)

    def matches(self, origin: str, method: str, headers: Iterable[str]) -> bool | None:
        """Whether S3 takes it for a request; None if only the deployment knows."""
        found = [
            self.allows_origin(origin),
            self.allows_method(method),
            *(_any_matches(self.headers, name.lower()) for name in headers),
        ]
        return False if False in found else None if None in found else True


@dataclass(frozen=True)
class Bucket:
    """A bucket. `name` is a pattern of what it may be called, as `name_pattern` makes it.

    `rules` are empty if it has no CORS configuration, and None if only the deployment knows them.
    """

    name: str
    place: SourcePlace
    rules: tuple[CorsRule, ...] | None = ()

    def rule_for(self, origin: str, method: str, headers: tuple[str, ...]) -> CorsRule | bool | None:
        """The rule that S3 takes; False if none matches, None if only the deployment knows."""
        if self.rules is None:
            return None
        unsure = False
        for rule in self.rules:
            match rule.matches(origin, method, headers):
                case True:
                    return rule
                case None:
                    unsure = True
        return None if unsure else False


def _any_matches(patterns: Iterable[str], text: str) -> bool | None:
    """Whether one of some values stands for a text; None if only the deployment knows."""
    unsure = False
    for pattern in patterns:
        if re.fullmatch(_as_expression(pattern), text):
            if not is_unknown(pattern):
                return True
            unsure = True
    return None if unsure else False


def _as_expression(pattern: str) -> str:
    """The regular expression of a value: what stands for any text, and what only the deployment knows, is any text."""
    return ".*".join(re.escape(part) for part in _ANY_TEXT.split(pattern))


def name_pattern(stated: str, logical_id: str) -> str:
    """What a bucket may be called: its name, or what CloudFormation makes of the stack's and its own.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
    """
    return stated or "${AWS::StackName}-" + logical_id.lower() + "-${Random}"


def bucket_in(url: str) -> str:
    """The name of the bucket that a URL of an object store names; empty if it names none.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    first = parts.path.lstrip("/").partition("/")[0]
    if is_loopback(host):
        return first
    found = _HOST.match(host)
    if found is None or found["service"].startswith(_OTHER_SERVICES):
        return ""
    return found["bucket"] or first


def called_bucket(url: str, buckets: Iterable[Bucket]) -> Bucket | None:
    """The bucket that a URL calls; None if it is none of these, or may be several of them."""
    name = bucket_in(url)
    every = list(buckets)
    exact = [bucket for bucket in every if bucket.name == name]
    alike = [bucket for bucket in every if name and re.fullmatch(_as_expression(bucket.name), name)]
    # What has text of its own tells more than a parameter, which may be any name.
    worded = [bucket for bucket in alike if PLACEHOLDER.sub("", bucket.name).strip("-.")]
    found = exact or worded or alike
    return found[0] if len(found) == 1 else None
