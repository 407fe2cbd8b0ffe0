# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Files of the appliance: upload, list, read, delete; no overwriting (PROTOCOL 15, 20 #17, 21.4)."""

from __future__ import annotations

import base64
import binascii
import posixpath
from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from ..context import Context
from ..refusal import Refusal
from ..registry import before, command, shown
from ..rules import accepted, require
from ..table import Row
from .nsconfig import stamp

SSL = "/nsconfig/ssl"
ROOTS = ("/nsconfig", "/var", "/flash", "/tmp", "/netscaler")
LARGEST = 2 * 1024 * 1024  # bytes [D]


def split(path: str, folder: str = SSL) -> tuple[str, str]:
    """Folder and name of a path, relative ones below ``folder``."""
    full = posixpath.normpath(posixpath.join(folder, path))
    return posixpath.dirname(full), posixpath.basename(full)


def content(ctx: Context, path: str) -> bytes:
    """What is in a file; 1647 when it is not there (exchange G6 [L])."""
    folder, name = split(path)
    row = ctx.table("systemfile").get({"filename": name, "filelocation": folder})
    if row is None:
        raise Refusal(1647)
    return base64.b64decode(row["filecontent"])


def write(ctx: Context, path: str, data: bytes) -> None:
    """Make a file, or replace it."""
    folder, name = split(path)
    row = {"filename": name, "filelocation": folder, "filecontent": base64.b64encode(data).decode(), "_time": ctx.now()}
    ctx.table("systemfile").put(row)


@command("add", "systemfile")
def upload(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """1642 when it exists; 3440 for a folder that does not; 3443 and 3444 for the encoding [D]."""
    kind = catalogue.kind("systemfile")
    row = accepted(kind, payload, "add")
    require(kind, row, "add")
    for name in ("filename", "filelocation"):
        if not row.get(name):
            raise Refusal(1095, name)
    if str(row.get("fileencoding", "BASE64")).upper() != "BASE64":
        raise Refusal(3444)
    row["filelocation"] = posixpath.normpath(str(row["filelocation"]))
    if not any(row["filelocation"] == root or str(row["filelocation"]).startswith(f"{root}/") for root in ROOTS):
        raise Refusal(3440)
    try:
        data = base64.b64decode(str(row.get("filecontent", "")), validate=True)
    except binascii.Error:
        raise Refusal(3443) from None
    if len(data) > LARGEST:
        raise Refusal(284)
    if ctx.table("systemfile").get(row) is not None:
        raise Refusal(1642)
    ctx.table("systemfile").put({**row, "_time": ctx.now()})
    return {"_unchanged": True}


@before("delete", "systemfile")
def delete(ctx: Context, row: Row, wanted: Row) -> None:
    """Factory files may go as well (exchange G5 [D])."""


@shown("systemfile")
def show(ctx: Context, row: Row, out: Row) -> None:
    """The content comes with a named read only (exchanges G3, G4 [D])."""
    when = stamp(float(row.get("_time", ctx.appliance.started)))
    data = str(row.get("filecontent", ""))
    out.update({"fileaccesstime": when, "filemodifiedtime": when, "filesize": str(len(base64.b64decode(data)))})
    named = ctx.call.name is not None or "filename" in ctx.call.pairs("args")
    out.pop("filecontent", None)
    out.pop("fileencoding", None)
    if named:
        out.update({"filecontent": data, "fileencoding": "BASE64"})
