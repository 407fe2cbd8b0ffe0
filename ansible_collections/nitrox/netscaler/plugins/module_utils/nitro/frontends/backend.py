# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""A back end: its service group with members and health check, and with routes its own vserver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, ClassVar

from .fields import Fields, entity
from .health import health_check
from .persistence import persistence, persistence_words

if TYPE_CHECKING:
    from .frontend import Frontend

# What a frontend may say for all of its back ends, and a back end for itself.
SETTINGS = ("method", "persistence", "health_check", "maintenance", "forwarded_for", "timeouts", "comment", "attributes")
OWN_VSERVER = ("method", "persistence", "maintenance")
TLS = {"HTTP": "SSL", "TCP": "SSL_TCP"}
_HOST_PORT = re.compile(r"\[(?P<v6>[^\]]+)\](?::(?P<port6>\d+))?|(?P<host>[^:\s]+)(?::(?P<port>\d+))?")


class Backend:
    """One entry of ``backends:``."""

    KNOWN: ClassVar = ("members", "port", "protocol", "tls", "weight", *(word for word in SETTINGS if word != "timeouts"))
    MEMBER: ClassVar = ("address", "server", "port", "weight", "state", "attributes")

    def __init__(self, word: str, frontend: Frontend, fields: Fields) -> None:
        self.word, self.frontend, self.fields, self.out = word, frontend, fields, frontend.out
        self.name = entity(frontend.name, word)

    def setting(self, word: str) -> Fields:
        """Where a setting comes from: the back end's own, else the frontend's."""
        return self.fields if self.fields.has(word) else self.frontend.fields

    def refuse_own_settings(self) -> None:
        """Without routes all back ends stand behind one vserver, which has one method and one persistence."""
        for word in OWN_VSERVER:
            if self.fields.has(word):
                self.out.problem(self.fields.at(word), f"without routes {word} belongs to the frontend")

    def vserver(self, address: Mapping[str, Any]) -> None:
        """Add the lbvserver that a route leads to."""
        front = self.frontend
        method, lasting = self.setting("method"), self.setting("persistence")
        values: dict[str, Any] = {"servicetype": front.inner, **address, "comment": self._comment()}
        values |= {"lbmethod": method.text("method"), **persistence(lasting)}
        values |= front.maintenance.of(self.setting("maintenance"), front.inner, [])
        values["bindings"] = {"servicegroup": [self.group()]}
        words = {"lbmethod": method.at("method"), **persistence_words(lasting)}
        self._put("lbvserver", self.name, values, words)

    def group(self) -> str:
        """Add the service group with all that belongs to it; its name."""
        servicetype, secure = self._servicetype()
        timeouts = self.frontend.timeouts()
        values: dict[str, Any] = {"servicetype": servicetype, "comment": self._comment()}
        values |= {"clttimeout": timeouts["client"], "svrtimeout": timeouts["server"], **self._forwarded_for()}
        bindings: dict[str, Any] = {"servicegroupmember": self._members()}
        check = health_check(self.setting("health_check"), servicetype, self.name, secure=secure)
        if check.off:
            values["healthmonitor"] = "NO"
        if check.name is not None:
            bindings["lbmonitor"] = [{"monitor_name": check.name}]
        if check.values is not None and check.name is not None:
            self._put("lbmonitor", check.name, check.values, check.words)
        words = {
            "servicetype": self.fields.at("protocol"),
            "bindings.servicegroupmember": self.fields.at("members"),
            "bindings.lbmonitor": check.path,
        }
        self._put("servicegroup", self.name, {**values, "bindings": bindings}, words)
        return self.name

    def _servicetype(self) -> tuple[str, bool]:
        protocol = (self.fields.text("protocol") or self.frontend.inner).upper()
        given = self.fields.get("tls")
        if protocol == "HTTPS":
            protocol, given = "HTTP", given if given is not None else True
        if given in (None, False):
            return protocol, False
        if protocol not in TLS:
            self.out.problem(self.fields.at("tls"), f"there is no TLS for {protocol}")
            return protocol, False
        self._tls(given)
        return TLS[protocol], True

    def _tls(self, given: Any) -> None:
        """Whom to trust behind: ``tls: true``, or a mapping with ``ca`` (a certkey) and ``name`` (the certificate's)."""
        self.out.feature("SSL")
        if not isinstance(given, Mapping):
            self.fields.flag("tls")
            return
        fields = Fields(given, self.fields.at("tls"), self.out, ("ca", "name", "profile"))
        authority = fields.text("ca")
        values = {"serverauth": "ENABLED" if authority else None, "commonname": fields.text("name")}
        rows = [{"certkeyname": authority, "ca": True}] if authority else None
        values |= {"sslprofile": fields.text("profile")}
        self._put("sslservicegroup", self.name, {**values, "bindings": {"sslcertkey": rows} if rows else None}, {})

    def _forwarded_for(self) -> dict[str, Any]:
        fields = self.setting("forwarded_for")
        given = fields.get("forwarded_for")
        if given is None:
            return {}
        if given is False:
            return {"cip": "DISABLED"}
        return {"cip": "ENABLED", "cipheader": "X-Forwarded-For" if given is True else fields.text("forwarded_for")}

    def _members(self) -> list[dict[str, Any]]:
        if not self.fields.has("members"):
            self.out.problem(self.fields.path, "members is missing ([] for none yet)")
        rows = [self._member(path, given) for path, given in self.fields.listing("members")]
        return [row for row in rows if row]

    def _member(self, path: str, given: Any) -> dict[str, Any]:
        if isinstance(given, str):
            given = {"address": given}
        if not isinstance(given, Mapping):
            self.out.problem(path, 'an address with its port ("198.51.100.11:8080"), or a mapping, is wanted', given)
            return {}
        fields = Fields(given, path, self.out, self.MEMBER)
        where, port = self._place(fields)
        port = fields.integer("port", 1, 65535, port or self.fields.integer("port", 1, 65535))
        if where and port is None and not fields.has("port"):
            self.out.problem(path, "port is missing")
        weight = fields.integer("weight", 1, 100, self.fields.integer("weight", 1, 100))
        row = {**where, "port": port, "weight": weight, "state": fields.text("state"), **fields.mapping("attributes")}
        return {word: value for word, value in row.items() if value is not None} if where else {}

    def _place(self, fields: Fields) -> tuple[dict[str, str], int | None]:
        """What the member is bound by, and the port that stands with the address."""
        if fields.has("server"):
            return {"servername": str(fields.text("server"))}, None
        address = fields.needed("address")
        if not address:
            return {}, None
        if _is_address(address):
            return {"ip": address}, None
        match = _HOST_PORT.fullmatch(address)
        if match is None:
            self.out.problem(fields.at("address"), "neither an address nor a host name, with or without a port", address)
            return {}, None
        host, port = match["v6"] or match["host"], match["port6"] or match["port"]
        if _is_address(host):
            return {"ip": host}, int(port) if port else None
        if match["v6"] or re.fullmatch(r"[0-9.]+", host):
            self.out.problem(fields.at("address"), "not an IP address", host)
            return {}, None
        self.out.put("server", host, {"domain": host}, fields.path)
        return {"servername": host}, int(port) if port else None

    def _comment(self) -> str | None:
        return self.fields.text("comment") or self.frontend.fields.text("comment")

    def _put(self, kind: str, name: str, values: Mapping[str, Any], words: Mapping[str, str]) -> None:
        """Add an object with the back end's ``attributes`` for its kind; they win over the frontend's."""
        own = self.fields.mapping("attributes").get(kind)
        over = own if isinstance(own, Mapping) else {}
        if own is not None and not isinstance(own, Mapping):
            self.out.problem(f"{self.fields.at('attributes')}.{kind}", "a mapping is wanted", own)
        shared = self.frontend.fields.mapping("attributes").get(kind)
        shared = shared if isinstance(shared, Mapping) else {}
        at = f"{self.fields.at('attributes')}.{kind}"
        plain = {word: value for word, value in values.items() if value is not None}
        paths = {**words, **{word: f"{at}.{word}" for word in over}}
        self.out.put(kind, name, {**plain, **shared, **over}, self.fields.path, paths)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
