# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What to ask a manager's API, and whether what came back can be believed.

An answer that is missing, cut off or about something else is `Unknown`, never an empty list: members would leave for it.
Tasks are asked for before nodes, so that a node that joined in between is in the list of nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from .errors import Refused, Unknown

Row = Mapping[str, Any]
LONGEST_QUOTE = 240  # of what somebody answered who is no Docker
SERVICE = {"ID": str, "Spec": Mapping, "Spec.Name": str, "Spec.Mode": Mapping}
TASK = {"ID": str, "ServiceID": str, "DesiredState": str, "Status": Mapping, "Status.State": str}
NODE = {"ID": str, "Spec": Mapping, "Status": Mapping, "Status.State": str}


@dataclass(frozen=True)
class Swarm:
    """Services and their tasks by the name that was asked for, and all nodes by their ID."""

    services: Mapping[str, Row]
    tasks: Mapping[str, Sequence[Row]]
    nodes: Mapping[str, Row]


def questions(services: Iterable[str]) -> list[dict[str, str]]:
    """The requests: ``what`` is asked for, ``of`` which service, and the ``path``."""
    asked: list[dict[str, str]] = []
    for name in dict.fromkeys(services):
        only = quote('{"desired-state":["running"],"service":["' + name + '"]}', safe="")
        asked.append({"what": "service", "of": name, "path": f"services/{quote(name, safe='')}"})
        asked.append({"what": "tasks", "of": name, "path": f"tasks?filters={only}"})
    return [*asked, {"what": "nodes", "of": "", "path": "nodes"}]


def swarm(results: Iterable[Row], services: Iterable[str]) -> Swarm:
    """What the results of `questions` tell; each is one of M(ansible.builtin.uri) with its question as ``item``."""
    found = {(str(one["item"]["what"]), str(one["item"]["of"])): one for one in results if isinstance(one.get("item"), Mapping)}
    names = list(dict.fromkeys(services))
    told = {name: _service(found.get(("service", name), {}), name) for name in names}
    tasks = {name: _tasks(found.get(("tasks", name), {}), name, str(told[name]["ID"])) for name in names}
    nodes = _rows(found.get(("nodes", ""), {}), "the list of nodes", NODE)
    if not nodes:
        raise Unknown("the list of nodes is empty, but a manager is a node itself")
    return Swarm(told, tasks, {str(node["ID"]): node for node in nodes})


def _service(result: Row, name: str) -> Row:
    what = f"service {name}"
    if result.get("status") == 404 and "service" in _message(result):
        raise _missing(name)
    row = _body(result, what)
    _shaped(row, what, SERVICE)
    # Docker also takes the beginning of another service's ID for an answer.
    if name not in (row["Spec"]["Name"], row["ID"]):
        raise _missing(name)
    return dict(row)


def _missing(name: str) -> Refused:
    return Refused(f"service {name}: the swarm has none of this name; swarm_frontend_state absent takes its front end away")


def _tasks(result: Row, name: str, identity: str) -> list[Row]:
    rows = _rows(result, f"the tasks of service {name}", TASK)
    if any(row["ServiceID"] != identity for row in rows):
        raise Unknown(f"the tasks that were given for service {name} are those of another")
    return rows


def _rows(result: Row, what: str, shape: Mapping[str, type]) -> list[Row]:
    rows = _body(result, what)
    if not isinstance(rows, list):
        raise Unknown(f"{what}: no list came back")
    for row in rows:
        _shaped(row, what, shape)
    return rows


def _shaped(row: Any, what: str, shape: Mapping[str, type]) -> None:
    for path, kind in shape.items():
        value = row
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if not isinstance(value, kind):
            raise Unknown(f"{what}: {path} is missing in what came back")


def _body(result: Row, what: str) -> Any:
    """The JSON of an answer that says 200."""
    status = result.get("status")
    if status == 200 and "json" in result:
        return result["json"]
    if status == 200:
        raise Unknown(f"{what}: what came back is no JSON: {_short(result.get('content')) or 'nothing'}")
    if not isinstance(status, int) or status < 100:
        said = str(result.get("msg") or "not asked").removeprefix("Status code was -1 and not [200]: ")
        raise Unknown(f"{what}: {_short(said)}")
    raise Unknown(f"{what}: HTTP {status}: {_message(result) or _short(result.get('content') or result.get('msg'))}")


def _message(result: Row) -> str:
    """Docker's own words in an answer that is an error."""
    body = result.get("json")
    return str(body.get("message", "")) if isinstance(body, Mapping) else ""


def _short(text: Any) -> str:
    words = " ".join(str(text or "").split())
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"
