# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The web page in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nitrox.simulator.faults import KINDS
from nitrox.simulator.testing import Simulator

from .nitro import Nitro

BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FLAGS = ("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
         "disable-component-update", "disable-sync", "window-size=1500,1100")  # fmt: skip


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Any]:
    """Chromium without a window; skipped where it is not installed."""
    if not BROWSER or not DRIVER:
        pytest.skip("no chromium or no chromedriver: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    for flag in (*FLAGS, f"user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


class Page:
    """The page, as a person sees it."""

    def __init__(self, browser: Any, simulator: Simulator) -> None:
        self.browser, self.simulator = browser, simulator
        browser.get(simulator.url)
        self.wait("the empty topology", lambda: "No virtual server yet" in self.text("topology"))

    def wait(self, what: str, seen: Callable[[], Any]) -> None:
        from selenium.common.exceptions import StaleElementReferenceException
        from selenium.webdriver.support.ui import WebDriverWait

        redrawn = [StaleElementReferenceException]  # the page draws itself anew while it is read
        WebDriverWait(self.browser, 20, ignored_exceptions=redrawn).until(lambda _driver: seen(), what)

    def text(self, id_: str) -> str:
        return str(self.browser.find_element("id", id_).text)

    def texts(self, selector: str) -> list[str]:
        return [str(element.text) for element in self.browser.find_elements("css selector", selector)]

    def has(self, selector: str, *words: str) -> bool:
        return any(all(word in text for word in words) for text in self.texts(selector))

    def click(self, selector: str) -> None:
        self.wait(selector, lambda: self.browser.find_element("css selector", selector).click() or True)


@pytest.mark.browser
def test_the_page_shows_what_happens_and_its_buttons_work(browser: Any, start_simulator: Callable[..., Simulator]) -> None:
    page = Page(browser, start_simulator(ha=True))
    nitro = Nitro(page.simulator.url)
    configuration_appears(page, nitro)
    a_fault_is_planned_and_hits(page, nitro)
    page.click("#save")
    page.wait("the saved configuration", lambda: page.text("unsaved") == "saved")
    page.click('#objects [data-kind="lbvserver"]')
    page.wait("the objects of a kind", lambda: "web" in page.texts("#rows td"))
    page.click("#rows-close")
    page.click("#failover")
    page.wait("the other role", lambda: page.has("#fleet a", "ns1", "Secondary"))
    page.click("#reset")
    page.wait("the empty topology after a reset", lambda: "No virtual server yet" in page.text("topology"))
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []


def configuration_appears(page: Page, nitro: Nitro) -> None:
    page.wait("the role", lambda: page.has("#fleet a", "ns1", "Primary"))
    nitro.add("lbvserver", name="web", servicetype="HTTP", ipv46="203.0.113.10", port=80)
    nitro.add("service", name="svc", ip="198.51.100.9", servicetype="HTTP", port=80)
    nitro.bind("lbvserver_service_binding", name="web", servicename="svc")
    page.wait(
        "the virtual server", lambda: page.has('#topology [data-kind="lbvserver"][data-name="web"]', "web", "203.0.113.10:80")
    )
    page.wait("its service, up", lambda: page.has("#topology .member.up", "svc"))
    page.wait("its request in the log", lambda: page.has("#log li", "PUT", "lbvserver_service_binding", "201"))
    page.wait("the unsaved changes", lambda: page.text("unsaved") == "unsaved changes")


def a_fault_is_planned_and_hits(page: Page, nitro: Nitro) -> None:
    buttons = page.browser.find_elements("css selector", "#fault-buttons button")
    assert {button.get_attribute("data-fault") for button in buttons} == set(KINDS)
    page.browser.find_element("css selector", '#fault-form [name="kind"]').send_keys("lbvserver")
    page.click('#fault-buttons [data-fault="reject"]')
    page.wait("the planned fault", lambda: page.has("#planned li", "reject", "lbvserver", "1043", "1 left"))
    assert nitro.get("lbvserver").errorcode == 1043
    page.wait("the fault in the log", lambda: page.has("#log li", "GET", "reject", "1043 Internal error"))
    page.wait("no fault left", lambda: not page.texts("#planned li"))
