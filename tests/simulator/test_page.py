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


@pytest.mark.browser
def test_the_page_shows_what_happens_and_its_buttons_work(browser: Any, start_simulator: Callable[..., Simulator]) -> None:
    simulator = start_simulator(ha=True)
    from selenium.webdriver.support.ui import WebDriverWait

    def wait(found: Callable[[], Any], what: str) -> Any:
        return WebDriverWait(browser, 20).until(lambda _driver: found(), what)

    def all_of(selector: str) -> list[Any]:
        return list(browser.find_elements("css selector", selector))

    def texts(selector: str) -> list[str]:
        return [element.text for element in all_of(selector)]

    browser.get(simulator.url)
    wait(lambda: "No virtual server yet" in browser.find_element("id", "topology").text, "the empty topology")
    assert {button.get_attribute("data-fault") for button in all_of("#fault-buttons button")} == set(KINDS)
    assert any("ns1" in text and "Primary" in text for text in texts("#fleet a"))

    nitro = Nitro(simulator.url)
    nitro.add("lbvserver", name="web", servicetype="HTTP", ipv46="203.0.113.10", port=80)
    nitro.add("service", name="svc", ip="198.51.100.9", servicetype="HTTP", port=80)
    nitro.bind("lbvserver_service_binding", name="web", servicename="svc")
    wait(lambda: all_of('#topology [data-kind="lbvserver"][data-name="web"]'), "the virtual server in the topology")
    wait(lambda: all_of("#topology .member.up"), "its service, up")
    wait(
        lambda: any("lbvserver_service_binding" in text and "201" in text for text in texts("#log li")), "its request in the log"
    )
    wait(lambda: browser.find_element("id", "unsaved").text == "unsaved changes", "the unsaved changes")

    browser.find_element("css selector", '#fault-form [name="kind"]').send_keys("lbvserver")
    browser.find_element("css selector", '#fault-buttons [data-fault="reject"]').click()
    wait(lambda: any("reject" in text for text in texts("#planned li")), "the planned fault")
    assert nitro.get("lbvserver").errorcode == 1043
    wait(lambda: any("1043" in text and "reject" in text for text in texts("#log li")), "the fault in the log")
    wait(lambda: not all_of("#planned li"), "no fault left")

    browser.find_element("id", "save").click()
    wait(lambda: browser.find_element("id", "unsaved").text == "saved", "the saved configuration")
    browser.find_element("css selector", '#objects [data-kind="lbvserver"]').click()
    wait(lambda: "web" in texts("#rows td"), "the objects of a kind")
    browser.find_element("id", "rows-close").click()
    browser.find_element("id", "failover").click()
    wait(lambda: any("ns1" in text and "Secondary" in text for text in texts("#fleet a")), "the other role")
    browser.find_element("id", "reset").click()
    wait(lambda: "No virtual server yet" in browser.find_element("id", "topology").text, "the empty topology after a reset")
    assert [entry for entry in browser.get_log("browser") if entry["level"] == "SEVERE"] == []
