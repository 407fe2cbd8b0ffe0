# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""One call: who calls which command with what, and how handlers look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .catalogue import Command, kinds
from .parameters import Parameters
from .refusal import denied, invalid, no_entity
from .store import Row, Store

if TYPE_CHECKING:
    from .cloud import Cloud

ADMIN, DOMAIN_ADMIN = 1, 2
Hits = dict[str, dict[str, Any]]  # faults that strike this request, by what they do


@dataclass(frozen=True)
class Caller:
    """A user and the account that it belongs to."""

    user: Row
    account: Row

    @property
    def is_admin(self) -> bool:
        """Is it a root admin?"""
        return int(self.account["accounttype"]) == ADMIN

    @property
    def is_domain_admin(self) -> bool:
        """Does it rule its domain?"""
        return int(self.account["accounttype"]) == DOMAIN_ADMIN


class Call:
    """A command with its parameters. References are resolved when they are asked for."""

    def __init__(
        self, cloud: Cloud, command: Command, given: Parameters, caller: Caller, *, method: str = "GET", hits: Hits | None = None
    ) -> None:
        self.cloud, self.command, self.given, self.caller, self.method = cloud, command, given, caller, method
        self.hits: Hits = hits or {}

    @property
    def store(self) -> Store:
        """The objects of the cloud."""
        return self.cloud.store

    def has(self, name: str) -> bool:
        """Was that parameter sent?"""
        return name in self.given

    def text(self, name: str, default: str = "") -> str:
        """A parameter as it was sent."""
        return str(self.given.get(name, default))

    def maybe(self, name: str) -> str | None:
        """A parameter as it was sent, if it was."""
        return self.text(name) if name in self.given else None

    def number(self, name: str, default: int | None = None) -> int | None:
        """A whole number."""
        return int(self.given[name]) if name in self.given else default

    def flag(self, name: str, *, default: bool = False) -> bool:
        """``true`` in any case is true, all else is not."""
        return str(self.given[name]).lower() == "true" if name in self.given else default

    def maybe_flag(self, name: str) -> bool | None:
        """The same, if it was sent."""
        return self.flag(name) if name in self.given else None

    def names(self, name: str) -> list[str]:
        """The items of a list."""
        value = self.given.get(name, "")
        items = [text for entry in value for text in entry.values()] if isinstance(value, list) else str(value).split(",")
        return [item.strip() for item in items if item.strip()]

    def maps(self, name: str) -> list[dict[str, str]]:
        """The entries of an indexed map, keys as sent."""
        value = self.given.get(name, [])
        return value if isinstance(value, list) else []

    def mapping(self, name: str) -> dict[str, str]:
        """An indexed map as one mapping: ``key``/``value`` entries, or the members of all entries together."""
        found: dict[str, str] = {}
        for entry in self.maps(name):
            if set(entry) <= {"key", "value"} and "key" in entry:
                found[entry["key"]] = entry.get("value", "")
            else:
                found.update(entry)
        return found

    def row(self, name: str) -> Row | None:
        """The object that an id parameter names, if it was sent. Refuses with 431 or 531."""
        if name not in self.given:
            return None
        return self.lookup(name, self.text(name), self.command.parameters[name].kinds)

    def need(self, name: str = "id") -> Row:
        """The same; refuses with 431 when it was not sent."""
        row = self.row(name)
        if row is None:
            raise invalid(f"Unable to execute API command {self.command.name.lower()} due to missing parameter {name}")
        return row

    def rows(self, name: str) -> list[Row]:
        """The objects that a list of ids names."""
        return [self.lookup(name, key, self.command.parameters[name].kinds) for key in self.names(name)]

    def lookup(self, name: str, key: str, of: tuple[str, ...]) -> Row:
        """An object by its id. Refuses with 431 (not there) and 531 (not the caller's)."""
        for kind in of:
            row = self.store.find(kind, key)
            if row is not None:
                self.permit(row)
                return row
        gone = self.store.was(key)
        if gone is not None and gone.kind in of:
            raise invalid(f"Unable to find {kinds()[gone.kind].noun} by id {key}: it has been removed")
        raise no_entity(name, key, self.command.name)

    def check_references(self) -> None:
        """Refuses with 431 an id that names nothing, also where the command would not look at it. What a list is asked for by
        its own ``id`` and ``ids`` is the list's to find; -1 stands for all."""
        own = {"id", "ids"} if self.command.lists else set()
        for name, value in self.given.items():
            parameter = self.command.parameters.get(name)
            if parameter is None or not parameter.kinds or name in own or isinstance(value, list):
                continue
            for key in self.names(name) if parameter.type == "ids" else [value]:
                if key != "-1" and not any(self.store.find(kind, key) for kind in parameter.kinds):
                    self.lookup(name, key, parameter.kinds)

    def permit(self, row: Row) -> None:
        """Refuses with 531 what belongs to somebody else."""
        if kinds()[row.kind].owned and not self.may_use(row):
            raise denied(
                f"{self.caller.account['name']} does not have permission to operate with {kinds()[row.kind].noun} {row.id}"
            )

    def may_use(self, row: Row) -> bool:
        """May the caller see and use an owned object?"""
        account = self.caller.account
        if self.caller.is_admin or row.get("acltype") == "Domain" or row.get("_shared"):
            return True
        if row.get("projectid"):
            return self.in_project(row["projectid"])
        if self.caller.is_domain_admin and row.get("domainid") in self.domains(account["domainid"]):
            return True
        return (row.get("account"), row.get("domainid")) == (account["name"], account["domainid"])

    def in_project(self, project: str) -> bool:
        """Is the caller a member of that project?"""
        row = self.store.find("project", project)
        return self.caller.is_admin or (row is not None and self.caller.account.id in row.get("_members", ()))

    def domains(self, top: str) -> set[str]:
        """A domain and all below it."""
        found = {top}
        waiting = [top]
        while waiting:
            below = [row.id for row in self.store.where("domain", parentdomainid=waiting.pop()) if row.id not in found]
            found.update(below)
            waiting += below
        return found

    def owner(self) -> dict[str, Any]:
        """Whose a new object is: of ``projectid``, of ``account`` in ``domainid``, else the caller's."""
        project = self.row("projectid") if self.text("projectid") != "-1" else None
        if project is not None:
            if project.get("state") != "Active":
                raise invalid(f"Can't add resources to project {project['name']} in state {project.get('state')}")
            if not self.in_project(project.id):
                raise denied(f"{self.caller.account['name']} is no member of project {project['name']}")
            return {"account": project["_account"], "domainid": project["domainid"], "projectid": project.id}
        account = self.named_account() if self.has("account") else self.caller.account
        return {"account": account["name"], "domainid": account["domainid"]}

    def named_account(self) -> Row:
        """The account of the parameters ``account`` and ``domainid``. Refuses with 431 and 531."""
        domain = self.text("domainid") or self.caller.account["domainid"]
        account = self.store.first("account", name=self.text("account"), domainid=domain)
        if account is None:
            raise invalid(f"Unable to find account {self.text('account')} in domain {domain}")
        inside = self.caller.is_domain_admin and domain in self.domains(self.caller.account["domainid"])
        if not (self.caller.is_admin or inside or account is self.caller.account):
            raise denied(f"{self.caller.account['name']} may not act for account {account['name']}")
        return account

    def sent(self, *names: str) -> Iterator[tuple[str, Any]]:
        """Those of the parameters that were sent, each of its declared type."""
        for name in names:
            if name in self.given:
                yield name, self.typed(name)

    def typed(self, name: str) -> Any:
        """A parameter as its declared type; ids and lists of ids stay text."""
        parameter = self.command.parameters.get(name)
        of = parameter.type if parameter else "text"
        readers = {"number": self.number, "flag": self.flag, "map": self.mapping, "maps": self.maps, "list": self.names}
        reader = readers.get("list" if of == "ids" else of, self.text)
        return reader(name)  # type: ignore[operator]
