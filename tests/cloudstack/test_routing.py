# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The rules that a virtual router is given."""

from __future__ import annotations

import re

from nitrox.cloudstack.machines import Allowed, Balance, Forward, Network
from nitrox.cloudstack.routing import rules

ANY = ("0.0.0.0/0",)


def isolated(*allowed: Allowed, egress_open: bool = False) -> list[str]:
    return rules({0: Network("n", "n", "10.1.1.0/24", "10.1.1.1", rules=allowed, egress_open=egress_open)}).splitlines()


def test_a_range_of_ports_keeps_its_distances() -> None:
    forward = Forward("198.18.0.10", "tcp", (8000, 8002), "10.1.1.5", 80)
    text = rules({0: Network("n", "n", "10.1.1.0/24", "10.1.1.1", source_nat="198.18.0.9", forwards=(forward,))})
    assert "-d 198.18.0.10 -p tcp --dport 8000:8002 -j DNAT --to-destination 10.1.1.5:80-82/8000" in text
    assert "-A POSTROUTING -s 10.1.1.0/24 -o public -j SNAT --to-source 198.18.0.9" in text


def test_static_nat_yields_to_forwards_and_goes_out_by_its_own_address() -> None:
    whole, narrow = Forward("198.18.0.10", "all", None, "10.1.1.5"), Forward("198.18.0.10", "tcp", (80, 80), "10.1.1.6", 8080)
    lines = rules({0: Network("n", "n", "10.1.1.0/24", "10.1.1.1", "", "198.18.0.9", (whole, narrow))}).splitlines()
    destinations = [line.rpartition(" ")[2] for line in lines if "DNAT" in line]
    sources = [line.rpartition(" ")[2] for line in lines if "SNAT" in line]
    assert destinations == ["10.1.1.6:8080", "10.1.1.5"]
    assert sources == ["198.18.0.10", "198.18.0.9"]


def test_egress_is_closed_with_exceptions_or_open_with_exceptions() -> None:
    rule = Allowed("egress", "tcp", (443, 443), ("10.1.1.0/24",), ANY)
    closed, opened = isolated(rule), isolated(rule, egress_open=True)
    match = "-A out0 -p tcp -s 10.1.1.0/24 -d 0.0.0.0/0  --dport 443:443 -j "
    assert [match + "RETURN" in closed, "-A out0 -j DROP" in closed] == [True, True]
    assert [match + "DROP" in opened, "-A out0 -j DROP" in opened] == [True, False]


def test_an_acl_is_read_in_its_order_by_every_tier() -> None:
    deny, allow = Allowed("ingress", "tcp", (22, 22), ANY, allow=False), Allowed("ingress", "all", None, ("10.0.0.0/8",))
    tiers = [Network(name, name, f"10.{number}.0.0/24", f"10.{number}.0.1", "v", rules=(deny, allow), egress_open=True)
             for number, name in enumerate("ab")]  # fmt: skip
    verdicts = [line.split()[-1] for line in rules(dict(enumerate(tiers))).splitlines() if line.startswith("-A in1")]
    assert verdicts == ["DROP", "ACCEPT", "DROP"]
    assert "-A FORWARD -o guest1 -j in1" in rules(dict(enumerate(tiers)))


def test_members_are_taken_in_turn() -> None:
    balance = Balance("198.18.0.10", 80, "roundrobin", (("10.1.1.5", 8080), ("10.1.1.6", 8080), ("10.1.1.7", 8080)))
    text = rules({0: Network("n", "n", "10.1.1.0/24", "10.1.1.1", balances=(balance,))})
    turns = [
        re.findall(r"--every (\d) --packet 0 .*--to-destination (\S+)", line) for line in text.splitlines() if "--every" in line
    ]
    assert turns == [[("3", "10.1.1.5:8080")], [("2", "10.1.1.6:8080")], [("1", "10.1.1.7:8080")]]


def test_a_firewall_sees_the_public_address_and_pings_are_answered_where_icmp_is_let_in() -> None:
    web = Allowed("ingress", "tcp", (80, 80), ("192.0.2.0/24",), address="198.18.0.10")
    ping = Allowed("ingress", "icmp", None, ANY, address="198.18.0.10")
    lines = isolated(web, ping)
    assert any(
        "-s 192.0.2.0/24" in line and "--ctorigdst 198.18.0.10" in line and "--ctorigdstport 80:80" in line for line in lines
    )
    assert "-A INPUT -i public -p icmp -s 0.0.0.0/0 -d 198.18.0.10 -j ACCEPT" in lines
