"""Every fault that can be served, served once for all tests of the session's worker."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from accountsctl.localcloud.client import LocalCloudClient
from tests.faults.all_faults import FAULTS
from tests.faults.base import template
from tests.faults.changes import NO_POOL, OTHER_POOL, Fault
from tests.faults.chromium import Page, names, site
from tests.faults.cloud import REGION, FaultyCloud, Served
from tests.faults.signing import signature

WANTED = os.environ.get("ACCOUNTSCTL_FAULTS", "")
"""Serve only faults of these ids, with spaces between: for working on a few."""
LIVE = tuple(each for each in FAULTS if each.live and (not WANTED or each.id in WANTED.split()))


@dataclass(frozen=True)
class Zoo:
    """The faults as they are served: their templates, their APIs, and the page that calls them."""

    cloud: FaultyCloud
    page: Page
    faults: Mapping[str, Fault]
    bodies: Mapping[str, Mapping[str, Any]]
    served: Mapping[str, Served]
    healthy: Served

    def url(self, fault: Fault, served: Served) -> str:
        """What the page calls."""
        return fault.url.replace("{api}", served.root.removesuffix("/dev")) or served.root + fault.path

    def headers(self, fault: Fault, served: Served) -> dict[str, str]:
        """What the page's code sets, but for a token."""
        if not fault.signs:
            return dict(fault.headers)
        key = self.cloud.powerless
        return dict(signature(fault.signs, fault.method, self.url(fault, served), key, REGION))

    def secret(self, fault: Fault, headers: Mapping[str, str]) -> str:
        """What stands in Authorization; empty where the page sends none."""
        if fault.token == "none":
            return ""
        return headers.get("authorization") or self.cloud.tokens[fault.token or "id"]

    def case(self, fault: Fault, served: Served) -> dict[str, Any]:
        """What the page fetches of a fault."""
        headers = self.headers(fault, served)
        secret = self.secret(fault, headers)
        headers = {name: value for name, value in headers.items() if name != "authorization"}
        if fault.method in ("POST", "PUT", "PATCH"):
            headers["Content-Type"] = "application/json"
        return {
            "url": self.url(fault, served),
            "method": fault.method,
            "headers": headers | ({"Authorization": secret} if secret else {}),
            "credentials": fault.credentials,
            "opaque": fault.origin == "null",
        }

    def prime(self, fault: Fault, served: Served) -> None:
        """The calls of others before the page's."""
        for path, origin in fault.primed:
            headers = {**self.headers(fault, served), "Authorization": self.cloud.tokens["id"]}
            headers |= {"Origin": origin} if origin else {}
            request = Request(served.root + path, headers=headers)
            with suppress(HTTPError), urlopen(request, timeout=30) as answer:
                answer.read()


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    """All faults that can be served, deployed to an embedded cloud of their own."""
    local = LocalCloudClient(tmp_path_factory.mktemp("zoo") / "cloud")
    with site(tmp_path_factory.mktemp("profile")) as page:
        try:
            cloud = FaultyCloud(local.start().url, local.credentials())
            faults = dict(zip((f"f{each}" for each in names(LIVE)), LIVE, strict=True))
            bodies = {name: whole(fault.body(page.origin), cloud) for name, fault in faults.items()}
            served = cloud.deploy(
                {
                    "healthy": template(page.origin),
                    **{stack_name(name): each for name, each in bodies.items()},
                }
            )
            later = {name: fault.later for name, fault in faults.items() if fault.later is not None}
            for name, change in later.items():
                bodies[name] = copy.deepcopy(bodies[name])
                change(bodies[name], page.origin)
            cloud.change({stack_name(name): bodies[name] for name in later})
            by_name = {name: served[stack_name(name)] for name in faults}
            yield Zoo(cloud, page, faults, bodies, by_name, served["healthy"])
        finally:
            local.reset()


def whole(body: Mapping[str, Any], cloud: FaultyCloud) -> dict[str, Any]:
    """A template with the pools that there are."""
    text = json.dumps(body).replace(OTHER_POOL, cloud.other_pool_arn).replace(NO_POOL, cloud.gone_pool_arn)
    found = json.loads(text)
    assert isinstance(found, dict)
    return found


def stack_name(name: str) -> str:
    """A fault's name as a stack can have it."""
    return "".join(each if each.isalnum() else "-" for each in name)
