"""The accounts page as people have it who see, read or print otherwise: larger letters, zoom, forced colors, paper."""

from __future__ import annotations

import base64
import re

import pytest

from tests.local.accounts_page import TREE
from tests.local.browser import Browser
from tests.local.test_page_looks import CUT_OFF, OUTSIDE

pytestmark = pytest.mark.slow

SIDEWAYS = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
INVISIBLE = """
return [...document.querySelectorAll('.nickname, .amount, .columns button')]
  .filter(cell => cell.getBoundingClientRect().width < 8 || cell.scrollWidth > cell.clientWidth + 1)
  .map(cell => cell.textContent)"""
"""The texts for which there is no room."""
EDGES = """
const page = getComputedStyle(document.body).backgroundColor
return arguments[0].filter(selector => {
  const style = getComputedStyle(document.querySelector(selector))
  const edged = style.borderTopStyle === 'solid' && style.borderTopColor !== page
  return !edged && style.outlineStyle !== 'solid'
})"""
"""Those that are not told from the page around them by an edge."""
SIGNS = """
return [...document.querySelectorAll('.negative')].map(amount => {
  const text = document.createTreeWalker(amount, NodeFilter.SHOW_TEXT).nextNode()
  const left = at => {
    const range = document.createRange()
    range.setStart(text, at)
    range.setEnd(text, at + 1)
    return range.getBoundingClientRect().left
  }
  return left(0) < left(1)
})"""
"""For each negative amount, whether its sign stands left of its digits."""
LINES = """
return [...document.querySelectorAll('mat-tree-node')].map(row =>
  new Set([...row.querySelectorAll('.nickname, .number, .amount')].map(cell => cell.getBoundingClientRect())
    .map(box => Math.round(box.top + box.height / 2))).size)"""
"""On how many lines the texts of each row stand."""
INK = """
const [text, paper] = ['color', 'backgroundColor'].map(property => getComputedStyle(document.body)[property])
return [text, paper].map(color => Math.min(...color.match(/[\\d.]+/g).slice(0, 3)))"""


@pytest.mark.parametrize(
    ("width", "height", "letters"), [(1280, 720, 32), (360, 640, 32), (640, 360, 16), (320, 256, 16)]
)
def test_larger_letters_and_a_zoomed_page_lose_no_text(
    tree: Browser, width: int, height: int, letters: int
) -> None:
    tree.screen.emulate(width=width, height=height)
    tree.screen.letters(letters)
    tree.screen.picture(f"letters-{letters}-{width}")
    assert tree.driver.execute_script(SIDEWAYS) <= 0
    assert tree.driver.execute_script(OUTSIDE) == []
    assert tree.driver.execute_script(INVISIBLE) == []
    assert tree.screen.violations() == []
    tree.driver.execute_script("document.querySelectorAll('.actions button')[2].click()")
    tree.find("input[name=nickname]")
    assert tree.driver.execute_script(CUT_OFF) == []


def test_with_forced_colors_badge_message_and_changed_row_have_edges(tree: Browser) -> None:
    tree.screen.show("screen", forced_colors="active")
    tree.press("Edit Rent")
    tree.fill("nickname", "Flat")
    tree.press("Save")
    tree.see("Flat was saved.")
    assert tree.driver.execute_script(EDGES, [".badge", ".message", ".lit"]) == []
    tree.screen.picture("forced-colors")


def test_without_motion_a_changed_row_is_lit_all_the_same(tree: Browser) -> None:
    tree.press("Edit Rent")
    tree.fill("nickname", "Flat")
    tree.press("Save")
    tree.see("Flat was saved.")
    colors, timing = tree.driver.execute_script(
        "const rows = [...document.querySelectorAll('.lit, .account:not(.lit)')].map(row => getComputedStyle(row))\n"
        "return [new Set(rows.map(row => row.backgroundColor)).size, "
        "getComputedStyle(document.querySelector('.lit')).animationTimingFunction]"
    )
    assert (colors, timing) == (2, "steps(1)")


def test_signs_and_arrows_are_right_where_text_runs_from_right_to_left(tree: Browser) -> None:
    tree.driver.execute_script("document.documentElement.dir = 'rtl'")
    tree.press("Collapse all")
    tree.until(lambda: tree.rows() == [TREE[0], TREE[4]])
    arrow = "return getComputedStyle(document.querySelector('.arrow')).transform"
    tree.until(lambda: tree.driver.execute_script(arrow).startswith("matrix(-1,"))
    tree.press("Expand all")
    tree.until(lambda: tree.rows() == TREE)
    assert tree.driver.execute_script(SIGNS) == [True]
    assert tree.driver.execute_script(OUTSIDE) == []
    assert tree.driver.execute_script(SIDEWAYS) <= 0


def test_paper_has_columns_in_dark_ink_and_no_buttons(tree: Browser) -> None:
    tree.screen.emulate(width=718, height=1000)
    tree.screen.show("print")
    assert set(tree.driver.execute_script(LINES)) == {1}
    text, paper = tree.driver.execute_script(INK)
    assert text < 60 < 200 < paper
    shown = [each.text for each in tree.all("button") if each.is_displayed()]
    assert [text.split("\n")[0] for text in shown] == ["Nickname", "Number", "Balance"]
    printed = tree.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.7})
    pages = re.findall(rb"/Type /Page\b(?!s)", base64.b64decode(printed["data"]))
    assert len(pages) == 1, "five accounts fit a page"
