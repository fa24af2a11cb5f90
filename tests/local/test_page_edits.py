"""Accounts are added, edited and deleted on the page: what a person fills in, and what others do meanwhile."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.keys import Keys

from tests.local.accounts_page import ACCOUNTS, listed
from tests.local.browser import Browser
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

FIELDS = ("nickname", "account_number", "balance")


def test_an_account_is_added_edited_and_deleted(tree: Browser, deployed: LocalProject) -> None:
    tree.press("Add account")
    tree.fill("nickname", "Holiday")
    tree.fill("account_number", "DE00 HOLIDAY")
    tree.fill("balance", "12.34")
    tree.find("mat-select").click()
    next(each for each in tree.all("mat-option") if each.text == "International").click()
    tree.screen.picture("add")
    tree.press("Add")
    tree.until(lambda: "Holiday | DE00 HOLIDAY | 12.34" in tree.rows())
    tree.see("Holiday was added.")
    assert "International | 3 accounts | 100,000,000,012.34" in tree.rows()
    tree.until(lambda: tree.keyboard.focused().startswith("Holiday"))
    tree.press("Edit Holiday")
    tree.fill("nickname", "Vacation")
    tree.fill("balance", "-7.5")
    tree.find("mat-select").click()
    next(each for each in tree.all("mat-option") if each.text == "Domestic").click()
    tree.screen.picture("edit")
    tree.press("Save")
    tree.until(lambda: "Vacation | DE00 HOLIDAY | -7.50" in tree.rows()[:5])
    tree.see("Vacation was saved.")
    tree.until(lambda: tree.keyboard.focused().startswith("Vacation"))
    tree.press("Delete Rent")
    tree.see("Delete Rent?")
    # Chromium keeps the colors of an animation that runs while the scheme changes.
    lit = "return document.querySelector('.lit').getAnimations().length"
    tree.until(lambda: tree.driver.execute_script(lit) == 0)
    tree.screen.looks_right("delete")
    tree.press("Delete")
    tree.until(lambda: not any(row.startswith("Rent") for row in tree.rows()))
    assert listed(deployed) == ["Savings", "Card", "Villa", "Studio", "Vacation"]
    assert tree.screen.complaints() == []


def test_what_the_api_does_not_take_is_told_at_its_field(tree: Browser, deployed: LocalProject) -> None:
    tree.press("Add account")
    tree.fill("nickname", "Twice")
    tree.fill("account_number", ACCOUNTS[0][3])
    tree.fill("balance", "1.005")
    tree.press("Add")
    tree.see("At most two decimals")
    tree.fill("balance", "1.5")
    tree.press("Add")
    tree.see("The account number is taken by another account.")
    number = tree.driver.switch_to.active_element
    assert (number.get_attribute("name"), number.get_attribute("aria-invalid")) == ("account_number", "true")
    assert tree.all("app-notice") == []
    tree.screen.looks_right("refused")
    assert listed(deployed) == [account[0] for account in ACCOUNTS]


def test_a_click_outside_loses_nothing_that_was_typed(tree: Browser) -> None:
    tree.press("Edit Rent")
    tree.find("input[name=nickname]")
    click_outside(tree)
    tree.until(lambda: not tree.all("mat-dialog-container"))
    tree.press("Edit Rent")
    tree.fill("nickname", "Rent, typed with care")
    click_outside(tree)
    assert tree.find("input[name=nickname]").get_attribute("value") == "Rent, typed with care"
    tree.find("mat-select").click()
    tree.until(lambda: tree.all("mat-option"))
    tree.keyboard.press(Keys.ESCAPE)
    tree.until(lambda: not tree.all("mat-option"))
    assert tree.all("mat-dialog-container"), "Escape closed the list, and nothing else"
    tree.keyboard.press(Keys.ESCAPE)
    tree.until(lambda: not tree.all("mat-dialog-container"))


def click_outside(tab: Browser) -> None:
    """Click next to the dialog that is open."""
    tab.driver.execute_script("[...document.querySelectorAll('.cdk-overlay-backdrop')].at(-1).click()")


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(
    tree: Browser, deployed: LocalProject
) -> None:
    deployed.sql("UPDATE accounts SET balance = 5 WHERE nickname = 'Rent'")
    tree.press("Edit Rent")
    tree.until(lambda: tree.find("input[name=balance]").get_attribute("value") == "5")
    tree.fill("nickname", "House")
    deployed.sql("UPDATE accounts SET balance = 6 WHERE nickname = 'Rent'")
    tree.press("Save")
    tree.see("Somebody else changed this account meanwhile.")
    assert [tree.find(f"input[name={name}]").get_attribute("value") for name in ("nickname", "balance")] == [
        "House",
        "6",
    ]
    tree.screen.looks_right("changed")
    tree.press("Save")
    tree.until(lambda: f"House | {ACCOUNTS[0][3]} | 6.00" in tree.rows())
    tree.press("Delete Card")
    tree.see("Delete Card?")
    deployed.sql("UPDATE accounts SET balance = 7 WHERE nickname = 'Card'")
    tree.press("Delete")
    tree.see("with its balance of 7.00, for good")
    assert "Card" in listed(deployed)
    deployed.sql("DELETE FROM accounts WHERE nickname = 'Card'")
    tree.press("Delete")
    tree.see("Card was deleted.")


def test_a_deleted_account_is_added_again_with_its_values_and_never_twice(
    tree: Browser, deployed: LocalProject
) -> None:
    delete(tree, "Rent")
    deployed.sql(f"UPDATE accounts SET account_number = '{ACCOUNTS[0][3]}' WHERE nickname = 'Card'")
    tree.screen.looks_right("deleted")
    tree.keyboard.press(Keys.TAB, Keys.TAB, Keys.TAB, Keys.ENTER)
    typed = [tree.find(f"input[name={name}]").get_attribute("value") for name in FIELDS]
    assert typed == ["Rent", ACCOUNTS[0][3], "1200"]
    click_outside(tree)
    tree.press("Add")
    tree.see("The account number is taken by another account.")
    deployed.sql("UPDATE accounts SET account_number = 'freed' WHERE nickname = 'Card'")
    online(tree, False)
    try:
        tree.press("Add")
        tree.see("The browser got no answer that it may show to this page.")
        assert "Rent" not in listed(deployed)
    finally:
        online(tree, True)
    tree.press("Add")
    tree.see("Rent was added.")
    tree.until(lambda: tree.keyboard.focused().startswith("Rent"))
    assert listed(deployed) == ["Savings", "Card", "Villa", "Studio", "Rent"]
    assert "Add again" not in tree.text()


def test_what_was_deleted_is_offered_until_something_else_is_done_or_the_page_is_left(
    tree: Browser, served: str, deployed: LocalProject
) -> None:
    delete(tree, "Rent")
    assert "Rent" not in listed(deployed), "it is deleted at once, not when the offer ends"
    tree.press("Add again …")
    tree.find("input[name=nickname]")
    tree.press("Cancel")
    tree.until(lambda: tree.keyboard.focused().startswith("Add again"))
    tree.press("Collapse all")
    tree.gone("Add again")
    tree.press("Expand all")
    delete(tree, "Card")
    tree.open(served)
    tree.until(tree.rows)
    assert "Add again" not in tree.text()
    assert listed(deployed) == ["Savings", "Villa", "Studio"]


def delete(tab: Browser, nickname: str) -> None:
    """Delete an account, and wait until the page says so."""
    tab.press(f"Delete {nickname}")
    tab.see(f"Delete {nickname}?")
    tab.press("Delete")
    tab.see(f"{nickname} was deleted.")


def online(tab: Browser, value: bool) -> None:
    """The browser has a network, or none."""
    conditions = {"offline": not value, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    tab.driver.execute_cdp_cmd("Network.enable", {})
    tab.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)
