# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""What there is in the cloud, as far as a cluster is concerned: listed once, and again what was changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from .client import Client
from .wanted import TAG, Wanted

Row = dict[str, Any]
LISTS: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "lists.json").read_text(encoding="utf-8"))
IN_VPC, NOT_IN_VPC = {"vpc", "acllist", "acl", "vpc_address"}, {"address", "egress", "firewall"}


class Seen:
    """Rows by kind, and the one row of each kind that is this cluster's."""

    def __init__(self, client: Client, wanted: Wanted, zone: Row, project: str | None) -> None:
        self.client, self.wanted, self.zone, self.project = client, wanted, zone, project
        self.rows: dict[str, list[Row]] = {}
        self.kinds = [kind for kind in LISTS if kind not in (NOT_IN_VPC if wanted.vpc else IN_VPC)]
        self.predicting = False  # what is made of something that is not there yet is planned, too
        self.answered: dict[str, str] = {}  # what was made in this run → its id, where the answer told that
        self.known: dict[str, dict[str, str]] = {}  # kind of offering or template → name → id

    def look(self, kinds: Iterable[str] = ()) -> None:
        """List these kinds, or all."""
        for kind in [kind for kind in self.kinds if not kinds or kind in kinds]:
            scope = {name: self.identity(of) for name, of in LISTS[kind]["scope"].items()}
            self.rows[kind] = self._list(kind, scope) if all(scope.values()) else []

    def _list(self, kind: str, scope: dict[str, str]) -> list[Row]:
        project = {"projectid": self.project} if self.project else {}
        return self.client.list(LISTS[kind]["command"], LISTS[kind]["item"], **scope, **project)

    def identity(self, of: str) -> str:
        """The id of the zone, or of the VPC, network or ACL list that is ours; empty where there is none."""
        row = self.zone if of == "zone" else next(iter(self.ours(of)), None)
        return str(row["id"]) if row else ""

    def ours(self, kind: str) -> list[Row]:
        """Our VPCs, networks or ACL lists, the one to keep first: a repeated call may have made several."""
        name = self.name(kind)
        found = [row for row in self.rows.get(kind, ()) if row["name"] == name and self._is_marked(kind, row)]
        return sorted(
            found, key=lambda row: (row.get("state") not in {"Implemented", "Enabled"}, row.get("created", ""), row["id"])
        )

    def name(self, kind: str) -> str:
        """What our VPC, network or ACL list is called."""
        wanted = self.wanted
        return str({"network": wanted.network, "vpc": wanted.vpc or {}}.get(kind, {"name": wanted.name}).get("name", ""))

    def _is_marked(self, kind: str, row: Row) -> bool:
        if kind == "acllist":
            return row.get("vpcid") == self.identity("vpc")
        inside = kind != "network" or (row.get("vpcid") or "") == (self.identity("vpc") if self.wanted.vpc else "")
        return inside and row.get("displaytext") == self.wanted.text

    @property
    def addresses(self) -> list[Row]:
        """The public addresses of our network or VPC."""
        return self.rows["vpc_address" if self.wanted.vpc else "address"]

    def purposes(self) -> dict[str, Row]:
        """The addresses that are marked as ours, by purpose; of several with one purpose the oldest."""
        found: dict[str, Row] = {}
        for row in sorted(self.addresses, key=lambda row: (row.get("allocated", ""), row["ipaddress"])):
            name = self.purpose(row)
            if name:
                found.setdefault(name, row)
        return found

    def purpose(self, address: Row) -> str:
        """What an address is for, empty if it has no mark of ours."""
        owner, _slash, name = tags(address).get(TAG, "").partition("/")
        return name if owner == self.wanted.name else ""

    def machines(self) -> dict[str, Row]:
        """Our machines by name."""
        mark = self.wanted.mark()
        return {
            row["name"]: row for row in self.rows["machine"] if tags(row).get(TAG) == mark or self.wanted.is_ours(row["name"])
        }

    def foreign(self) -> list[Row]:
        """Machines in our network that others made."""
        ours = self.machines()
        return [row for row in self.rows["machine"] if row["name"] not in ours]

    def find(self, kind: str, name: str) -> Row | None:
        """The key or affinity group of that name."""
        return next((row for row in self.rows[kind] if row["name"] == name), None)


def tags(row: Row) -> dict[str, str]:
    """The tags of a row."""
    return {tag["key"]: tag["value"] for tag in row.get("tags") or ()}
