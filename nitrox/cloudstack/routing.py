# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The rules of a virtual router, as iptables-restore reads them: what is let in and out, and where addresses lead.

A firewall lets in by public address and port, as they were before translation. An ACL of a VPC sees what arrives at the
machine. Every network has a chain for what leaves it and one for what enters it, so traffic between tiers passes both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from .machines import Allowed, Balance, Forward, Network

PUBLIC = "public"  # the router's card to the outside


def card(number: int) -> str:
    """The router's card in its network of that number."""
    return f"guest{number}"


def rules(networks: Mapping[int, Network]) -> str:
    """All rules of a router with these numbered networks, for ``iptables-restore``."""
    nat = [line for network in networks.values() for line in _translation(network)]
    chains = [f":{way}{number} - [0:0]" for number in networks for way in ("out", "in")]
    inputs = [line for network in networks.values() for line in _pings(network)]
    forward = [
        "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
        # Within a network nothing is filtered; where br_netfilter is loaded it would pass here.
        *(f"-A FORWARD -i {card(number)} -o {card(number)} -j ACCEPT" for number in networks),
        *(f"-A FORWARD -i {card(number)} -j out{number}" for number in networks),
        *(f"-A FORWARD -o {card(number)} -j in{number}" for number in networks),
        f"-A FORWARD -o {PUBLIC} -j ACCEPT",
    ]
    filters = [line for number, network in networks.items() for line in (*_leaving(number, network), *_entering(number, network))]
    head = ["*filter", ":INPUT ACCEPT [0:0]", ":FORWARD DROP [0:0]", ":OUTPUT ACCEPT [0:0]", *chains]
    tail = [f"-A INPUT -i {PUBLIC} -j DROP", "COMMIT"]
    return "\n".join([*head, *inputs, *forward, *filters, *tail, "*nat", *nat, "COMMIT", ""])


def _translation(network: Network) -> Iterator[str]:
    """Narrow ones first: forwards, balancing, then addresses that lead to one machine whole."""
    for forward in sorted(network.forwards, key=lambda one: one.ports is None):
        yield f"-A PREROUTING -d {forward.address} {_protocol(forward.protocol)} {_destination(forward)}"
    for balance in network.balances:
        yield from _balancing(balance)
    for forward in network.forwards:
        if forward.ports is None:
            yield f"-A POSTROUTING -s {forward.to_address} -o {PUBLIC} -j SNAT --to-source {forward.address}"
    if network.source_nat:
        yield f"-A POSTROUTING -s {network.cidr} -o {PUBLIC} -j SNAT --to-source {network.source_nat}"


def _destination(forward: Forward) -> str:
    if forward.ports is None:
        return f"-j DNAT --to-destination {forward.to_address}"
    first, last = forward.ports
    ports = f"{forward.to_port}-{forward.to_port + last - first}/{first}" if last > first else str(forward.to_port)
    return f"--dport {first}:{last} -j DNAT --to-destination {forward.to_address}:{ports}"


def _balancing(balance: Balance) -> Iterator[str]:
    """Each member in turn, whatever the algorithm is called."""
    for number, (address, port) in enumerate(balance.members):
        turn = f"-m statistic --mode nth --every {len(balance.members) - number} --packet 0"
        to = f"-j DNAT --to-destination {address}:{port}"
        yield f"-A PREROUTING -d {balance.address} -p tcp --dport {balance.port} {turn} {to}"


def _protocol(name: str) -> str:
    return "" if name.lower() == "all" else f"-p {name.lower()}"


def _pings(network: Network) -> Iterator[str]:
    """The router itself answers for its public addresses, where the firewall lets ICMP in."""
    for rule in network.rules:
        if rule.direction == "ingress" and rule.address and rule.protocol.lower() in {"icmp", "all"}:
            for source in rule.sources or ("0.0.0.0/0",):
                yield f"-A INPUT -i {PUBLIC} -p icmp -s {source} -d {rule.address} -j ACCEPT"


def _leaving(number: int, network: Network) -> Iterator[str]:
    """An ACL says what to do; egress rules of an isolated network are exceptions from what its offering lets out."""
    for rule in network.rules:
        if rule.direction == "egress":
            let = rule.allow if network.vpc else not network.egress_open
            sources, targets = ((), rule.sources) if network.vpc else (rule.sources, rule.destinations)
            yield from _matches(f"out{number}", rule, sources, targets, "RETURN" if let else "DROP")
    if not network.egress_open:
        yield f"-A out{number} -j DROP"


def _entering(number: int, network: Network) -> Iterator[str]:
    for rule in network.rules:
        if rule.direction == "ingress":
            yield from _matches(f"in{number}", rule, rule.sources, (), "ACCEPT" if rule.allow else "DROP")
    yield f"-A in{number} -j DROP"


def _matches(chain: str, rule: Allowed, sources: tuple[str, ...], targets: tuple[str, ...], verdict: str) -> Iterator[str]:
    any_address = ("0.0.0.0/0",)
    ports = ""
    if rule.ports is not None and rule.protocol.lower() in {"tcp", "udp"}:
        first, last = rule.ports
        ports = f"-m conntrack --ctorigdstport {first}:{last}" if rule.address else f"--dport {first}:{last}"
    before = f"-m conntrack --ctorigdst {rule.address}" if rule.address else ""
    for source, target in product(sources or any_address, targets or any_address):
        where = f"-s {source} -d {target}"
        yield f"-A {chain} {_protocol(rule.protocol)} {where} {before} {ports} -j {verdict}"
