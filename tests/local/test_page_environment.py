"""What the page shows of the environment that it is for: dev in the other tests, here production."""

from __future__ import annotations

import pytest

from accountsctl.adapters.page_server import built_page, listening
from accountsctl.formats.frontend.page import BuiltPage, PageEnvironment
from accountsctl.ports.page_server import PageAddress
from tests.local.accounts_page import ACCOUNTS, fill
from tests.local.browser import Browser, read_user
from tests.local.project import LocalProject
from tests.local.stub_api import serving

pytestmark = pytest.mark.slow


def test_a_production_environment_is_red_and_has_no_demo_user(tab: Browser, deployed: LocalProject) -> None:
    outputs = deployed.run("export").json
    fill(deployed, ACCOUNTS)
    described = PageEnvironment("prod", "aws", protected=True).described()
    site = BuiltPage(built_page(), {**outputs, "custom": {**outputs["custom"], "page": described}})
    with listening(site, PageAddress("localhost", 0)) as server, serving(server):
        tab.open(f"http://localhost:{server.server_port}")
        tab.screen.reset()
        tab.open(f"http://localhost:{server.server_port}")
        tab.find(".badge.critical")
        assert "demo user" not in tab.text()
        tab.screen.looks_right("prod-sign-in")
        tab.sign_in(read_user(deployed.root))
        tab.until(tab.rows)
        tab.driver.execute_script("document.querySelector('.actions .delete').click()")
        tab.see("for good, in prod.")
        tab.screen.looks_right("prod-delete")
        tab.open("about:blank")
