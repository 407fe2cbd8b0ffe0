# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Situations of an appliance that a monitoring plugin is to judge."""

from __future__ import annotations

import base64

from nitrox.simulator.testing import Simulator
from tests.simulator.certificates import pem
from tests.simulator.nitro import Nitro


def mutate(simulator: Simulator, **body: object) -> None:
    simulator.control("POST", "mutate", body)


def nothing(_simulator: Simulator, _nitro: Nitro) -> None:
    """As it comes."""


def web(_simulator: Simulator, nitro: Nitro) -> None:
    """Two virtual servers, one with a group of two members and one with a service; a backup for the first."""
    nitro.add("lbvserver", name="spare", servicetype="HTTP")
    nitro.add("lbvserver", name="web", servicetype="HTTP", ipv46="203.0.113.10", port=80, backupvserver="spare")
    nitro.add("servicegroup", servicegroupname="group", servicetype="HTTP")
    for last in (1, 2):
        member = {"servicegroupname": "group", "ip": f"198.51.100.{last}", "port": 80}
        nitro.bind("servicegroup_servicegroupmember_binding", **member)
    nitro.add("service", name="svc", ip="198.51.100.9", servicetype="HTTP", port=80)
    nitro.bind("lbvserver_servicegroup_binding", name="web", servicegroupname="group")
    nitro.bind("lbvserver_service_binding", name="spare", servicename="svc")


def half_down(simulator: Simulator, nitro: Nitro) -> None:
    web(simulator, nitro)
    mutate(simulator, kind="servicegroup_servicegroupmember_binding", key={"ip": "198.51.100.1"}, set={"_health": "DOWN"})


def all_down(simulator: Simulator, nitro: Nitro) -> None:
    half_down(simulator, nitro)
    mutate(simulator, kind="servicegroup_servicegroupmember_binding", key={"ip": "198.51.100.2"}, set={"_health": "DOWN"})


def service_disabled(simulator: Simulator, nitro: Nitro) -> None:
    web(simulator, nitro)
    nitro.post("service?action=disable", {"service": {"name": "svc"}})


def member_disabled(simulator: Simulator, nitro: Nitro) -> None:
    web(simulator, nitro)
    nitro.post(
        "servicegroup?action=disable", {"servicegroup": {"servicegroupname": "group", "servername": "198.51.100.1", "port": 80}}
    )


def certificate(_simulator: Simulator, nitro: Nitro) -> None:
    """A certificate that is good for 90 days."""
    for name, part in (("leaf.crt", "leaf-cert"), ("leaf.key", "leaf-key")):
        content = base64.b64encode(pem(part)).decode()
        file = {"filename": name, "filelocation": "/nsconfig/ssl", "filecontent": content, "fileencoding": "BASE64"}
        nitro.add("systemfile", **file)
    nitro.add("sslcertkey", certkey="leaf", cert="leaf.crt", key="leaf.key")


def expired(simulator: Simulator, nitro: Nitro) -> None:
    certificate(simulator, nitro)
    simulator.control("POST", "clock", {"advance": 100 * 86400})


def saved(_simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("server", name="one", ipaddress="198.51.100.1")
    nitro.post("nsconfig?action=save", {"nsconfig": {}})


def unsaved(_simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("server", name="one", ipaddress="198.51.100.1")


def authorities(_simulator: Simulator, nitro: Nitro) -> None:
    for last in (1, 2):
        nitro.bind("vpnglobal_staserver_binding", staserver=f"http://198.51.100.{last}")


def one_authority_down(simulator: Simulator, nitro: Nitro) -> None:
    authorities(simulator, nitro)
    mutate(simulator, kind="vpnglobal_staserver_binding", key={"staserver": "http://198.51.100.1"}, set={"_health": "DOWN"})


def no_authority_up(simulator: Simulator, nitro: Nitro) -> None:
    one_authority_down(simulator, nitro)
    mutate(simulator, kind="vpnglobal_staserver_binding", key={"staserver": "http://198.51.100.2"}, set={"_health": "DOWN"})


def gateway(_simulator: Simulator, nitro: Nitro) -> None:
    nitro.add("vpnvserver", name="gw", servicetype="SSL", ipv46="203.0.113.20", port=443)
    nitro.bind("vpnvserver_staserver_binding", name="gw", staserver="http://198.51.100.1")


def peers(_simulator: Simulator, nitro: Nitro) -> None:
    for last in (1, 2):
        nitro.add("ntpserver", serverip=f"198.51.100.{last}")
    nitro.post("ntpsync?action=enable", {"ntpsync": {}})


def lonely_clock(_simulator: Simulator, nitro: Nitro) -> None:
    nitro.post("ntpsync?action=enable", {"ntpsync": {}})


def lease(simulator: Simulator, _nitro: Nitro) -> None:
    mutate(simulator, kind="nslaslicense", add={"status": "ACTIVE", "daystoexpiration": 20, "renewalnextdate": "2027-01-01"})
