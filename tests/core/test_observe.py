# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Reading what a document mentions: as few requests as possible, and never "absent" where it could not be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.errors import InvalidDocument, NitroError
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observation import Absent, Present
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.observe import observe

from .converging import done, opened, run
from .scripted import MISSING, Scripted, says, session, shows

if TYPE_CHECKING:
    from tests.conftest import Simulator


def reads(simulator: Simulator, data: dict[str, Any]) -> list[str]:
    """The GETs of an observation."""
    with opened(simulator) as opened_session:
        observe(opened_session, parse(data))
        return [entry["path"].partition("/config/")[2] for entry in opened_session.requests if entry["method"] == "GET"]


def named(count: int) -> dict[str, Any]:
    return {"lbvserver": {f"v{n}": {"servicetype": "HTTP"} for n in range(count)}}


def test_one_is_read_by_name(simulator: Simulator) -> None:
    assert reads(simulator, named(1)) == ["lbvserver/v0"]


@pytest.mark.parametrize("count", [2, 100])
def test_several_are_read_with_one_request(simulator: Simulator, count: int) -> None:
    (path,) = reads(simulator, named(count))
    assert path.split("?")[0] == "lbvserver"


def group(count: int, **bindings: Any) -> dict[str, Any]:
    return {"servicegroup": {f"g{n}": {"servicetype": "HTTP", "bindings": bindings} for n in range(count)}}


@pytest.mark.parametrize("count", [1, 50])
def test_all_bindings_of_one_parent_kind_are_read_with_one_request(simulator: Simulator, count: int) -> None:
    data = group(count, servicegroupmember=[{"ip": "192.0.2.1", "port": 80}], lbmonitor=["ping"])
    done(simulator, data)
    assert [path.split("?")[0].split("/")[0] for path in reads(simulator, data)] == ["servicegroup", "servicegroup_binding"]


def test_a_binding_kind_that_the_umbrella_does_not_show_is_read_by_itself(simulator: Simulator) -> None:
    """It may have no rows, or the release may not nest it: that is not the same."""
    sets = {"servicegroup": ["g0"], "responderpolicy": []}
    data = {"lbvserver": {name: {"servicetype": "HTTP", "bindings": sets} for name in ("a", "b")}}
    done(simulator, {**group(1), **data})
    kinds = ["lbvserver", "lbvserver_binding", "lbvserver_responderpolicy_binding"]
    assert [path.split("?")[0] for path in reads(simulator, data)] == kinds


def test_an_appliance_that_refuses_the_umbrella_is_read_kind_by_kind(simulator: Simulator) -> None:
    data = group(2, servicegroupmember=[{"ip": "192.0.2.1", "port": 80}], lbmonitor=["ping"])
    done(simulator, data)
    refused = {"fault": "reject", "kind": "servicegroup_binding", "errorcode": 1097, "times": 2}
    simulator.faults(refused)
    kinds = ["servicegroup", "servicegroup_servicegroupmember_binding", "servicegroup_lbmonitor_binding"]
    assert [path.split("?")[0] for path in reads(simulator, data) if "servicegroup_binding" not in path] == kinds
    assert done(simulator, data) == []


def test_bindings_of_parents_that_do_not_exist_are_not_read(simulator: Simulator) -> None:
    data = {"lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": []}}}}
    assert reads(simulator, data) == ["lbvserver/web"]
    done(simulator, data)
    assert reads(simulator, data) == ["lbvserver/web", "lbvserver_servicegroup_binding/web"]


def test_bindings_of_many_parents_are_one_bulk_request(simulator: Simulator) -> None:
    data = {"lbvserver": {f"v{n}": {"servicetype": "HTTP", "bindings": {"servicegroup": []}} for n in range(5)}}
    done(simulator, data)
    found = reads(simulator, data)
    assert [path.split("?")[0] for path in found] == ["lbvserver", "lbvserver_servicegroup_binding"]
    assert "bulkbindings=yes" in found[1]


def test_what_a_new_row_names_is_looked_for(simulator: Simulator) -> None:
    data = {"lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": ["none"]}}}}
    with pytest.raises(InvalidDocument, match="'none': there is no servicegroup of that name"):
        run(simulator, data)
    assert simulator.count("POST", "lbvserver") == 0


def test_what_is_bound_already_is_not_looked_for(simulator: Simulator) -> None:
    done(simulator, {"servicegroup": {"g": {"servicetype": "HTTP"}}})
    data = {"lbvserver": {"web": {"servicetype": "HTTP", "bindings": {"servicegroup": ["g"]}}}}
    assert reads(simulator, data) == ["lbvserver/web", "servicegroup/g"]
    done(simulator, data)
    assert reads(simulator, data) == ["lbvserver/web", "lbvserver_servicegroup_binding/web"]


def test_a_file_is_read_with_its_contents(simulator: Simulator) -> None:
    files = [{"filename": f"f{n}.txt", "filelocation": "/nsconfig/ssl", "filecontent": "YQ=="} for n in range(4)]
    found = reads(simulator, {"systemfile": files})
    assert found == [f"systemfile/f{n}.txt?args=filelocation:%2Fnsconfig%2Fssl" for n in range(4)]


def test_kinds_without_a_named_read_are_listed_once(simulator: Simulator) -> None:
    data = {"route": [{"network": f"10.{n}.0.0", "netmask": "255.255.0.0", "gateway": "192.0.2.1"} for n in range(2)]}
    assert [path.split("?")[0] for path in reads(simulator, data)] == ["route"]


def test_an_implicit_kind_that_only_carries_bindings_is_not_read() -> None:
    data = {"sslvserver": {"web": {"bindings": {"sslcertkey": []}}}}
    transport = Scripted({"GET sslvserver_sslcertkey_binding": says(461, "No such Vserver", status=404)})
    observe(session(transport), parse(data))
    assert transport.seen == ["POST login", "GET sslvserver_sslcertkey_binding/web"]


def test_present_and_absent_are_told_apart() -> None:
    script = {"GET lbvserver": [shows("lbvserver", [{"name": "v0"}]), MISSING]}
    found = observe(session(Scripted(script)), parse(named(2)))
    assert found.objects["lbvserver", ("v0",)] == Present({"name": "v0"})
    assert found.objects["lbvserver", ("v1",)] == Absent()


@pytest.mark.parametrize("count", [1, 5], ids=["by name", "all at once"])
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(says(371, "No command policy defined, permission denied", status=403), id="no permission"),
        pytest.param(says(1074, "Invalid value", status=400), id="refused"),
    ],
)
def test_what_cannot_be_read_is_not_absent(count: int, answer: Any) -> None:
    opened_session = session(Scripted({"GET lbvserver": answer}))
    with pytest.raises(NitroError, match=r"permission denied|Invalid value"):
        observe(opened_session, parse(named(count))).values(catalogue.kind("lbvserver"), ("v0",))


def test_a_global_set_is_read_for_each_bind_point_that_is_not_shown() -> None:
    name = "responderglobal_responderpolicy_binding"
    rows = {name: [{"policyname": "p", "type": "REQ_OVERRIDE", "priority": 1}]}
    shown = shows(name, [{"policyname": "q", "type": "REQ_DEFAULT"}])
    transport = Scripted(
        {f"GET {name}": [shown, shows(name, [{"policyname": "p", "priority": "1"}])], "GET responderpolicy": MISSING}
    )
    found = observe(session(transport), parse(rows))
    assert [row["policyname"] for row in found.rows[name, ""]] == ["q", "p"]
    assert [seen.split("?")[-1].split("&")[0] for seen in transport.seen[1:3]][-1] == "args=type:REQ_OVERRIDE"
