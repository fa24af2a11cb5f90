"""Headless Chromium on the accounts page, as a person would use it: by what is on the screen."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parents[2]
AXE = ROOT / "web/node_modules/axe-core/axe.min.js"
PICTURES = os.environ.get("ACCOUNTSCTL_SCREENSHOTS")
PATIENCE = 30
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--force-device-scale-factor=1",
    # A mouse, which Chromium without a screen has not.
    "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
)


def needed(*paths: str | Path | None) -> None:
    """Skip where one of these is missing; in CI, where they are installed, that is a failure."""
    missing = [path for path in paths if path is None or not Path(path).exists()]
    if missing and os.environ.get("CI"):
        pytest.fail(f"CI has to have Chromium, its driver and the built page; {missing} are missing")
    if missing:
        pytest.skip("needs Chromium, chromedriver and the built page (python tools/build_page.py)")


@dataclass(frozen=True)
class Screen:
    """What a tab is shown on: its size and scheme, its network, its console, and pictures of it."""

    driver: webdriver.Chrome

    def violations(self) -> list[str]:
        """What axe finds wrong on the page as it is now."""
        self.driver.execute_script(AXE.read_text())
        found = self.driver.execute_async_script("axe.run().then(arguments[0])")
        return [
            f"{each['id']}: {node['html']} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def emulate(self, *, width: int = 1100, height: int = 800, scheme: str = "light") -> None:
        """A screen of this size, of a person who prefers this scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.prefer(scheme)

    def prefer(self, scheme: str) -> None:
        """The light or the dark scheme, on the screen as it is."""
        self.show("screen", scheme=scheme)

    def show(self, media: str, *, scheme: str = "light", forced_colors: str = "none") -> None:
        """On a screen or on paper (`print`), to a person who also may choose the colors ("active")."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
            {"name": "forced-colors", "value": forced_colors},
        ]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": features})

    def letters(self, pixels: int) -> None:
        """The size of letters that the browser's settings name; 16 is the usual one."""
        self.driver.execute_cdp_cmd("Page.setFontSizes", {"fontSizes": {"standard": pixels}})

    def complaints(self) -> list[str]:
        """The console's errors since the last call."""
        read_log: Any = self.driver.get_log  # Selenium does not annotate it.
        return [entry["message"] for entry in read_log("browser") if entry["level"] == "SEVERE"]

    def picture(self, name: str) -> None:
        """Keep a screenshot where ACCOUNTSCTL_SCREENSHOTS names a folder."""
        keep(f"{name}.png", self.driver.get_screenshot_as_png)

    def looks_right(self, name: str) -> None:
        """In both schemes axe finds nothing, and nothing is wider than the screen; a picture is kept of each."""
        for scheme in ("dark", "light"):
            self.prefer(scheme)
            self.picture(f"{name}-{scheme}")
            found = self.violations()
            assert found == [], f"{name}, {scheme}: {found}"
        wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.driver.execute_script(wider) <= 0, name

    def slow_down(self, milliseconds: int) -> None:
        """Every response takes this much longer from now on; 0 ends it."""
        conditions = {
            "offline": False,
            "latency": milliseconds,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        }
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)

    def reset(self) -> None:
        """As a new visitor: nothing stored, a desk's screen."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        self.driver.execute_script("localStorage.clear(); sessionStorage.clear()")
        self.letters(16)
        self.emulate()
        self.complaints()


@dataclass(frozen=True)
class Keyboard:
    """The keyboard, and the element that has the focus."""

    driver: webdriver.Chrome

    def press(self, *keys: str) -> None:
        """Type into whatever has the focus."""
        for key in keys:
            self.driver.switch_to.active_element.send_keys(key)

    def focused(self) -> str:
        return self.driver.switch_to.active_element.text


@dataclass(frozen=True)
class Browser:
    """A tab: what a person reads in it, and does with it."""

    driver: webdriver.Chrome
    screen: Screen
    keyboard: Keyboard

    def open(self, url: str) -> None:
        self.driver.get(url)

    def text(self) -> str:
        return self.driver.find_element(By.TAG_NAME, "body").text

    def until(self, what: Callable[[], Any]) -> Any:
        """Wait until `what` gives something true; the assertion shows what was on the screen instead."""
        ignored = [StaleElementReferenceException]
        waiting = WebDriverWait(self.driver, PATIENCE, 0.05, ignored)
        try:
            return waiting.until(lambda _: what())
        except Exception as error:
            raise AssertionError(
                f"never came; on the screen:\n{self.text()}\n{self.screen.complaints()}"
            ) from error

    def see(self, text: str) -> None:
        self.until(lambda: text in self.text())

    def gone(self, text: str) -> None:
        self.until(lambda: text not in self.text())

    def find(self, selector: str) -> WebElement:
        """An element on the screen, once it is there."""
        found: WebElement = self.until(lambda: next(iter(self.all(selector)), None))
        return found

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def press(self, label: str) -> None:
        """Press the button of this label."""

        def button() -> WebElement | None:
            return next(
                (each for each in self.all("button") if _label(each) == label and each.is_enabled()), None
            )

        self.until(button).click()

    def fill(self, name: str, value: str) -> None:
        box = self.find(f"input[name={name}]")
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(value)

    def sign_in(self, user: dict[str, str]) -> None:
        self.fill("username", user["username"])
        self.fill("password", user["password"])
        self.press("Sign in")

    def rows(self) -> list[str]:
        """The rows of the tree: the texts of each, joined by bars."""
        found: list[str] = self.driver.execute_script(
            "return [...document.querySelectorAll('mat-tree-node')].map(row =>"
            " row.matches('.more') ? row.textContent.trim() :"
            " [...row.querySelectorAll('.nickname, .number, .amount')]"
            ".map(each => each.textContent.trim()).join(' | '))"
        )
        return found


def keep(name: str, content: str | Callable[[], bytes]) -> None:
    """Keep an artefact where ACCOUNTSCTL_SCREENSHOTS names a folder; it is made only then."""
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        (Path(PICTURES) / name).write_bytes(content.encode() if isinstance(content, str) else content())


def _label(button: WebElement) -> str:
    return button.get_attribute("aria-label") or button.text


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    needed(binary, driver, AXE, ROOT / "accountsctl/adapters/page_dist/index.html")
    options = Options()
    options.binary_location = str(binary)
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Service(str(driver)))
    try:
        yield Browser(started, Screen(started), Keyboard(started))
    finally:
        started.quit()


def read_user(root: Path) -> dict[str, str]:
    """The demo user of a project's embedded cloud."""
    user: dict[str, str] = json.loads((root / "amplify/.local/demo-user.json").read_text())
    return user
