"""What the page shows of its environment: in the other tests dev, here production, none, or one that is down."""

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


def test_a_page_without_its_configuration_says_how_to_write_it(tab: Browser) -> None:
    with listening(BuiltPage(built_page(), {}), PageAddress("localhost", 0)) as server, serving(server):
        tab.open(f"http://localhost:{server.server_port}")
        tab.see("This page does not know its backend.")
        tab.see("accountsctl export --out amplify_outputs.json")
        tab.screen.looks_right("no-configuration")
        tab.open("about:blank")


def test_a_user_pool_that_is_down_is_no_wrong_password(tab: Browser, deployed: LocalProject) -> None:
    outputs = deployed.run("export").json
    cognito = {**outputs["Auth"]["Cognito"], "userPoolEndpoint": "http://127.0.0.1:9"}
    with (
        listening(
            BuiltPage(built_page(), {**outputs, "Auth": {"Cognito": cognito}}), PageAddress("localhost", 0)
        ) as server,
        serving(server),
    ):
        tab.open(f"http://localhost:{server.server_port}")
        tab.sign_in({"username": "demo", "password": "whatever"})
        tab.see("The user pool gave no answer.")
        tab.screen.looks_right("no-pool")
        tab.open("about:blank")
