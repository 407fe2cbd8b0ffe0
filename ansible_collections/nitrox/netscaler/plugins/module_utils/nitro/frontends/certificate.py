# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""``certificate:``: a certkey that exists, or files and PEM text to make one of, with its chain; several by SNI.

A file's name carries a fingerprint of its content, because NITRO cannot overwrite files: a renewed certificate is a new
file and an update of the certkey in place, which keeps links and bindings (PROTOCOL 15, 20 #19).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Any

from ..value import called
from .fields import Expansion, Fields, entity, fingerprint

WORDS = ("name", "cert", "key", "chain", "password", "sni")
FOLDER = "/nsconfig/ssl"
_BLOCK = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


class Certificates:
    """The certificates of one frontend."""

    def __init__(self, name: str, out: Expansion) -> None:
        self.name, self.out = name, out

    def rows(self, outer: Fields) -> list[dict[str, Any]]:
        """Add what is to be made; rows of sslvserver's binding. The first is the default, the others go by SNI."""
        rows = []
        for number, (path, given) in enumerate(outer.listing("certificate")):
            name, sni = self._certificate(number, path, given)
            if name is not None:
                rows.append({"certkeyname": name, "snicert": True} if sni else {"certkeyname": name})
        return rows

    def _certificate(self, number: int, path: str, given: Any) -> tuple[str | None, bool]:
        """(name of the certkey, found by SNI)."""
        if isinstance(given, str):
            return given, number > 0
        if not isinstance(given, Mapping):
            self.out.problem(path, f"the name of a certkey or a mapping is wanted, not {called(given)}", given)
            return None, False
        fields = Fields(given, path, self.out, WORDS)
        name = fields.text("name") or entity(self.name, "" if number == 0 else str(number + 1))
        sni = fields.flag("sni", default=number > 0)
        if not fields.has("cert"):
            if not fields.has("name"):
                self.out.problem(path, "cert is missing (or name, of a certkey that exists)")
            return name, sni
        self._make(name, fields)
        return name, sni

    def _make(self, name: str, fields: Fields) -> None:
        cert, key = fields.text("cert") or "", fields.text("key")
        blocks = _BLOCK.findall(cert)
        if len(blocks) > 1:  # leaf first, its chain behind it, as ACME clients write it
            cert = blocks[0]
        mark = fingerprint(cert.strip(), (key or "").strip())
        chain = [(fields.at("cert"), block) for block in blocks[1:]] + self._chain(fields)
        values = {
            "cert": self._file(f"{name}-{mark}.cert", cert, fields.at("cert")),
            "key": self._file(f"{name}-{mark}.key", key, fields.at("key")) if key else None,
            "passplain": fields.text("password"),
            "linkcertkeyname": self._linked(chain),
        }
        words = {"cert": fields.at("cert"), "key": fields.at("key"), "passplain": fields.at("password")}
        self.out.put("sslcertkey", name, values, fields.path, words)

    def _chain(self, fields: Fields) -> list[tuple[str, str]]:
        """(path, PEM block or name of a certkey), the issuer of the certificate first."""
        found: list[tuple[str, str]] = []
        for path, item in fields.listing("chain"):
            if not isinstance(item, str):
                self.out.problem(path, f"PEM text or the name of a certkey is wanted, not {called(item)}", item)
                continue
            found.extend((path, text) for text in _BLOCK.findall(item) or [item])
        return found

    def _linked(self, chain: list[tuple[str, str]]) -> str | None:
        """Add the authorities' certificates, each linked to the next; the name of the first.

        They are named by their content: NITRO refuses the same content under a second name (PROTOCOL 15).
        """
        following: str | None = None
        for path, item in reversed(chain):
            if not _BLOCK.fullmatch(item.strip()):
                following = item
                continue
            name = entity("ca", fingerprint(item.strip()))
            file = self._file(f"{name}.cert", item, path)
            self.out.put("sslcertkey", name, {"cert": file, "linkcertkeyname": following}, path)
            following = name
        return following

    def _file(self, name: str, content: str, path: str) -> str:
        """The file's name: of one on the appliance as it stands, of PEM text after adding the file."""
        if "-----BEGIN" not in content:
            return content
        file = name if len(name) <= 63 else f"{fingerprint(name)}{name[-14:]}"
        encoded = base64.b64encode((content.strip() + "\n").encode()).decode()
        self.out.put("systemfile", file, {"filelocation": FOLDER, "filecontent": encoded, "fileencoding": "BASE64"}, path)
        return file
