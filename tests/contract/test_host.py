"""`ports.Host`: this machine, and its fake."""

from __future__ import annotations

import re

import pytest

from accountsctl.adapters.host import ThisHost
from accountsctl.ports.host import Host
from tests.fakes.host import FakeHost


@pytest.mark.parametrize(
    "host",
    [
        ThisHost(),
        FakeHost({"click": "8.2.1"}, {"git": "git version 2.43.0"}, {"python3.99": "Python 3.13"}, "16.2"),
    ],
)
def test_a_tool_has_a_version_or_is_missing(host: Host) -> None:
    assert re.fullmatch(r"3\.\d+\.\d+\S*", host.python())
    assert re.match(r"\d+\.\d+", host.package("click") or "")
    assert host.package("no-such-package") is None
    assert "2." in (host.program("git") or "")
    assert host.program("no-such-program") is None
    assert re.fullmatch(r"16\.\d+", host.postgresql() or "")
    assert host.runs_on("java21") is None
    assert re.fullmatch(r"Python 3\.\d+", host.runs_on("python3.99") or "")
