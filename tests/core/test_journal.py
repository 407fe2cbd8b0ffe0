# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Journals on disk, and what is taken back from them: also after the controller died at any request."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue, wire
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.converge import converge
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.document import parse
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.journal import KEPT, BadJournal, Place, Record, read
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.outcome import Outcome
from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro.rollback import prepare, roll_back

from .converging import apps, done, names, opened, rows

if TYPE_CHECKING:
    from tests.conftest import Simulator

MEMBER, MAP = "servicegroup_servicegroupmember_binding", "policystringmap"
LB = {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "new"}}}


class Killed(BaseException):
    """What SIGKILL looks like from inside."""


def place(simulator: Simulator, folder: Path, owner: str = "") -> Place:
    with opened(simulator) as session:
        return Place(folder, session.target, owner)


def journaled(simulator: Simulator, folder: Path, data: Any, *, die_at: int = 0, owner: str = "", **options: Any) -> Path:
    """Apply with a journal, and be killed right after that many writes; the journal's path."""
    where = place(simulator, folder, owner)
    with opened(simulator) as session:
        _dies(session, die_at)
        with suppress(Killed):
            converge(session, parse(data), journal=where, owner=owner or None, **options)
        return where.journals()[0]


def _dies(session: Any, at: int) -> None:
    original, sent = session.send, []

    def send(request: Any) -> Any:
        if at and len(sent) >= at:  # a dead process sends nothing, not even to tidy up
            raise Killed
        answer = original(request)
        if not request.safe:
            sent.append(request)
        if len(sent) == at:
            raise Killed
        return answer

    session.send = send


def taken_back(simulator: Simulator, record: Record) -> Outcome:
    with opened(simulator) as session:
        return roll_back(session, prepare(session, record))


def changed() -> dict[str, Any]:
    """Everything that an apply can do to `apps(2)`: create, update, delete, bind, unbind."""
    data = apps(1) | {"lbmonitor": {"ok": {"type": "HTTP"}}}
    data["lbvserver"]["app0"]["lbmethod"] = "ROUNDROBIN"
    data["lbvserver"]["app0"]["bindings"]["servicegroup"] = ["new"]
    data["servicegroup"]["app0"]["bindings"]["servicegroupmember"] = [{"ip": "10.7.7.7", "port": 80}]
    data["servicegroup"]["new"] = {"servicetype": "HTTP", "bindings": {"lbmonitor": ["ok"]}}
    return data


def test_a_journal_is_private_and_complete(simulator: Simulator, tmp_path: Path) -> None:
    path = journaled(simulator, tmp_path / "j", LB, owner="shop")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    record = read(path)
    assert record.end == "done"
    assert record.done == set(range(len(record.changes)))
    assert record.document == {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "new"}}}


def test_a_run_that_changes_nothing_writes_no_journal(simulator: Simulator, tmp_path: Path) -> None:
    journaled(simulator, tmp_path, LB)
    journaled(simulator, tmp_path, LB)
    assert len(place(simulator, tmp_path).journals()) == 1


def test_no_secret_is_in_a_journal(simulator: Simulator, tmp_path: Path) -> None:
    data = {
        "systemuser": {"joe": {"password": "Geheim-1"}},
        "lbmonitor": {"db": {"type": "MYSQL", "username": "u", "password": "Geheim-2", "database": "d", "sqlquery": "select 1;"}},
        "systemfile": [
            {"filename": "x.key", "filelocation": "/nsconfig/ssl", "filecontent": "R2VoZWltLTM=", "fileencoding": "BASE64"}
        ],
    }
    path = journaled(simulator, tmp_path, data, owner="shop")
    assert "Geheim" not in path.read_text()
    assert "R2VoZWltLTM" not in path.read_text()


def test_only_the_latest_journals_are_kept_and_none_that_was_cut_off(simulator: Simulator, tmp_path: Path) -> None:
    cut_off = journaled(simulator, tmp_path, {"lbvserver": {"first": {"servicetype": "HTTP"}}}, die_at=1)
    for number in range(KEPT + 3):
        journaled(simulator, tmp_path, {"lbvserver": {"web": {"servicetype": "HTTP", "comment": f"{number}"}}})
    found = place(simulator, tmp_path).journals()
    assert len(found) == KEPT + 1
    assert found[-1] == cut_off


def test_a_finished_apply_is_taken_back(simulator: Simulator, tmp_path: Path) -> None:
    done(simulator, apps(2), owner="shop")
    before = configured(simulator)
    path = journaled(simulator, tmp_path, changed(), owner="shop", prune=True)
    assert configured(simulator) != before
    assert taken_back(simulator, read(path)).ok
    assert configured(simulator) == before


def writes() -> range:
    return range(1, 18)


@pytest.mark.parametrize("at", writes())
def test_a_controller_that_was_killed_after_any_write_is_rolled_back(simulator: Simulator, tmp_path: Path, at: int) -> None:
    done(simulator, apps(2), owner="shop")
    before = configured(simulator)
    path = journaled(simulator, tmp_path, changed(), owner="shop", prune=True, die_at=at + 1)  # the lease comes first
    record = read(path)
    assert record.end == ""
    outcome = taken_back(simulator, record)
    assert outcome.ok, outcome.summary()
    assert configured(simulator) == before


def test_all_writes_are_covered_by_the_test_above(simulator: Simulator, tmp_path: Path) -> None:
    done(simulator, apps(2), owner="shop")
    path = journaled(simulator, tmp_path, changed(), owner="shop", prune=True)
    sent = sum('"sending"' in line for line in path.read_text().splitlines())
    assert sent == len(writes())


@pytest.mark.parametrize("at", [1, 5, 9])
def test_a_killed_apply_can_simply_be_run_again(simulator: Simulator, tmp_path: Path, at: int) -> None:
    done(simulator, apps(2), owner="shop")
    journaled(simulator, tmp_path, changed(), owner="shop", prune=True, die_at=at + 1)
    with opened(simulator) as session:
        _expire_lease(session)
    done(simulator, changed(), owner="shop", prune=True)
    assert done(simulator, changed(), owner="shop", prune=True) == []


def _expire_lease(session: Any) -> None:
    session.send(wire.delete(catalogue.kind(MAP), {"name": "nitrox_lease_shop"}))


KINDS = (
    "lbvserver",
    "servicegroup",
    "lbmonitor",
    "server",
    "lbvserver_servicegroup_binding",
    MEMBER,
    MAP,
    f"{MAP}_pattern_binding",
)
VOLATILE = ("tickssince", "statechangetime", "thresholdvalue")


def configured(simulator: Simulator) -> dict[str, Any]:
    """All objects as a GET shows them, in any order; without the lease that a killed controller leaves."""
    with opened(simulator) as session:
        found = {name: session.read_all(catalogue.kind(name)) for name in KINDS}
    return {name: sorted(_steady(row) for row in rows if "nitrox_lease" not in str(row)) for name, rows in found.items()}


def _steady(row: dict[str, Any]) -> str:
    return str({name: value for name, value in sorted(row.items()) if not name.startswith(VOLATILE)})


def test_what_was_changed_since_is_left_alone_and_named(simulator: Simulator, tmp_path: Path) -> None:
    done(simulator, {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "old"}}})
    path = journaled(simulator, tmp_path, LB | {"server": {"s": {"ipaddress": "192.0.2.1"}}})
    done(simulator, {"lbvserver": {"web": {"servicetype": "HTTP", "comment": "theirs"}}})
    outcome = taken_back(simulator, read(path))
    assert not outcome.ok
    assert [str(item) for item in outcome.items if not item.ok] == [
        "not tried: update lbvserver web: was changed since, and is left alone"
    ]
    assert names(simulator, "server") == set()
    assert rows(simulator, "lbvserver")[0]["comment"] == "theirs"


def test_what_cannot_be_brought_back_is_named(simulator: Simulator, tmp_path: Path) -> None:
    done(simulator, {"systemuser": {"joe": {"password": "Geheim-1"}}}, owner="shop")
    path = journaled(simulator, tmp_path, {"nsmode": {"mode": ["FR"]}}, owner="shop", prune=True)
    outcome = taken_back(simulator, read(path))
    assert [item.message for item in outcome.items if not item.ok] == ["password cannot be read, so it cannot be created again"]


def lines(path: Path) -> list[str]:
    return path.read_text().splitlines()


def written(path: Path, found: list[str]) -> Path:
    path.write_text("\n".join(found) + "\n")
    return path


def edited(path: Path, **values: Any) -> Path:
    first, *rest = lines(path)
    return written(path, [json.dumps({**json.loads(first), **values}), *rest])


def test_a_last_line_that_was_cut_off_is_not_there(simulator: Simulator, tmp_path: Path) -> None:
    path = journaled(simulator, tmp_path, LB)
    path.write_text(path.read_text()[:-5])
    assert read(path).end == ""


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda path: path.write_text(""), "is empty, or was cut off before anything was sent"),
        (lambda path: path.write_bytes(b"\xff\xfe\n"), "cannot be read"),
        (lambda path: written(path, ["{}", *lines(path)[1:]]), "is no journal of nitrox"),
        (lambda path: written(path, [lines(path)[0], "{broken", *lines(path)[1:]]), "line 2 is damaged"),
        (lambda path: written(path, [lines(path)[0], '{"sending":[99]}']), "line 2 is damaged"),
        (lambda path: written(path, [lines(path)[0], '{"finished":[[0,"perhaps"]]}']), "line 2 is damaged"),
        (lambda path: edited(path, changes=[{"verb": "create"}]), "line 1 is damaged"),
        (lambda path: edited(path, changes=[{"kind": "nonesuch"}]), "line 1 is damaged"),
        (lambda path: edited(path, nitrox_journal=2), r"newer release of nitrox \(version 2, this one knows 1\)"),
        (lambda path: path.unlink(), "cannot be read: No such file"),
    ],
)
def test_a_damaged_journal_is_refused(simulator: Simulator, tmp_path: Path, damage: Any, message: str) -> None:
    path = journaled(simulator, tmp_path, LB)
    damage(path)
    with pytest.raises(BadJournal, match=message):
        read(path)


def test_a_journal_of_another_target_or_owner_is_refused(simulator: Simulator, tmp_path: Path) -> None:
    record = read(journaled(simulator, tmp_path, LB, owner="shop"))
    with pytest.raises(BadJournal, match="is of owner shop, not of blog; nothing was sent"):
        place(simulator, tmp_path, "blog").checked(record)
    other = Place(tmp_path, opened(simulator, url="https://192.0.2.1").target, "shop")
    with pytest.raises(BadJournal, match=r"is of http://127\.0\.0\.1:\d+, not of https://192\.0\.2\.1"):
        other.checked(record)
