# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""netscaler-certbot-hook 3, unmodified: install, nothing to do, renewal, chains, refusals. The certificates are real."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from nitrox.simulator.testing import Simulator
from tests.simulator.certificates import _key, certificate
from tests.simulator.nitro import Nitro

pytest.importorskip("netscaler_certbot_hook", reason="the clients extra is not installed")
fresh = certificate.__wrapped__  # a new serial number each time


def text(serial: int) -> str:
    return f"{serial:X}"


class Lineage:
    """The files that certbot leaves for one name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chain = self.issue_chain()
        self.cert = self.issue()

    def issue(self, key: str = "leaf", name: str = "www.example.com") -> x509.Certificate:
        """A new certificate, and its key."""
        self.cert = fresh(key, name, "ca", "Example CA")
        self.write("cert.pem", self.cert.public_bytes(Encoding.PEM))
        self.write("privkey.pem", _key(key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return self.cert

    def issue_chain(self) -> x509.Certificate:
        self.chain = fresh("ca", "Example CA", "ca", "Example CA", ca=True)
        self.write("chain.pem", self.chain.public_bytes(Encoding.PEM))
        return self.chain

    def write(self, name: str, content: bytes) -> None:
        (self.folder / name).write_bytes(content)

    def arguments(self) -> list[str]:
        names = {"--cert": "cert.pem", "--privkey": "privkey.pem", "--chain-cert": "chain.pem"}
        return [part for option, name in names.items() for part in (option, str(self.folder / name))]


@pytest.fixture
def lineage(tmp_path: Path) -> Lineage:
    return Lineage(tmp_path)


def next_second() -> None:
    """The hook names the files it uploads by the second."""
    now = int(time.time())
    while int(time.time()) == now:
        time.sleep(0.01)


def hook(simulator: Simulator, lineage: Lineage, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    next_second()
    target = {"NS_URL": simulator.url, "NS_LOGIN": "nsroot", "NS_PASSWORD": "nsroot", **environment}
    command = [sys.executable, "-m", "netscaler_certbot_hook", "--name", "www", *lineage.arguments(), *options]
    return subprocess.run(command, env={**os.environ, **target}, capture_output=True, text=True, timeout=60, check=False)


def installed(simulator: Simulator, name: str = "www") -> dict[str, object]:
    return Nitro(simulator.url).rows(f"sslcertkey/{name}")[0]


def posts(simulator: Simulator) -> dict[str, int]:
    found: dict[str, int] = simulator.counters()["requests"].get("POST", {})
    return found


def test_it_installs_certificate_key_and_chain_links_and_saves(simulator: Simulator, lineage: Lineage) -> None:
    done = hook(simulator, lineage)
    assert done.returncode == 0, done.stdout + done.stderr
    assert posts(simulator) == {"nsconfig": 1, "sslcertkey": 3, "systemfile": 3}
    row = installed(simulator)
    assert int(str(row["serial"]), 16) == lineage.cert.serial_number
    assert (row["linkcertkeyname"], row["status"]) == ("Example CA", "Valid")
    assert int(str(installed(simulator, "Example CA")["serial"]), 16) == lineage.chain.serial_number
    assert simulator.control("GET", "status")["unsaved"] is False


def test_a_second_run_changes_nothing(simulator: Simulator, lineage: Lineage) -> None:
    hook(simulator, lineage)
    before = posts(simulator)
    again = hook(simulator, lineage)
    assert again.returncode == 0, again.stdout
    assert "installed certificate matches our serial - nothing to do" in again.stdout
    assert posts(simulator) == before


def test_a_renewal_keeps_link_and_bindings(simulator: Simulator, lineage: Lineage) -> None:
    hook(simulator, lineage)
    nitro = Nitro(simulator.url)
    nitro.add("lbvserver", name="v443", servicetype="SSL", ipv46="203.0.113.10", port=443)
    nitro.bind("sslvserver_sslcertkey_binding", vservername="v443", certkeyname="www")
    old = installed(simulator)["serial"]
    renewed = lineage.issue(key="leaf-renewed")
    done = hook(simulator, lineage)
    assert done.returncode == 0, done.stdout + done.stderr
    row = installed(simulator)
    assert row["serial"] != old
    assert int(str(row["serial"]), 16) == renewed.serial_number
    assert row["linkcertkeyname"] == "Example CA"
    assert [bound["certkeyname"] for bound in nitro.rows("sslvserver_sslcertkey_binding/v443")] == ["www"]
    assert simulator.counters()["saves"] == 2


def test_a_certificate_for_another_domain_needs_leave(simulator: Simulator, lineage: Lineage) -> None:
    hook(simulator, lineage)
    other = lineage.issue(key="other", name="other.example.com")
    refused = hook(simulator, lineage)
    assert refused.returncode == 1, refused.stdout
    assert int(str(installed(simulator)["serial"]), 16) != other.serial_number
    done = hook(simulator, lineage, "--no-domain-check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(str(installed(simulator)["serial"]), 16) == other.serial_number


def test_a_new_chain_needs_leave(simulator: Simulator, lineage: Lineage) -> None:
    hook(simulator, lineage)
    chain = lineage.issue_chain()
    refused = hook(simulator, lineage)
    assert refused.returncode == 1
    assert "use --update-chain to allow updates" in refused.stdout + refused.stderr
    done = hook(simulator, lineage, "--update-chain")
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(str(installed(simulator, "Example CA")["serial"]), 16) == chain.serial_number
    assert installed(simulator)["linkcertkeyname"] == "Example CA"


def test_a_chain_of_another_name_is_linked_in_its_place(simulator: Simulator, lineage: Lineage) -> None:
    hook(simulator, lineage, "--chain", "E7")
    assert installed(simulator)["linkcertkeyname"] == "E7"
    lineage.issue_chain()
    done = hook(simulator, lineage, "--chain", "E8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert installed(simulator)["linkcertkeyname"] == "E8"
    assert simulator.counters()["saves"] == 2


def test_a_key_that_does_not_fit_leaves_everything_as_it_was(simulator: Simulator, lineage: Lineage) -> None:
    hook(simulator, lineage)
    before = installed(simulator)
    lineage.issue(key="leaf-renewed")
    lineage.write("privkey.pem", _key("other").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    refused = hook(simulator, lineage)
    assert refused.returncode == 1, refused.stdout
    assert "599" in refused.stdout + refused.stderr
    assert installed(simulator) == before


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        pytest.param({"NS_PASSWORD": "wrong"}, "401", id="wrong password"),
        pytest.param({"NS_URL": "http://127.0.0.1:9"}, "Failed to connect", id="unreachable"),
        pytest.param({"NS_URL": "ftp://127.0.0.1"}, "must start with http", id="no web address"),
    ],
)
def test_it_fails_clearly(simulator: Simulator, lineage: Lineage, environment: dict[str, str], message: str) -> None:
    failed = hook(simulator, lineage, **environment)
    assert failed.returncode == 1
    assert message in failed.stdout + failed.stderr
    assert "www" not in [row["certkey"] for row in simulator.state()["sslcertkey"]]
