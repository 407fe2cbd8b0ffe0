# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Monitors: units, defaults that depend on the type, built-in ones (PROTOCOL 7.5, 8.3, exchanges D5–D7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import relations
from ..context import Context
from ..operations import locate
from ..refusal import Refusal
from ..registry import before, command, shown
from ..rules import accepted
from ..table import Row
from ..typed import shown as typed

_KIND = "lbmonitor"
_HTTP = {"HTTP", "HTTP-INLINE", "HTTP2", "HTTP-ECV"}
_STATUS_CODES = {"HTTP", "HTTP-INLINE", "HTTP2"}
_BINDINGS = {
    "servicename": ("service_lbmonitor_binding", "name"),
    "servicegroupname": ("servicegroup_lbmonitor_binding", "servicegroupname"),
}


@before("add", _KIND)
def add_monitor(ctx: Context, row: Row, changes: Row) -> None:
    """A unit needs its value (1093 [L])."""
    _check_units(row, row)


@before("update", _KIND)
def update_monitor(ctx: Context, row: Row, changes: Row) -> None:
    """Also when the value was set before."""
    _check_units(changes, {**row, **changes})


def _check_units(given: Row, known: Row) -> None:
    for attribute in catalogue.kind(_KIND):
        if attribute.unit in given and attribute.name not in known and attribute.default is None:
            raise Refusal(1093, "units", attribute.name)


@shown(_KIND)
def show_monitor(ctx: Context, row: Row, out: Row) -> None:
    """60 SEC are shown as 1 MIN, for all four times (PROTOCOL 8.3 [L])."""
    kind = catalogue.kind(_KIND)
    for attribute in kind:
        value, unit = row.get(attribute.name), str(row.get(attribute.unit or "", "SEC")).upper()
        if attribute.unit and value and unit == "SEC" and int(value) % 60 == 0:
            out[attribute.name] = typed(attribute, int(value) // 60)
            out[attribute.unit] = "MIN"
    if row.get("type") in _STATUS_CODES and "respcode" not in row:
        out["respcode"] = ["200"]  # PROTOCOL 21.3 [C:1]
    if row.get("type") in _HTTP and "httprequest" not in row and row["type"] != "HTTP-ECV":
        out["httprequest"] = "HEAD /"
    out["state"] = row.get("state", "ENABLED")


@before("delete", _KIND)
def delete_monitor(ctx: Context, row: Row, wanted: Row) -> None:
    """Built-in ones stay (2132), bound ones too (2131) [D]."""
    if row.get("_builtin"):
        raise Refusal(2132)
    if str(wanted.get("type", row["type"])).upper() != row["type"]:
        raise Refusal(258, "monitorName", row["monitorname"])
    if any(
        name in dict(_BINDINGS.values()) for name, unused in relations.bound_to(ctx, catalogue.kind(_KIND), row["monitorname"])
    ):
        raise Refusal(2131)


@command("enable", _KIND)
def enable(ctx: Context, payload: Mapping[str, Any]) -> None:
    """On one binding, or everywhere (PROTOCOL 7.5 [D])."""
    _switch(ctx, payload, "enable", "ENABLED")


@command("disable", _KIND)
def disable(ctx: Context, payload: Mapping[str, Any]) -> None:
    """On one binding, or everywhere."""
    _switch(ctx, payload, "disable", "DISABLED")


def _switch(ctx: Context, payload: Mapping[str, Any], verb: str, state: str) -> None:
    kind = catalogue.kind(_KIND)
    values = accepted(kind, payload, verb)
    monitor = locate(ctx, kind, {"monitorname": values.get("monitorname")}, ctx.call.name)
    for name, (binding, parent) in _BINDINGS.items():
        if name not in values:
            continue
        rows = [row for row in ctx.table(binding).of_parent(values[name]) if row.get("monitor_name") == monitor["monitorname"]]
        if not rows:
            raise Refusal(258, parent, values[name])
        for row in rows:
            row["monstate"] = state
        return
    monitor["state"] = state
