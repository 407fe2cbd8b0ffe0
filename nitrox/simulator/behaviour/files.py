# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Files of the appliance: upload, list, read, delete; no overwriting (PROTOCOL 15, 20 #17, 21.4)."""

from __future__ import annotations

import base64
import binascii
import json
import posixpath
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import commandline, operations
from ..appliance import DEFAULT_PARTITION
from ..context import Context
from ..refusal import Refusal
from ..registry import command, select, shown
from ..rules import accepted
from ..table import Row
from .nsconfig import stamp

SSL = "/nsconfig/ssl"
LARGEST = 2 * 1024 * 1024  # bytes [D]


@cache
def _folders() -> frozenset[str]:
    return frozenset(json.loads((Path(__file__).parent / "files.json").read_text(encoding="utf-8"))["folders"])


def place(path: str) -> str:
    """A folder in its one spelling: no slash at the end (PROTOCOL 20 #17), and /flash/nsconfig is /nsconfig."""
    tidy = posixpath.normpath("/" + path.strip().lstrip("/"))
    return tidy.removeprefix("/flash") if tidy.startswith("/flash/nsconfig") else tidy


def ssl_folder(ctx: Context) -> str:
    """Where the session's partition keeps its certificates (PROTOCOL 15 [D])."""
    name = ctx.session.partition
    return SSL if name == DEFAULT_PARTITION else f"/nsconfig/partitions/{name}/ssl"


def is_folder(ctx: Context, folder: str) -> bool:
    """Does the folder exist? A partition's own do."""
    own = posixpath.dirname(ssl_folder(ctx))
    return folder in _folders() or folder in (own, ssl_folder(ctx)) or bool(ctx.table("systemfile").by("filelocation", folder))


def find(ctx: Context, path: str) -> Row | None:
    """The file of a path; relative ones are in the SSL folder of the partition."""
    for folder in (ssl_folder(ctx), SSL):
        full = posixpath.join(folder, path)
        wanted = {"filename": posixpath.basename(full), "filelocation": place(posixpath.dirname(full))}
        row = ctx.table("systemfile").get(wanted)
        if row is not None:
            return row
    return None


def content(ctx: Context, path: str) -> bytes:
    """What is in a file; 1647 when it is not there (exchange G6 [L])."""
    row = find(ctx, path)
    if row is None:
        raise Refusal(1647)
    return base64.b64decode(row["filecontent"])


def write(ctx: Context, path: str, data: bytes) -> None:
    """Make a file; 3445 for a folder that does not exist, and nothing is overwritten: 1642 [D]."""
    full = posixpath.join(ssl_folder(ctx), path)
    row = {"filename": posixpath.basename(full), "filelocation": place(posixpath.dirname(full))}
    if not is_folder(ctx, row["filelocation"]):
        raise Refusal(3445)
    if ctx.table("systemfile").get(row) is not None:
        raise Refusal(1642)
    ctx.table("systemfile").put({**row, "filecontent": base64.b64encode(data).decode(), "_time": ctx.now()})


@command("add", "systemfile")
def upload(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """1642 when it exists; 3440 for a folder that does not; 3443 and 3444 for the encoding [D]."""
    row = accepted(catalogue.kind("systemfile"), payload, "add")
    for name in ("filename", "filelocation", "filecontent"):
        if row.get(name) is None:
            raise Refusal(1095, name)
    if str(row.get("fileencoding", "BASE64")).upper() != "BASE64":
        raise Refusal(3444)
    row["filelocation"] = place(str(row["filelocation"]))
    if not is_folder(ctx, row["filelocation"]):
        raise Refusal(3440)
    if not row["filename"] or "/" in row["filename"]:
        raise Refusal(278, "filename")
    row["filecontent"] = "".join(str(row["filecontent"]).split())
    try:
        size = len(base64.b64decode(row["filecontent"], validate=True))
    except binascii.Error:
        raise Refusal(3443) from None
    if size > LARGEST:
        raise Refusal(284)  # the code is not published [I]
    if ctx.table("systemfile").get(row) is not None:
        raise Refusal(1642)
    ctx.table("systemfile").put({**row, "_time": ctx.now()})
    return {"_unchanged": True}


@select("systemfile")
def read(ctx: Context, name: str | None, args: Mapping[str, str]) -> list[Row]:
    """By folder, or one file: 3441 (404) when it is not there, 3440 for the folder; the folder is mandatory [I]."""
    folder = next((value for key, value in args.items() if key.lower() == "filelocation"), None)
    if not folder:
        raise Refusal(1095, "filelocation")
    folder = place(folder)
    if not is_folder(ctx, folder):
        raise Refusal(3440)
    table = ctx.table("systemfile")
    name = name or next((value for key, value in args.items() if key.lower() == "filename"), None)
    if name is None:
        return [*_subfolders(ctx, folder), *table.by("filelocation", folder)]
    row = table.get({"filename": name, "filelocation": folder})
    if row is None:
        raise Refusal(3441)
    return [row]


def _subfolders(ctx: Context, folder: str) -> list[Row]:
    inside = sorted(path for path in _folders() if posixpath.dirname(path) == folder)
    return [{"filename": posixpath.basename(path), "filelocation": folder, "filemode": ["DIRECTORY"]} for path in inside]


@command("delete", "systemfile")
def delete(ctx: Context, payload: Mapping[str, Any]) -> dict[str, Any]:
    """Factory files may go as well (exchange G5 [D]); 3441 (404) for what is not there."""
    kind = catalogue.kind("systemfile")
    wanted = {str(key).lower(): value for key, value in payload.items()}
    if "filelocation" not in wanted:
        raise Refusal(1095, "filelocation")
    wanted["filelocation"] = place(str(wanted["filelocation"]))
    row = ctx.table(kind.name).get(wanted)
    if row is None:
        raise Refusal(3441)
    operations.remove(ctx, kind, row)
    return {"_unchanged": True}


@shown("systemfile")
def show(ctx: Context, row: Row, out: Row) -> None:
    """The content comes with a named read only (exchanges G3, G4 [D])."""
    when = stamp(float(row.get("_time", ctx.appliance.started)))
    data = str(row.get("filecontent", ""))
    if (row["filename"], row["filelocation"]) == ("ns.conf", "/nsconfig"):
        saved = commandline.text(ctx.appliance.saved.get(ctx.session.partition, {}))
        data, when = base64.b64encode(saved.encode()).decode(), stamp(ctx.appliance.saved_at or ctx.appliance.started)
    size = len(data) * 3 // 4 - data[-2:].count("=")
    out.update({"fileaccesstime": when, "filemodifiedtime": when, "filesize": str(size)})
    named = ctx.call.name is not None or "filename" in ctx.call.pairs("args")
    out.pop("filecontent", None)
    out.pop("fileencoding", None)
    if named:
        out.update({"filecontent": data, "fileencoding": "BASE64"})
