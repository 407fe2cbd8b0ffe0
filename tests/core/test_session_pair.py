# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Two nodes of a pair: reads go anywhere, writes to the primary only (PROTOCOL 13)."""

from __future__ import annotations

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import NotReady, OutcomeUnknown, Unreachable
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.link import ROLE_AGE
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.transport import Answer

from .scripted import ONE, TWO, Clock, Scripted, Store, primary, says, session

LB = catalogue.kind("lbvserver")
ADD = wire.add(LB, {"name": "web", "servicetype": "HTTP"})
PAIR = f"{ONE},{TWO}"
SECONDARY = primary(state="Secondary")


def test_one_address_costs_no_question_about_its_role() -> None:
    transport = Scripted()
    session(transport).send(ADD)
    assert not [line for line in transport.seen if "hanode" in line]


@pytest.mark.parametrize("state", ["Primary", "PRIMARY"])
def test_of_two_nodes_the_primary_is_found(state: str) -> None:
    transport = Scripted({"GET 192.0.2.1 hanode": SECONDARY, "GET 192.0.2.2 hanode": primary(state=state)})
    with session(transport, url=PAIR) as opened:
        opened.send(ADD)
        opened.send(ADD)
    writes = [host for host, line in zip(transport.hosts, transport.seen, strict=True) if "lbvserver" in line]
    assert writes == ["192.0.2.2", "192.0.2.2"]
    assert [line for line in transport.seen if "hanode" in line] == ["GET hanode/0"] * 2
    assert transport.seen.count("POST logout") == 2  # no session is left behind on either


def test_a_node_that_is_down_is_passed_over() -> None:
    transport = Scripted({"POST 192.0.2.1 login": Unreachable("refused"), "GET hanode": primary()})
    assert session(transport, url=PAIR).send(ADD).ok
    assert transport.hosts[-1] == "192.0.2.2"


def test_a_node_without_a_pair_is_as_good_as_a_primary() -> None:
    transport = Scripted({"GET hanode": says()})
    assert session(transport, url=PAIR).send(ADD).ok


def test_only_a_secondary_takes_reads_but_no_writes() -> None:
    down = Unreachable("192.0.2.1 refused")
    transport = Scripted({"POST 192.0.2.1 login": down, "GET hanode": SECONDARY, "GET lbvserver": says(lbvserver=[])})
    opened = session(transport, url=PAIR, retries=1)
    assert opened.read_all(LB) == []
    with pytest.raises(NotReady, match=r"192\.0\.2\.2 is a secondary node and no primary is reachable.*refused"):
        opened.send(ADD)
    assert not [line for line in transport.seen if line.startswith("POST lbvserver")]


def test_both_nodes_down_says_so_of_both() -> None:
    script = {"POST 192.0.2.1 login": Unreachable("one refused"), "POST 192.0.2.2 login": Unreachable("two refused")}
    with pytest.raises(Unreachable, match="one refused; two refused"):
        session(Scripted(script), url=PAIR, retries=0).send(ADD)


def test_a_role_is_not_trusted_for_long() -> None:
    script = {"GET 192.0.2.1 hanode": [primary(), SECONDARY], "GET 192.0.2.2 hanode": primary()}
    transport, clock = Scripted(script), Clock()
    opened = session(transport, clock, url=PAIR)
    opened.send(ADD)
    clock.now += ROLE_AGE
    opened.send(ADD)
    clock.now += ROLE_AGE + 1
    opened.send(ADD)
    writes = [host for host, line in zip(transport.hosts, transport.seen, strict=True) if "lbvserver" in line]
    assert writes == ["192.0.2.1", "192.0.2.1", "192.0.2.2"]


def test_a_write_that_met_a_secondary_goes_to_the_primary() -> None:
    warned = Answer(209, {"X-NITRO-WARNING": "1028 - You are connected to a secondary node"}, b"")
    script = {
        "GET 192.0.2.1 hanode": [primary(), SECONDARY],
        "GET 192.0.2.2 hanode": primary(),
        "POST 192.0.2.1 lbvserver": warned,
    }
    transport = Scripted(script)
    assert session(transport, url=PAIR).send(ADD).ok
    assert transport.hosts[-1] == "192.0.2.2"


def test_after_a_lost_answer_the_other_node_may_be_the_one_to_ask() -> None:
    script = {
        "GET 192.0.2.1 hanode": [primary(), SECONDARY],
        "GET 192.0.2.2 hanode": primary(),
        "POST 192.0.2.1 lbvserver": OutcomeUnknown("lost"),
    }
    transport = Scripted(script)
    opened = session(transport, url=PAIR)
    with pytest.raises(OutcomeUnknown, match="lost"):
        opened.send(ADD)
    opened.read_all(LB)
    assert transport.hosts[-1] == "192.0.2.2"


def test_a_stored_login_of_a_pair_is_asked_for_its_role_before_a_write_only() -> None:
    transport = Scripted({"GET hanode": primary()})
    opened = session(transport, url=PAIR, token_store=Store(f"##old {TWO}"))
    opened.read_all(LB)
    opened.send(ADD)
    assert [line.split("?")[0] for line in transport.seen] == ["GET lbvserver", "GET hanode/0", "POST lbvserver"]
    assert set(transport.hosts) == {"192.0.2.2"}
