"""`doctor cors --fix --apply && push`, as a user types it: one fault of each way of fixing, all at once.

One project and one embedded cloud: every fault is an API of its own, so that two pushes serve them all.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from accountsctl.doctor.catalogue.cards import BY_ID
from tests.faults.base import template
from tests.faults.changes import Fault, drops
from tests.faults.chromium import CHROMIUM, Page, site
from tests.faults.project import project_of_apis
from tests.faults.test_fixes import FIXABLE
from tests.local.project import LocalProject

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="Chromium is not installed"),
]
REQUEST = ("--path", "/items", "--method", "GET")
FIX = ("--fix", "--apply", "--json")
OTHER_PATHS = drops(
    *("Item", "ItemGet", "ItemPut", "ItemOptions", "App", "AppAny", "AppOptions"),
    *("AppProxy", "AppProxyAny", "AppProxyOptions", "Status", "StatusGet", "StatusOptions"),
)
"""What no page calls here: to deploy it takes time."""


def is_of_a_plain_page(fault: Fault) -> bool:
    """Whether a page meets it that calls GET /items with a valid token, and nothing else."""
    plain = Fault(fault.id, fault.change, masked=fault.masked, note=fault.note)
    return fault == plain and fault.base is template


def one_of_each_way() -> dict[str, Fault]:
    """The faults by the names of their APIs."""
    ways: dict[str, Fault] = {}
    for fault in FIXABLE:
        if fault.live and is_of_a_plain_page(fault):
            ways.setdefault(getattr(BY_ID[fault.id].edit, "__qualname__", ""), fault)
    return {f"api{number}": fault for number, fault in enumerate(ways.values())}


@dataclass(frozen=True)
class Pushed:
    """The project, with the faults deployed."""

    project: LocalProject
    page: Page
    faults: dict[str, Fault]

    def read_by_chromium(self) -> dict[str, Any]:
        """What a page gets of every API."""
        roots = self.project.run("outputs", "--json").json
        token = self.project.run("auth", "token").out.strip()
        cases = {
            name: {
                "url": f"{roots[f'api/{name}']['RootUrl']}/items",
                "method": "GET",
                "headers": {"Authorization": token},
            }
            for name in self.faults
        }
        return self.page.fetch(cases)


@pytest.fixture(scope="module")
def pushed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pushed]:
    faults = one_of_each_way()
    root = tmp_path_factory.mktemp("fixed") / "zoo"
    with site(tmp_path_factory.mktemp("profile")) as page:
        bodies = {name: fault.body(page.origin) for name, fault in faults.items()}
        for body in bodies.values():
            OTHER_PATHS(body, page.origin)
        project_of_apis(root, bodies)
        project = LocalProject(root)
        try:
            project.run("push", "--yes")
            yield Pushed(project, page, faults)
        finally:
            project.run("local", "stop")


def test_all_faults_are_fixed_and_pushed_at_once_and_chromium_reads_every_api(pushed: Pushed) -> None:
    assert len(pushed.faults) > 10
    before = pushed.read_by_chromium()
    assert [name for name, seen in before.items() if seen["status"] == 200] == []
    found = pushed.project.run("doctor", "cors", "--origin", pushed.page.origin, *REQUEST, *FIX).json
    assert {report["rootCause"]["id"] for report in found} == {fault.id for fault in pushed.faults.values()}
    pushed.project.run("push", "--yes")
    assert {name: seen for name, seen in pushed.read_by_chromium().items() if seen["status"] != 200} == {}
