"""Behaviours of CloudFront distributions, before an API or anything else."""

from __future__ import annotations

from dataclasses import dataclass

from accountsctl.doctor.facts.places import SourcePlace


@dataclass(frozen=True)
class Distribution:
    """A CloudFront behaviour before an API; None is "not reported". `path` is its PathPattern.

    `custom_headers` are those that it passes on of what a page's code adds, in lower case; None also if it passes all.
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
