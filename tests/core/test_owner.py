# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Ownership: a register on the appliance, pruning of what is ours, respect for what is others', secrets that changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument

from .converging import apps, done, members, names, opened, rows, run

if TYPE_CHECKING:
    from tests.conftest import Simulator

ROWS = "policystringmap_pattern_binding"
NOTHING: dict[str, Any] = {"nsmode": {"mode": ["FR"]}}  # which is on from the start; an empty document is refused
LB = {"lbvserver": {"web": {"servicetype": "HTTP"}}}


def register(simulator: Simulator, owner: str = "shop") -> set[str]:
    """What the register of an owner has."""
    return {row["key"] for row in rows(simulator, ROWS) if row["name"] == f"nitrox_owner_{owner}"}


def test_without_an_owner_nothing_is_registered(simulator: Simulator) -> None:
    done(simulator, apps(1))
    assert rows(simulator, ROWS) == []
    assert simulator.count("GET", ROWS) == 0


def test_what_is_created_is_registered_and_a_second_run_has_nothing_to_do(simulator: Simulator) -> None:
    done(simulator, apps(1), owner="shop")
    assert register(simulator) == {"lbvserver app0", "servicegroup app0"}
    before = simulator.counters()["requests_total"]
    assert done(simulator, apps(1), owner="shop") == []
    assert simulator.counters()["requests_total"] - before == 4 + 1 + 2  # four kinds, the register, login and logout


def test_bookkeeping_is_not_part_of_a_diff(simulator: Simulator) -> None:
    plan, _ = run(simulator, LB, owner="shop")
    assert set(plan.diff()["after"]) == {"lbvserver"}
    assert plan.explain()[-1] == "~ the register of owners: 2 entries"


def test_pruning_deletes_what_is_ours_and_no_longer_declared(simulator: Simulator) -> None:
    done(simulator, {"lbvserver": {"foreign": {"servicetype": "HTTP"}}})
    done(simulator, apps(3), owner="shop")
    done(simulator, apps(2), owner="shop", prune=True)
    assert names(simulator, "lbvserver") == {"app0", "app1", "foreign"}
    assert names(simulator, "servicegroup") == {"app0", "app1"}
    assert register(simulator) == {"lbvserver app0", "lbvserver app1", "servicegroup app0", "servicegroup app1"}
    assert done(simulator, apps(2), owner="shop", prune=True) == []


def test_without_prune_nothing_is_deleted(simulator: Simulator) -> None:
    done(simulator, apps(2), owner="shop")
    assert done(simulator, apps(1), owner="shop") == []
    assert names(simulator, "lbvserver") == {"app0", "app1"}


def test_a_pruned_group_is_unbound_first(simulator: Simulator) -> None:
    data = apps(1)
    data["servicegroup"]["spare"] = {"servicetype": "HTTP"}
    data["lbvserver"]["app0"]["bindings"]["servicegroup"] = ["app0", "spare"]
    done(simulator, data, owner="shop")
    verbs = [step.rsplit(" ", 1)[0] for step in done(simulator, apps(1), owner="shop", prune=True)]
    assert verbs.index("unbind lbvserver_servicegroup_binding app0") < verbs.index("delete servicegroup")


def test_two_owners_of_one_object_are_refused(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    with pytest.raises(InvalidDocument, match=r"lbvserver\.web: belongs to owner shop, not to blog"):
        run(simulator, LB, owner="blog")
    assert register(simulator, "blog") == set()


def test_an_absent_document_is_struck_off(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    done(simulator, LB, owner="shop", present=False)
    assert register(simulator) == set()
    assert names(simulator, "lbvserver") == set()


def test_an_entry_stays_while_its_object_could_not_be_deleted(simulator: Simulator) -> None:
    done(simulator, apps(2), owner="shop")
    simulator.faults({"fault": "reject", "method": "DELETE", "kind": "lbvserver", "errorcode": 315})
    _, outcome = run(simulator, apps(1), owner="shop", prune=True, on_error="continue")
    assert [item.errorcode for item in outcome.failed] == [315]
    assert "lbvserver app1" in register(simulator)
    assert done(simulator, apps(1), owner="shop", prune=True) != []
    assert register(simulator) == {"lbvserver app0", "servicegroup app0"}


def test_registration_comes_before_creation(simulator: Simulator) -> None:
    simulator.faults({"fault": "reject", "method": "POST", "kind": "lbvserver", "errorcode": 1074, "times": 0})
    _, outcome = run(simulator, LB, owner="shop")
    assert not outcome.ok
    assert register(simulator) == {"lbvserver web"}


def test_what_could_not_be_registered_is_not_created(simulator: Simulator) -> None:
    simulator.faults({"fault": "fail_item", "method": "PUT", "kind": ROWS, "item": 0, "errorcode": 1097})
    _, outcome = run(simulator, apps(2), owner="shop", on_error="continue")
    assert next(str(item) for item in outcome.items if item.status == "not_tried") == (
        f"not tried: create lbvserver app0: it depends on {ROWS} nitrox_owner_shop lbvserver app0, which failed"
    )
    assert names(simulator, "lbvserver") == {"app1"}
    assert done(simulator, apps(2), owner="shop")
    assert register(simulator) == {"lbvserver app0", "lbvserver app1", "servicegroup app0", "servicegroup app1"}


def user(password: str) -> dict[str, Any]:
    return {"systemuser": {"joe": {"password": password}}}


def test_a_changed_secret_is_noticed_with_an_owner(simulator: Simulator) -> None:
    done(simulator, user("First-1"), owner="shop")
    assert done(simulator, user("First-1"), owner="shop") == []
    with opened(simulator) as session:
        plan, _ = converge(session, parse(user("Second-2")), owner="shop", check=True)
    assert [change.verb for change in plan.changes if not change.quiet] == ["update"]
    assert "Second-2" not in f"{plan} {plan.diff()} {plan.explain()}"
    done(simulator, user("Second-2"), owner="shop")
    assert done(simulator, user("Second-2"), owner="shop") == []


def test_no_secret_is_in_the_register(simulator: Simulator) -> None:
    done(simulator, user("First-1"), owner="shop")
    (row,) = [row for row in rows(simulator, ROWS) if row["key"] == "systemuser joe"]
    assert "First-1" not in str(row)
    assert "salt" in row["value"]


def test_a_secret_that_was_refused_is_written_again(simulator: Simulator) -> None:
    done(simulator, user("First-1"), owner="shop")
    simulator.faults({"fault": "reject", "method": "PUT", "kind": "systemuser", "errorcode": 1614})
    _, outcome = run(simulator, user("Second-2"), owner="shop")
    assert not outcome.ok
    assert done(simulator, user("Second-2"), owner="shop")[0] == "update systemuser joe"


def test_names_with_spaces_and_parts_survive_the_register(simulator: Simulator) -> None:
    data = {"lbvserver": {"my web": {"servicetype": "HTTP"}}, "lbmonitor": {"ok": {"type": "HTTP"}}}
    done(simulator, data, owner="shop")
    assert register(simulator) == {"lbvserver my%20web", "lbmonitor ok HTTP"}
    done(simulator, LB, owner="shop", prune=True)
    assert names(simulator, "lbvserver") == {"web"}
    assert "ok" not in names(simulator, "lbmonitor")


@pytest.mark.parametrize("owner", ["", "two words", "ü", "a/b", 'a"b', "x" * 115])
def test_an_owner_that_nitro_cannot_name_is_refused(simulator: Simulator, owner: str) -> None:
    with pytest.raises(InvalidDocument, match=r"owner: .*up to 114 letters, digits and _ are allowed"):
        run(simulator, LB, owner=owner)


def test_an_owner_name_at_its_limit_is_taken(simulator: Simulator) -> None:
    owner = "x" * 114
    done(simulator, LB, owner=owner)
    assert register(simulator, owner) == {"lbvserver web"}
    assert done(simulator, NOTHING, owner=owner, prune=True) == ["delete lbvserver web", *strikes(owner)]


def strikes(owner: str) -> list[str]:
    return [f"unbind {ROWS} nitrox_owner_{owner} lbvserver web"]


@pytest.mark.parametrize("name", ["x" * 127, "my #1 web", "a=b@c:d", "web.x - y"])
def test_awkward_names_are_owned_and_pruned(simulator: Simulator, name: str) -> None:
    data = {"lbvserver": {name: {"servicetype": "HTTP"}}}
    done(simulator, data, owner="shop")
    assert done(simulator, data, owner="shop", prune=True) == []
    done(simulator, NOTHING, owner="shop", prune=True)
    assert names(simulator, "lbvserver") == set()
    assert register(simulator) == set()


@pytest.mark.parametrize("present", [True, False])
def test_what_exists_and_is_not_registered_is_somebody_elses(simulator: Simulator, present: bool) -> None:
    done(simulator, LB)
    before = simulator.state()
    with pytest.raises(InvalidDocument, match=r"lbvserver\.web: exists, and shop did not make it; adopt takes it over"):
        run(simulator, {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "mine"}}}, owner="shop", present=present)
    assert simulator.state() == before


def test_adopting_takes_over_what_exists(simulator: Simulator) -> None:
    done(simulator, LB)
    done(simulator, LB, owner="shop", adopt=True)
    assert register(simulator) == {"lbvserver web"}
    assert done(simulator, LB, owner="shop", adopt=True) == []
    done(simulator, NOTHING, owner="shop", prune=True)
    assert names(simulator, "lbvserver") == set()


def test_adopting_takes_over_from_another_owner(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    done(simulator, LB, owner="blog", adopt=True)
    assert register(simulator) == set()
    assert register(simulator, "blog") == {"lbvserver web"}
    assert done(simulator, NOTHING, owner="shop", prune=True) == []
    assert names(simulator, "lbvserver") == {"web"}


@pytest.mark.parametrize("option", ["prune", "adopt"])
def test_without_an_owner_nothing_is_pruned_or_adopted(simulator: Simulator, option: str) -> None:
    with pytest.raises(InvalidDocument, match=f"{option}: needs an owner"):
        run(simulator, LB, **{option: True})


def test_a_renamed_object_stays_ours(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    new = {"lbvserver": {"shop": {"servicetype": "HTTP", "rename_from": "web"}}}
    assert "rename lbvserver shop" in done(simulator, new, owner="shop", prune=True)
    assert register(simulator) == {"lbvserver shop"}
    assert done(simulator, new, owner="shop", prune=True) == []


def test_members_that_others_added_survive_unless_the_set_is_declared(simulator: Simulator) -> None:
    group = {"servicegroup": {"g": {"servicetype": "HTTP"}}}
    done(simulator, group, owner="shop")
    done(simulator, {"servicegroup_servicegroupmember_binding": [{"servicegroupname": "g", "ip": "192.0.2.9", "port": 80}]})
    assert done(simulator, group, owner="shop", prune=True) == []
    assert members(simulator, "g") == {("192.0.2.9", 80)}
    group["servicegroup"]["g"]["bindings"] = {"servicegroupmember": []}
    done(simulator, group, owner="shop", prune=True)
    assert members(simulator, "g") == set()


def tampered(simulator: Simulator, value: str, key: str = "lbvserver web") -> None:
    done(simulator, {ROWS: [{"name": "nitrox_owner_shop", "key": key, "value": value}]})


@pytest.mark.parametrize("value", ["", "{", '{"v":1,"salt":', "[]", '{"v":1,"secrets":7,"salt":null}', '{"v":"x"}'])
def test_a_damaged_entry_is_still_ours(simulator: Simulator, value: str) -> None:
    done(simulator, user("First-1") | LB, owner="shop")
    tampered(simulator, value or "-")
    tampered(simulator, value or "-", "systemuser joe")
    done(simulator, user("First-1") | LB, owner="shop")
    assert done(simulator, user("First-1") | LB, owner="shop") == []
    done(simulator, NOTHING, owner="shop", prune=True)
    assert "joe" not in names(simulator, "systemuser")
    assert names(simulator, "lbvserver") == set()


def test_a_row_that_is_no_entry_is_left_alone(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    tampered(simulator, "?", key="what is this")
    done(simulator, NOTHING, owner="shop", prune=True)
    assert register(simulator) == {"what is this"}


def test_an_entry_of_a_newer_release_stops_everything(simulator: Simulator) -> None:
    done(simulator, LB, owner="shop")
    tampered(simulator, '{"v":2,"sealed":"x"}')
    with pytest.raises(InvalidDocument, match="a newer release of nitrox wrote the register entry of lbvserver web"):
        run(simulator, NOTHING, owner="shop", prune=True)
    assert names(simulator, "lbvserver") == {"web"}


def test_ten_thousand_objects_are_registered_in_a_few_requests(simulator: Simulator) -> None:
    data = {"server": {f"s{n}": {"ipaddress": f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}"} for n in range(10_000)}}
    before = simulator.count("PUT", ROWS)
    done(simulator, data, owner="shop")
    assert simulator.count("PUT", ROWS) - before == 10
    assert len(register(simulator)) == 10_000
    before = simulator.counters()["requests_total"]
    assert done(simulator, data, owner="shop", prune=True) == []
    assert simulator.counters()["requests_total"] - before <= 8
