# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What states name for ever, and what a resource costs."""

from __future__ import annotations

import base64
import json
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from pulumi.dynamic import dynamic

import pulumi_netscaler as netscaler
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.validate import unmanageable
from pulumi_netscaler import naming
from pulumi_netscaler.provider import load, reference

from .programs import run
from .server import Server

if TYPE_CHECKING:
    from nitrox.simulator.testing import Simulator

FROZEN = {
    "lbvserver": "gASVNgAAAAAAAACMGXB1bHVtaV9uZXRzY2FsZXIucHJvdmlkZXKUjARsb2FklJOUjAlsYnZzZXJ2ZXKUhZRSlC4=",
    "nitrox.Bindings": "gASVPAAAAAAAAACMGXB1bHVtaV9uZXRzY2FsZXIucHJvdmlkZXKUjARsb2FklJOUjA9uaXRyb3guQmluZGluZ3OUhZRSlC4=",
    "nitrox.Config": "gASVOgAAAAAAAACMGXB1bHVtaV9uZXRzY2FsZXIucHJvdmlkZXKUjARsb2FklJOUjA1uaXRyb3guQ29uZmlnlIWUUpQu",
    "nitrox.SavedConfig": "gASVPwAAAAAAAACMGXB1bHVtaV9uZXRzY2FsZXIucHJvdmlkZXKUjARsb2FklJOUjBJuaXRyb3guU2F2ZWRDb25maWeUhZRSlC4=",
}
TOKENS = {
    "lbvserver": "pulumi-python:dynamic/netscaler/lb:Lbvserver",
    "lbvserver_servicegroup_binding": "pulumi-python:dynamic/netscaler/lb:LbvserverServicegroupBinding",
    "nsfeature": "pulumi-python:dynamic/netscaler/ns:Nsfeature",
}
MOST = 1200  # bytes of a state that are ours, a resource
WEB = {
    "name": "shop-web-production",
    "servicetype": "HTTP",
    "ipv46": "203.0.113.10",
    "port": 443.0,
    "lbmethod": "LEASTCONNECTION",
    "persistencetype": "COOKIEINSERT",
    "timeout": 20.0,
    "cookiename": "SHOP",
    "comment": "the shop",
    "__name": "shop-web-production",
}


@pytest.mark.parametrize("name", FROZEN)
def test_the_reference_in_every_state_never_changes(name: str) -> None:
    assert reference(name) == FROZEN[name]
    assert pickle.loads(base64.b64decode(FROZEN[name])) is load(name)


def test_pulumi_would_write_the_same_reference() -> None:
    assert dynamic.serialize_provider(load("lbvserver")) == reference("lbvserver")


def test_a_reference_has_nothing_in_it_that_is_secret() -> None:
    assert load("lbvserver").serialize_as_secret_always is False


@pytest.mark.parametrize("name", TOKENS)
def test_types_never_change(name: str) -> None:
    assert naming.token(catalogue.kind(name)) == TOKENS[name]


def test_every_manageable_kind_has_a_class_of_its_own() -> None:
    kinds = [kind for kind in catalogue.kinds() if not unmanageable(kind)]
    found = {naming.token(kind): getattr(getattr(netscaler, kind.package), naming.class_name(kind.name)) for kind in kinds}
    assert len(found) == len(kinds) > 800
    assert {one.NITRO_KIND for one in found.values()} == {kind.name for kind in kinds}


def test_ids_lead_back_to_keys() -> None:
    for kind in catalogue.kinds():
        keys = {name: f"a b/{n}" if kind.attributes[name].type == "string" else n + 1 for n, name in enumerate(kind.keys)}
        keys = {name: value for name, value in keys.items() if not kind.attributes[name].values}
        back = naming.keys_of(kind, naming.resource_id(kind, keys))
        assert kind.identity(back) == kind.identity(keys) or not any(kind.identity(keys)), kind.name


def test_two_thousand_resources_in_one_program() -> None:
    def program() -> Any:
        made = [netscaler.Server(f"s{n}", ipaddress=f"10.0.{n // 250}.{n % 250 + 1}") for n in range(2000)]
        return pulumi.Output.all(*(one.id for one in made))

    assert len(run(program).resources) == 2000


def test_our_part_of_the_state_is_small(server: Server, simulator: Simulator) -> None:
    inputs, failures = server.check("lbvserver", WEB)
    assert not failures
    id_, outs = server.create("lbvserver", inputs)
    link = {"__provider": reference("lbvserver")}
    ours = {"id": id_, "inputs": {**inputs, **link}, "outputs": {**outs, **link}}
    assert len(json.dumps(ours)) < MOST


def test_importing_the_package_loads_nothing() -> None:
    code = "import sys, pulumi; before = set(sys.modules); import pulumi_netscaler; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in loaded if name != "pulumi_netscaler" and not name.startswith(("importlib", "json"))]


def test_a_program_never_loads_what_runs_in_the_provider() -> None:
    code = (
        "import sys, pulumi_netscaler as ns; ns.Lbvserver, ns.Config, ns.Frontend, ns.Provider, ns.Members\n"
        "print(*(name for name in sys.modules if name.startswith('pulumi_netscaler.crud') or name == 'requests'))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []
