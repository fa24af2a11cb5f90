"""The accounts tree in a real browser, against the embedded cloud: what a signed-in person sees and does."""

from __future__ import annotations

import base64
import json
from functools import partial
from urllib.parse import urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from tests.local.accounts_page import TREE, fill, listed
from tests.local.browser import Browser, read_user
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow


def test_a_signed_in_person_sees_the_accounts_in_groups_with_totals(tree: Browser) -> None:
    assert tree.rows() == TREE
    assert tree.screen.complaints() == []
    tree.screen.picture("tree")


def test_a_wrong_password_is_told_in_cognitos_words(page: Browser, deployed: LocalProject) -> None:
    page.sign_in({"username": "demo", "password": "not-the-one"})
    page.see("Incorrect username or password.")
    assert page.find("input[name=password]").get_attribute("aria-invalid") == "true"
    page.screen.looks_right("wrong-password")
    page.sign_in(read_user(deployed.root))
    page.until(page.rows)


def test_the_page_says_where_it_is_and_signs_in_as_the_demo_user(
    page: Browser, deployed: LocalProject
) -> None:
    page.see("dev")
    page.see(urlsplit(str(deployed.run("outputs", "api/accountsAPI", "RootUrl").out)).netloc)
    page.press("Show the password")
    assert page.find("input[name=password]").get_attribute("type") == "text"
    page.press("Use the demo user")
    page.until(lambda: page.rows() == TREE)
    kept = str(page.driver.execute_script("return [{...localStorage}, document.documentElement.outerHTML]"))
    assert read_user(deployed.root)["password"] not in kept
    assert page.screen.complaints() == []


def test_a_session_outlives_a_reload_and_ends_with_sign_out(tree: Browser, served: str) -> None:
    tree.open(served)
    tree.until(lambda: tree.rows() == TREE)
    tree.press("Sign out")
    tree.find("input[name=password]")
    tree.open(served)
    tree.find("input[name=password]")
    assert "CognitoIdentityServiceProvider" not in str(tree.driver.execute_script("return {...localStorage}"))


def test_an_expired_session_that_cannot_be_renewed_asks_to_sign_in_again(
    tree: Browser, deployed: LocalProject
) -> None:
    change_tokens(tree, expires_in=-60, signature="kept")
    tree.press("Reload")
    tree.see("Your session is over.")
    tree.screen.looks_right("expired")
    assert tree.driver.switch_to.active_element.get_attribute("name") == "username"
    tree.sign_in(read_user(deployed.root))
    tree.until(lambda: tree.rows() == TREE)


def test_a_token_that_the_api_refuses_ends_the_session(tree: Browser) -> None:
    change_tokens(tree, expires_in=600, signature="forged")
    tree.press("Reload")
    tree.see("Your session is over. Unauthorized")
    tree.find("input[name=password]")


def change_tokens(tab: Browser, *, expires_in: int, signature: str) -> None:
    """Give the stored tokens another end, and a refresh token that renews nothing."""
    stored: dict[str, str] = tab.driver.execute_script("return {...localStorage}")
    now = tab.driver.execute_script("return Math.floor(Date.now() / 1000)")
    for key, value in stored.items():
        if key.endswith(("idToken", "accessToken")):
            head, body, signed = value.split(".")
            claims = json.loads(base64.urlsafe_b64decode(body + "=="))
            changed = json.dumps({**claims, "exp": now + expires_in}).encode()
            body = base64.urlsafe_b64encode(changed).decode().rstrip("=")
            put(tab, key, f"{head}.{body}.{signed if signature == 'kept' else signed[::-1]}")
        if key.endswith("refreshToken"):
            put(tab, key, "none")


def put(tab: Browser, key: str, value: str) -> None:
    tab.driver.execute_script("localStorage.setItem(...arguments)", key, value)


def test_an_empty_table_says_what_can_be_done(page: Browser, deployed: LocalProject) -> None:
    fill(deployed, [])
    page.sign_in(read_user(deployed.root))
    page.see("There are no accounts yet.")
    page.screen.looks_right("empty")


def test_columns_sort_both_ways(tree: Browser) -> None:
    tree.press("Balance")
    tree.until(lambda: tree.rows() == TREE)
    tree.press("Balance\nascending")
    tree.until(lambda: tree.rows() == [TREE[0], TREE[3], TREE[2], TREE[1], TREE[4], TREE[6], TREE[5]])
    tree.press("Number")
    tree.until(lambda: tree.rows() == [TREE[0], TREE[1], TREE[3], TREE[2], TREE[4], TREE[5], TREE[6]])
    assert [each.get_attribute("aria-pressed") for each in tree.all(".columns button")] == [
        "false",
        "true",
        "false",
    ]


def test_the_tree_is_used_by_keyboard_alone(tree: Browser, deployed: LocalProject) -> None:
    enter_the_tree(tree)
    assert tree.keyboard.focused().startswith("Domestic")
    tree.keyboard.press(Keys.ARROW_LEFT)
    tree.until(lambda: tree.rows() == [TREE[0], *TREE[4:]])
    tree.keyboard.press(Keys.ENTER)
    tree.until(lambda: tree.rows() == TREE)
    tree.keyboard.press(Keys.ARROW_DOWN)
    assert tree.keyboard.focused().startswith("Card")
    tree.keyboard.press(Keys.F2)
    tree.fill("nickname", "Credit card")
    tree.keyboard.press(Keys.ENTER)
    tree.until(lambda: any(row.startswith("Credit card") for row in tree.rows()))
    tree.until(lambda: tree.keyboard.focused().startswith("Credit card"))
    tree.keyboard.press(Keys.TAB)
    assert tree.driver.switch_to.active_element.get_attribute("aria-label") == "Edit Credit card"
    tree.keyboard.press(Keys.TAB, Keys.ENTER)
    tree.see("Delete Credit card?")
    tree.keyboard.press(Keys.ESCAPE)
    tree.gone("Delete Credit card?")
    assert "Credit card" in listed(deployed)


def test_a_keyboard_keeps_its_place_when_the_row_under_it_goes(tree: Browser, deployed: LocalProject) -> None:
    assert tree.keyboard.focused() == "Accounts"
    enter_the_tree(tree)
    tree.keyboard.press(Keys.ARROW_DOWN)
    for gone, next_one in (("Card", "Rent"), ("Rent", "Savings"), ("Savings", "Domestic")):
        assert tree.keyboard.focused().startswith(gone)
        tree.keyboard.press(Keys.DELETE)
        tree.press("Delete")
        tree.see(f"{gone} was deleted.")
        tree.until(partial(_focus_starts_with, tree, next_one))
    assert listed(deployed) == ["Villa", "Studio"]


def test_groups_are_opened_and_closed_by_mouse(tree: Browser) -> None:
    tree.all("mat-tree-node.group")[1].click()
    tree.until(lambda: tree.rows() == TREE[:5])
    tree.press("Collapse all")
    tree.until(lambda: tree.rows() == [TREE[0], TREE[4]])
    tree.press("Expand all")
    tree.until(lambda: tree.rows() == TREE)


def test_finding_narrows_the_tree_and_its_totals(tree: Browser) -> None:
    tree.find("input[type=search]").send_keys("de12 sav")
    tree.see("1 of 5 accounts")
    assert tree.rows() == ["Domestic | 1 account | 25,000.10", TREE[3]]


def test_a_search_without_a_result_says_so_and_is_cleared(tree: Browser) -> None:
    tree.find("input[type=search]").send_keys("zzzz")
    tree.see("No account matches “zzzz”.")
    assert tree.rows() == []
    tree.screen.looks_right("nothing")
    tree.press("Clear the search")
    tree.until(lambda: tree.rows() == TREE)
    assert tree.driver.switch_to.active_element.get_attribute("type") == "search"
    tree.keyboard.press("zzzz")
    tree.press("Show all 5 accounts")
    tree.until(lambda: tree.rows() == TREE)
    assert tree.find("input[type=search]").get_attribute("value") == ""


def test_what_is_found_in_a_closed_group_is_shown(tree: Browser) -> None:
    tree.press("Collapse all")
    tree.until(lambda: len(tree.rows()) == 2)
    tree.find("input[type=search]").send_keys("villa")
    tree.until(lambda: TREE[6] in tree.rows())


def test_five_thousand_accounts_are_shown_in_pages(page: Browser, deployed: LocalProject) -> None:
    fill(deployed, [])
    made = "'Account ' || n, n, CASE n % 2 WHEN 0 THEN 'domestic' ELSE 'international' END, 'N' || n"
    into = "INSERT INTO accounts (nickname, balance, type, account_number)"
    deployed.sql(f"{into} SELECT {made} FROM generate_series(1, 5000) n")
    page.sign_in(read_user(deployed.root))
    page.see("5,000 accounts")
    assert len(page.rows()) == 2 + 2 * 51
    assert page.rows()[:3] == [
        "Domestic | 2,500 accounts | 6,252,500.00",
        "Account 2 | N2 | 2.00",
        "Account 4 | N4 | 4.00",
    ]
    assert page.rows()[51] == "Show more (2,450 left)"
    page.screen.looks_right("many")
    page.find(".more").click()
    page.until(lambda: len(page.rows()) == 2 + 101 + 51)
    assert page.keyboard.focused().startswith("Account 102")
    page.find("input[type=search]").send_keys("n4999")
    page.see("1 of 5,000 accounts")
    assert page.rows()[1:] == ["Account 4999 | N4999 | 4,999.00"]


def test_a_database_that_was_paused_is_waited_for(tree: Browser, deployed: LocalProject, served: str) -> None:
    deployed.run("local", "sleep", "--wakes-in", "4")
    tree.open(served)
    tree.see("A database that was paused needs up to half a minute to wake up.")
    tree.screen.looks_right("waking")
    tree.until(lambda: tree.rows() == TREE)


def test_an_api_that_is_down_is_told_with_the_command_that_finds_out(
    tree: Browser, deployed: LocalProject, served: str
) -> None:
    deployed.run("local", "stop")
    try:
        tree.press("Reload")
        tree.see("The browser got no answer that it may show to this page.")
        tree.see(f"accountsctl doctor cors --origin {served.rstrip('/')}")
        tree.screen.looks_right("down")
    finally:
        deployed.run("local", "start")
    tree.press("Try now")
    tree.until(lambda: tree.rows() == TREE)


def _focus_starts_with(tree: Browser, name: str) -> bool:
    return tree.keyboard.focused().startswith(name)


def enter_the_tree(tab: Browser) -> None:
    """From the search over three buttons, "Add account" and three columns, as Tab goes."""
    tab.find("input[type=search]").click()
    tab.keyboard.press(*[Keys.TAB] * 8)
