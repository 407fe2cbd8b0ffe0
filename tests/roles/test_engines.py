# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Certificates of a real engine are made anew when they should be, with one restart each, and then left alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .conftest import Ground, role

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
SERIAL = "openssl x509 -noout -serial -in "
SHELF = r"""
set -e; mkdir -p /shelf/plugin/DEBIAN; cd /shelf
printf 'Package: docker-plugin\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: none\n' > plugin/DEBIAN/control
dpkg-deb --build plugin plugin.deb
size=$(stat -c %s plugin.deb); digest=$(sha256sum < plugin.deb | cut -d' ' -f1)
{ cat plugin/DEBIAN/control; printf 'Filename: ./plugin.deb\nSize: %s\nSHA256: %s\n' $size $digest; } > Packages
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/*
echo 'deb [trusted=yes] file:/shelf ./' > /etc/apt/sources.list
"""


@dataclass
class Engine:
    """The engine of n1, and what the role was told last."""

    ground: Ground
    wanted: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.ground.folder / "tls"

    def play(self, *options: str, **wanted: Any) -> Any:
        self.wanted |= wanted
        return self.ground.play(role("docker_host", "n1", docker_host_certificates=str(self.folder), **self.wanted), *options)

    def shell(self, command: str) -> str:
        return self.ground.net.nodes["n1"].shell(command).strip()

    @property
    def starts(self) -> int:
        return int(self.shell("journalctl --unit docker.service --output cat | grep -c '^Started '"))

    @property
    def serials(self) -> tuple[str, str]:
        """Of the engine's certificate and of the client's."""
        client = self.ground.net.run(["sh", "-c", f"{SERIAL} {self.folder / 'cert.pem'}"]).stdout
        return self.shell(f"{SERIAL} /etc/docker/tls/cert.pem"), client.strip()

    @property
    def authority(self) -> bytes:
        return (self.folder / "ca.pem").read_bytes()

    def answers(self, name: str = "10.231.0.11") -> bool:
        """Whether the client reaches it by this name, and both believe each other."""
        files = {"--cacert": "ca.pem", "--cert": "cert.pem", "--key": "key.pem"}
        options = [part for option, name in files.items() for part in (option, str(self.folder / name))]
        place = ["--resolve", f"{name}:2376:10.231.0.11", f"https://{name}:2376/_ping"]
        return self.ground.net.run(["curl", "-sS", *options, *place]).stdout == "OK"


@pytest.fixture(scope="module")
def engine(ground: Ground) -> Engine:
    made = Engine(ground)
    made.play(docker_host_days=10, docker_host_renew_days=5).some()
    assert made.answers()
    assert not made.answers("docker.example.com")
    return made


def test_a_new_name_makes_a_new_certificate_of_the_same_authority(engine: Engine) -> None:
    authority, starts, (its, clients) = engine.authority, engine.starts, engine.serials
    engine.play("--check", docker_host_names=["docker.example.com"]).some()
    assert engine.serials == (its, clients)
    engine.play().some()
    assert engine.answers("docker.example.com")
    assert (engine.authority, engine.starts, engine.serials[1]) == (authority, starts + 1, clients)
    assert engine.serials[0] != its


def test_certificates_that_end_soon_are_made_anew(engine: Engine) -> None:
    authority, starts, before = engine.authority, engine.starts, engine.serials
    engine.play().nothing()
    engine.play(docker_host_days=825, docker_host_renew_days=30).some()
    assert engine.answers()
    assert (engine.authority, engine.starts) == (authority, starts + 1)
    assert all(new != old for new, old in zip(engine.serials, before, strict=True))


def test_a_new_authority_signs_both_sides_anew(engine: Engine) -> None:
    starts, before = engine.starts, engine.serials
    engine.play().nothing()
    for name in ("ca.pem", "ca-key.pem"):
        (engine.folder / name).unlink()
    engine.play().some()
    assert engine.answers()
    assert engine.starts == starts + 1
    assert all(new != old for new, old in zip(engine.serials, before, strict=True))
    engine.play().nothing()


def test_a_restart_that_a_run_has_missed_is_made_up_for(engine: Engine) -> None:
    starts = engine.starts
    engine.shell("touch /etc/docker/daemon.json")  # as a run that broke off after it had written the file
    engine.play().some()
    assert engine.starts == starts + 1
    engine.play().nothing()


def test_a_package_that_is_missing_is_installed(engine: Engine) -> None:
    engine.shell(SHELF)
    # A package that dpkg has never heard of is an answer, too: it is not installed.
    ask = "dpkg-query --show --showformat '${db:Status-Status}' docker-plugin || true"
    engine.play("--check", docker_host_packages=["docker.io", "docker-plugin"]).some()
    assert engine.shell(ask) != "installed"
    engine.play().some()
    assert engine.shell(ask) == "installed"
    engine.play().nothing()
