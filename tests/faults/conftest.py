"""Every fault that can be served, served once for all tests of the session's worker."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from accountsctl.local.cloud import LocalCloud
from tests.faults.base import template
from tests.faults.chromium import Page, names, site
from tests.faults.cloud import FaultyCloud, Served
from tests.faults.zoo import FAULTS, OTHER_POOL, Fault

LIVE = tuple(each for each in FAULTS if each.live)


@dataclass(frozen=True)
class Zoo:
    """The faults as they are served: their templates, their APIs, and the page that calls them."""

    cloud: FaultyCloud
    page: Page
    faults: Mapping[str, Fault]
    bodies: Mapping[str, Mapping[str, Any]]
    served: Mapping[str, Served]
    healthy: Served

    def case(self, fault: Fault, served: Served) -> dict[str, Any]:
        """What the page fetches of a fault."""
        token = self.cloud.tokens["access" if fault.token == "access" else "id"]
        given = {name.lower() for name, _ in fault.headers}
        headers = dict(fault.headers) | ({} if "authorization" in given else {"Authorization": token})
        if fault.method in ("POST", "PUT", "PATCH"):
            headers["Content-Type"] = "application/json"
        return {
            "url": served.root + fault.path,
            "method": fault.method,
            "headers": headers,
            "credentials": fault.credentials,
            "opaque": fault.origin == "null",
        }


@pytest.fixture(scope="session")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zoo]:
    """All faults that can be served, deployed to an embedded cloud of their own."""
    local = LocalCloud(tmp_path_factory.mktemp("zoo") / "cloud")
    with site(tmp_path_factory.mktemp("profile")) as page:
        try:
            cloud = FaultyCloud(local.start().url)
            bodies: dict[str, Mapping[str, Any]] = {"healthy": template(page.origin)}
            faults = dict(zip((f"f{each}" for each in names(LIVE)), LIVE, strict=True))
            stacks = {stack_name(name): name for name in faults}
            for stack, name in stacks.items():
                body = copy.deepcopy(template(page.origin))
                change = faults[name].change
                if change is not None:
                    change(body, page.origin)
                bodies[stack] = json.loads(json.dumps(body).replace(OTHER_POOL, cloud.other_pool_arn))
            served = cloud.deploy(bodies)
            healthy = served.pop("healthy")
            bodies.pop("healthy")
            by_name = {name: served[stack] for stack, name in stacks.items()}
            told = {name: bodies[stack] for stack, name in stacks.items()}
            yield Zoo(cloud, page, faults, told, by_name, healthy)
        finally:
            local.reset()


def stack_name(name: str) -> str:
    """A fault's name as a stack can have it."""
    return "".join(each if each.isalnum() else "-" for each in name)
