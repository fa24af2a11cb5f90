"""How the accounts page looks and loads: axe, widths, long names, bytes on the wire, what its policy lets run."""

from __future__ import annotations

import re
from urllib.request import urlopen

import pytest
from selenium.webdriver.common.keys import Keys

from tests.local.accounts_page import TREE, fill
from tests.local.browser import Browser, read_user
from tests.local.project import LocalProject

pytestmark = pytest.mark.slow

FIRST_LOAD = 600_000
WATCH = """
window.broken = []
document.addEventListener('securitypolicyviolation', event => broken.push(event.violatedDirective))"""
INLINE = """
const script = document.createElement('script')
script.append('window.ran = true')
document.body.append(script)"""
OUTSIDE = """
return [...document.querySelectorAll('mat-tree-node')].flatMap(row => {
  const [own, cells] = [row.getBoundingClientRect(), [...row.querySelectorAll('.nickname, .number, .amount, button')]
    .filter(cell => cell.checkVisibility())]
  const boxes = cells.map(cell => [cell, cell.getBoundingClientRect()])
  const overlap = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1
  return boxes
    .filter(([cell, box], at) => box.left < own.left || box.right > own.right || cell.scrollWidth > cell.clientWidth + 1
      || boxes.slice(0, at).some(([, other]) => overlap(box, other)))
    .map(([cell]) => cell.textContent)
})"""
"""The texts and buttons of rows that stick out of their row, or stand on one another."""
RING = """
const element = document.activeElement
const before = getComputedStyle(element.querySelector('.mat-focus-indicator') ?? element, '::before')
const ringed = before.content !== 'none' && before.display === 'block' && parseFloat(before.borderTopWidth) >= 2
const outlined = getComputedStyle(element).outlineStyle !== 'none'
const field = element.closest('mat-form-field.mat-focused')
return [element.getAttribute('aria-label') || element.textContent.trim(), Boolean(ringed || outlined || field)]"""
"""The name of what has the focus, and whether that is marked by a ring or a field's border."""
SHIFTS = """
window.shifts = []
new PerformanceObserver(list => shifts.push(...list.getEntries().filter(each => !each.hadRecentInput)
  .map(each => each.sources.map(source => source.node?.outerHTML ?? '?'))))
  .observe({type: 'layout-shift'})"""
"""From now on, what moved without its reader's doing."""
CUT_OFF = """
return [...document.querySelectorAll('mat-dialog-container, [mat-dialog-title], mat-dialog-content')]
  .filter(each => each.scrollWidth > each.clientWidth).map(each => each.textContent)"""
"""The parts of a dialog that must be scrolled sideways."""


@pytest.mark.parametrize("width", [360, 839, 840, 1100])
def test_long_names_and_large_amounts_stay_in_their_rows(
    page: Browser, deployed: LocalProject, width: int
) -> None:
    fill(
        deployed,
        [
            ("W" * 100, "-9999999999999.99", "domestic", "9" * 34),
            ("An account of many words " * 4, "9999999999999.99", "international", "DE01"),
            ("حساب التوفير للعائلة (2024)", "0.01", "international", "رقم 123-456"),
        ],
    )
    page.screen.emulate(width=width)
    page.sign_in(read_user(deployed.root))
    page.until(lambda: len(page.rows()) == 5)
    page.screen.looks_right(f"long-{width}")
    assert page.driver.execute_script(OUTSIDE) == []
    if width < 840:  # There the dialog to edit an account deletes.
        page.press("Edit " + "W" * 100)
        page.press("Delete …")
    else:
        page.press("Delete " + "W" * 100)
    page.see("for good")
    page.screen.looks_right(f"long-delete-{width}")
    assert page.driver.execute_script(CUT_OFF) == []


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_on_a_desk_and_on_a_phone(
    page: Browser, deployed: LocalProject, width: int
) -> None:
    page.screen.emulate(width=width)
    page.press("Sign in")
    page.see("Enter your password.")
    page.screen.looks_right(f"sign-in-{width}")
    page.sign_in(read_user(deployed.root))
    page.until(lambda: page.rows() == TREE)
    page.screen.looks_right(f"tree-{width}")
    page.press("Add account")
    page.press("Add")
    page.see("Give it a nickname.")
    page.screen.looks_right(f"add-{width}")
    page.press("Cancel")
    page.gone("Give it a nickname.")
    page.press("Edit Rent")
    page.find("input[name=nickname]")
    page.screen.looks_right(f"edit-{width}")


def test_a_phone_has_its_actions_in_a_menu_and_add_at_the_thumb(
    page: Browser, deployed: LocalProject
) -> None:
    page.screen.emulate(width=360, height=640)
    page.sign_in(read_user(deployed.root))
    page.until(lambda: page.rows() == TREE)
    first = page.driver.execute_script(
        "return document.querySelector('mat-tree-node').getBoundingClientRect().top"
    )
    assert first < 160, "the first row begins in the first quarter of the screen"
    page.press("More actions")
    page.until(lambda: page.find(".panel button").is_displayed())
    page.screen.looks_right("menu-360")
    page.press("Collapse all")
    page.until(lambda: len(page.rows()) == 2)
    page.press("More actions")
    page.press("Expand all")
    page.until(lambda: page.rows() == TREE)
    page.driver.execute_script("scrollTo(0, 9999)")
    box = page.driver.execute_script("return document.querySelector('.add').getBoundingClientRect().toJSON()")
    assert (box["right"], box["bottom"]) == (344, 624)


def test_the_toolbar_stays_and_no_row_hides_below_it(page: Browser, deployed: LocalProject) -> None:
    rows = [(f"Account {n}", f"{n}.00", "domestic", f"N{n}") for n in range(40)]
    fill(deployed, rows)
    page.sign_in(read_user(deployed.root))
    page.until(lambda: len(page.rows()) == 42)
    page.driver.execute_script("document.querySelectorAll('mat-tree-node')[30].focus()")
    for _ in range(20):
        page.keyboard.press(Keys.ARROW_UP)
        top, below = page.driver.execute_script(
            "return [document.activeElement.getBoundingClientRect().top,"
            " document.querySelector('.tools').getBoundingClientRect().bottom]"
        )
        assert top >= below - 1
    assert (
        page.driver.execute_script("return document.querySelector('.tools').getBoundingClientRect().top")
        == 56
    )


def test_nothing_jumps_while_accounts_are_found_sorted_reloaded_and_changed(tree: Browser) -> None:
    tree.driver.execute_script(SHIFTS)
    tree.press("Reload")
    tree.until(lambda: tree.rows() == TREE)
    tree.press("Balance")
    tree.press("Edit Rent")
    tree.fill("nickname", "Rent!")
    tree.press("Save")
    tree.see("Rent! was saved.")
    tree.press("Collapse all")
    tree.gone("Rent! was saved.")
    assert tree.driver.execute_script("return shifts") == []


def test_whatever_has_the_focus_wears_a_ring(tree: Browser) -> None:
    worn = []
    for _ in range(12):
        tree.keyboard.press(Keys.TAB)
        worn.append(tree.driver.execute_script(RING))
        if worn[-1][0].startswith("Domestic"):
            tree.keyboard.press(Keys.ARROW_DOWN)
            worn.append(tree.driver.execute_script(RING))
    assert [" ".join(name[:11].split()) for name, _ in worn] == [
        *("Sign out", "Find", "Reload", "Expand all", "Collapse al", "Add account"),
        *("Nickname as", "Number", "Balance"),
        *("Domestic3 a", "CardDE02 12", "Edit Card", "Delete Card"),
    ]
    assert all(ring for _, ring in worn), worn


def test_a_first_load_is_less_than_600_kb_on_the_wire(page: Browser, served: str) -> None:
    page.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
    page.open(served)
    page.find("input[name=username]")
    loads = "return ['navigation', 'resource'].flatMap(kind => performance.getEntriesByType(kind))"
    sizes = page.driver.execute_script(
        loads + ".map(each => [each.name.split('/').at(-1), each.transferSize])"
    )
    assert {name.partition("-")[0] for name, _ in sizes} >= {"", "main", "styles", "amplify_outputs.json"}
    assert all(size > 0 for _, size in sizes), "all of it came over the wire, and nothing from elsewhere"
    assert sum(size for _, size in sizes) < FIRST_LOAD


def test_no_inline_script_runs_and_the_page_itself_breaks_no_rule_of_its_policy(
    page: Browser, served: str, deployed: LocalProject
) -> None:
    with urlopen(served) as answer:
        policy, index = answer.headers["Content-Security-Policy"], answer.read().decode()
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert all(body == "" for body in re.findall(r"<script[^>]*>(.*?)</script>", index, re.DOTALL))
    page.driver.execute_script(WATCH)
    page.sign_in(read_user(deployed.root))
    page.until(page.rows)
    page.press("Add account")
    page.find("mat-select").click()
    page.until(lambda: page.all("mat-option"))
    assert page.driver.execute_script("return broken") == []
    page.driver.execute_script(INLINE)
    page.until(lambda: page.driver.execute_script("return broken.length"))
    assert page.driver.execute_script("return window.ran") is None
