"""Behaviors of CloudFront distributions, before an API, a bucket or anything else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from accountsctl.doctor.facts.buckets import Bucket
from accountsctl.doctor.facts.places import SourcePlace
from accountsctl.doctor.facts.unknown import PLACEHOLDER, is_unknown, may_be

OWN_DOMAIN = ".cloudfront.net"
EDGE_CODE = "a function at the edge"


@dataclass(frozen=True)
class AddedHeaders:
    """The CORS headers that a response headers policy adds. `headers` None: which ones it allows is not documented.

    `override`: they replace those of the origin. `only_simple`: what it adds to a preflight is not documented.
    https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html
    """

    place: SourcePlace
    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] | None = ()
    expose: tuple[str, ...] = ()
    credentials: bool = False
    override: bool = False
    only_simple: bool = False

    def allows_origin(self, origin: str) -> bool | None:
        """Whether it has an origin; None if only the deployment knows, or no documentation tells."""
        found = {_matches(value, origin) for value in self.origins}
        return True if True in found else None if None in found else False


@dataclass(frozen=True)
class Distribution:
    """A CloudFront behavior; None is "not reported". `path` is its PathPattern.

    `signing` is the SigningBehavior of the origin access control by which CloudFront signs for a function URL (always,
    no-override); empty if it signs nothing, or that is not known.

    `bucket` is the bucket of the template that it leads to; `to_api`: it leads to an API. `forwards_origin` is of the
    page's Origin, `forwards_preflight` of the Access-Control-Request headers. `added` are the CORS headers of its
    response headers policy. `may_change` names what else may answer or give headers, of which nothing is known; empty
    if nothing may.
    `custom_headers` are those that it passes on of what a page's code adds, in lower case; None also if it passes all.
    `origin_path` is what it puts before the path that it passes on to an execute-api host, where a stage comes first.
    """

    place: SourcePlace
    path: str = "*"
    methods: frozenset[str] | None = None
    forwards_authorization: bool | None = None
    forwards_host: bool | None = None
    custom_headers: frozenset[str] | None = None
    error_pages: bool = False
    redirects_to_https: bool = False
    caches: bool = True
    forwards_origin: bool | None = None
    forwards_preflight: bool | None = None
    bucket: Bucket | None = None
    to_api: bool = True
    added: AddedHeaders | None = None
    may_change: str = ""
    aliases: tuple[str, ...] = ()
    signing: str = ""
    origin_path: str | None = None

    @property
    def to_bucket_as_sent(self) -> bool:
        """Whether a bucket of the template gets all headers of a preflight."""
        return self.bucket is not None and self.forwards_origin is True and self.forwards_preflight is True


def behavior_for(behaviors: Sequence[Distribution], path: str) -> Distribution | None:
    """The behavior that CloudFront takes for a path: the first whose pattern fits; None if it may be another."""
    found = possible_behaviors(behaviors, path)
    return found[0] if len(found) == 1 else None


def possible_behaviors(behaviors: Sequence[Distribution], path: str) -> list[Distribution]:
    """The first behavior whose pattern fits a path, and those before it whose pattern may, as far as is known."""
    found = []
    for one in behaviors:
        if fnmatchcase(path, f"/{PLACEHOLDER.sub('*', one.path).lstrip('/')}"):
            found.append(one)
            if not is_unknown(one.path):
                break
    return found


def _matches(value: str, origin: str) -> bool | None:
    """Whether a value of a policy is an origin: with or without a scheme, ``*`` for any name before a domain."""
    if value == "*":
        return True
    if is_unknown(value):
        known = (origin, urlsplit(origin).netloc)
        return None if "*" in value or any(may_be(value, text) for text in known) else False
    whole = origin if "://" in value else urlsplit(origin).netloc
    if re.fullmatch(re.escape(value).replace(r"\*", "[^/]+"), whole):
        return True
    # Whether a value without a port stands for every port is not documented.
    has_port, of_any_port = ":" in urlsplit(origin).netloc, ":" not in value.rpartition("://")[2]
    return None if has_port and of_any_port else False
