# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""The front of a frontend: its vservers, redirect, routes and what they need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import catalogue
from ..value import called
from .backend import SETTINGS, Backend
from .certificate import Certificates
from .fields import Expansion, Fields, entity, identifier, literal
from .maintenance import Maintenance
from .persistence import persistence, persistence_words
from .routes import Routes

KNOWN = (
    "name",
    "address",
    "port",
    "protocol",
    "redirect",
    "certificate",
    "tls",
    "backends",
    "routes",
    "default",
    *SETTINGS,
)
PROTOCOLS = {"HTTPS": "SSL"}  # people's word → servicetype; others are NITRO's own
PORTS = {"HTTP": 80, "SSL": 443, "SSL_BRIDGE": 443, "DNS": 53, "DNS_TCP": 53, "FTP": 21}
CLEAR = {"SSL": "HTTP", "SSL_TCP": "TCP"}  # what goes to the back ends where TLS ends here
VERSIONS = {"SSLV3": "ssl3", "TLSV1": "tls1", "TLSV1.0": "tls1", "TLSV1.1": "tls11", "TLSV1.2": "tls12", "TLSV1.3": "tls13"}
NOWHERE = {"ipv46": "0.0.0.0", "port": 0}  # a non-addressable vserver, nothing listens


class Frontend:
    """One entry of ``frontends:``; `expand` adds its objects to ``out``."""

    def __init__(self, name: str, fields: Fields, out: Expansion) -> None:
        self.name, self.fields, self.out = name, fields, out
        protocol = (fields.text("protocol", "HTTP") or "HTTP").upper()
        self.servicetype = PROTOCOLS.get(protocol, protocol)
        self.inner = CLEAR.get(self.servicetype, self.servicetype)
        self.routed = fields.has("routes")
        self.maintenance = Maintenance(name, out)
        self.certificates = Certificates(name, out)

    @property
    def secure(self) -> bool:
        """TLS ends here."""
        return self.servicetype in CLEAR

    def expand(self) -> None:
        """Add everything to the expansion."""
        try:
            catalogue.kind("lbvserver").attributes["servicetype"].coerce(self.servicetype)
        except ValueError as error:  # nothing that follows would be worth saying
            self.out.problem(self.fields.at("protocol"), str(error), self.fields.get("protocol"))
            return
        address = self.fields.needed("address")
        ports = self._ports()
        backends = self._backends()
        certificates = self._certificates()
        self.out.feature("LB")
        if self.routed:
            self._routed(address, ports, backends, certificates)
        else:
            self._plain(address, ports, backends, certificates)
        if self.fields.get("redirect") not in (None, False):
            self._redirect(address, ports)
        self._unused_attributes()

    def _ports(self) -> list[int | str]:
        default = PORTS.get(self.servicetype)
        given = self.fields.listing("port") or ([(self.fields.at("port"), default)] if default else [])
        ports: list[int | str] = []
        for path, port in given:
            number = 65535 if port == "*" else self.fields.number(port, path, 1, 65535)
            if number is not None:
                ports.append(number)
        if not given:
            self.out.problem(self.fields.path, f"port is missing, {self.servicetype} has no usual one")
        return ports

    def _backends(self) -> list[Backend]:
        found = []
        given = self.fields.mapping("backends")
        for word, item in given.items():
            path = f"{self.fields.at('backends')}.{word}"
            item = {"members": item} if isinstance(item, (list, tuple)) else item
            if not isinstance(item, Mapping):
                self.out.problem(path, f"a mapping is wanted, not {'null' if item is None else called(item)}", item)
                continue
            found.append(Backend(str(word), self, Fields(item, path, self.out, Backend.KNOWN)))
        if not given and not self.fields.has("backends"):
            self.out.problem(self.fields.path, "backends is missing")
        return found

    def _certificates(self) -> list[dict[str, Any]]:
        rows = self.certificates.rows(self.fields)
        if self.secure and not rows and not self.fields.has("certificate"):
            self.out.problem(self.fields.path, f"certificate is missing, {self.fields.get('protocol')} needs one")
        if rows and not self.secure:
            self.out.problem(self.fields.at("certificate"), f"{self.servicetype} has no use for a certificate")
        return rows

    def _plain(self, address: str | None, ports: list[Any], backends: list[Backend], certificates: list[Any]) -> None:
        """One lbvserver a port, all back ends behind it."""
        groups = [backend.group() for backend in backends]
        for backend in backends:
            backend.refuse_own_settings()
        for number, port in enumerate(ports):
            name = self._vserver_name(number, port)
            values = {"servicetype": self.servicetype, "ipv46": address, "port": port, **self._common(), **self._balancing()}
            values["clttimeout"] = self.timeouts().get("client")
            values |= self.maintenance.of(self.fields, self.servicetype, certificates)
            values["bindings"] = {"servicegroup": groups}
            words = {**self._words(), "bindings.servicegroup": self.fields.at("backends")}
            self.put("lbvserver", name, values, words)
            self._tls(name, certificates)

    def _routed(self, address: str | None, ports: list[Any], backends: list[Backend], certificates: list[Any]) -> None:
        """A csvserver a port in front of an lbvserver a back end."""
        if self.inner != "HTTP":
            self.out.problem(self.fields.at("routes"), f"routes need HTTP or HTTPS, not {self.servicetype}")
            return
        self.out.feature("CS")
        for backend in backends:
            backend.vserver(NOWHERE)
        bindings = Routes(self, {backend.word: backend for backend in backends}).bindings()
        for number, port in enumerate(ports):
            name = self._vserver_name(number, port)
            values = {"servicetype": self.servicetype, "ipv46": address, "port": port, **self._common(), "bindings": bindings}
            values["clttimeout"] = self.timeouts().get("client")
            self.put("csvserver", name, values, {**self._words(), "bindings.cspolicy": self.fields.at("routes")})
            self._tls(name, certificates)

    def _redirect(self, address: str | None, ports: list[Any]) -> None:
        """A second vserver that sends HTTP to HTTPS. Content switching, because that is up without services."""
        given = self.fields.get("redirect")
        at = self.fields.at("redirect")
        fields = Fields(given if isinstance(given, Mapping) else {}, at, self.out, ("port", "status"))
        if self.servicetype != "SSL":
            self.out.problem(at, f"redirects from HTTP to HTTPS, this frontend is {self.servicetype}")
            return
        if not isinstance(given, (bool, Mapping)):
            self.out.problem(at, "true, or a mapping with port and status is wanted", given)
        name, action = entity(self.name, "redirect"), identifier(self.name, "redirect")
        port = "" if not ports or ports[0] == 443 else f":{ports[0]}"
        host = f"{literal('https://')} + HTTP.REQ.HOSTNAME.SERVER + "
        target = host + (f"{literal(port)} + " if port else "") + "HTTP.REQ.URL.PATH_AND_QUERY.HTTP_URL_SAFE"
        status = fields.integer("status", 300, 399, 301)
        self.out.feature("CS", "RESPONDER")
        self.out.put("responderaction", action, {"type": "redirect", "target": target, "responsestatuscode": status}, at)
        self.out.put("responderpolicy", action, {"rule": "true", "action": action}, at)
        values: dict[str, Any] = {"servicetype": "HTTP", "ipv46": address, "port": fields.integer("port", 1, 65535, 80)}
        rows = [{"policyname": action, "priority": 100, "bindpoint": "REQUEST"}]
        values["bindings"] = {"responderpolicy": rows}
        self.out.put("csvserver", name, values, at, {"ipv46": self.fields.at("address"), "port": fields.at("port")})

    def _tls(self, name: str, certificates: list[dict[str, Any]]) -> None:
        if not self.secure:
            return
        self.out.feature("SSL")
        fields = Fields(self.fields.mapping("tls"), self.fields.at("tls"), self.out, ("versions", "profile", "hsts"))
        values: dict[str, Any] = {"sslprofile": fields.text("profile")}
        if fields.has("versions"):
            wanted = {VERSIONS.get(str(version).upper(), ""): path for path, version in fields.listing("versions")}
            if "" in wanted:
                self.out.problem(wanted[""], "not a version: there are SSLv3, TLSv1.0, TLSv1.1, TLSv1.2, TLSv1.3")
            values |= {word: "ENABLED" if word in wanted else "DISABLED" for word in sorted(set(VERSIONS.values()))}
        if fields.has("hsts"):
            age = fields.integer("hsts", 0, 4294967294)
            values |= {"hsts": "ENABLED" if age else "DISABLED", "maxage": age}
        if any(row.get("snicert") for row in certificates):
            values["snienable"] = "ENABLED"
        values["bindings"] = {"sslcertkey": certificates}
        words = {"sslprofile": fields.at("profile"), "bindings.sslcertkey": self.fields.at("certificate")}
        self.put("sslvserver", name, values, words)

    def put(self, kind: str, name: str, values: Mapping[str, Any], words: Mapping[str, str]) -> None:
        """Add an object with the user's ``attributes`` for its kind over it."""
        more = self.fields.mapping("attributes").get(kind)
        at = f"{self.fields.at('attributes')}.{kind}"
        if more is not None and not isinstance(more, Mapping):
            self.out.problem(at, f"a mapping is wanted, not {called(more)}", more)
            more = None
        over = {word: f"{at}.{word}" for word in more or ()}
        plain = {word: value for word, value in values.items() if value is not None}
        self.out.put(kind, name, {**plain, **(more or {})}, self.fields.path, {**words, **over})

    def _balancing(self) -> dict[str, Any]:
        return {"lbmethod": self.fields.text("method"), **persistence(self.fields)}

    def timeouts(self) -> dict[str, int | None]:
        """Idle seconds towards clients and members."""
        fields = Fields(self.fields.mapping("timeouts"), self.fields.at("timeouts"), self.out, ("client", "server"))
        return {word: fields.integer(word, 0, 31536000) for word in ("client", "server")}

    def _common(self) -> dict[str, Any]:
        return {"comment": self.fields.text("comment")}

    def _words(self) -> dict[str, str]:
        words = {"servicetype": "protocol", "ipv46": "address", "port": "port", "comment": "comment", "lbmethod": "method"}
        return {**{attribute: self.fields.at(word) for attribute, word in words.items()}, **persistence_words(self.fields)}

    def _vserver_name(self, number: int, port: Any) -> str:
        return self.name if number == 0 else entity(self.name, str(port))

    def _unused_attributes(self) -> None:
        for kind in self.fields.mapping("attributes"):
            if kind not in self.out.kinds:
                self.out.problem(f"{self.fields.at('attributes')}.{kind}", "this frontend makes no such objects")
