# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Policies and where they are bound (PROTOCOL 17, 21.2, 21.3; Appendix A)."""

from __future__ import annotations

import re

from ansible_collections.nitrox.netscaler.plugins.module_utils.nitro import catalogue

from .. import relations
from ..context import Context
from ..refusal import Refusal
from ..registry import before, shown
from ..table import Row, fold

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_LITERAL = re.compile(r"\b(?:re|xp|q)(?:[/#@!%~?]|\{)")  # patterns between delimiters of the author's choice: not looked into
_EXPRESSION_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_VSERVER_BINDINGS = [n for n in catalogue.index() if re.match(r"[a-z]+vserver_\w*policy_binding", n)]
_GLOBAL_BINDINGS = [n for n in catalogue.index() if re.match(r"[a-z]+global_\w*policy_binding", n)]
_POLICIES = [n for n in catalogue.index() if re.match(r"[a-z]+policy\Z", n)]
_ACTIONS = [n for n in catalogue.index() if re.match(r"[a-z]+action\Z", n)]
_LABEL_BINDINGS = [n for n in catalogue.index() if re.match(r"[a-z]+policylabel_[a-z]+policy_binding\Z", n)]
# Policies of the old expression language may share a priority; these may not (3041) and are bound once (3118) [I].
_ADVANCED = re.compile(
    r"(cs|responder|rewrite|cache|cmp|appfw|transform|appflow|bot|feo|lb|contentinspection|videooptimization\w*|spillover|"
    r"authentication|authorization|appqoe|ica|dns|ssl)policy\Z"
)
# The actions that such a policy may name, besides words of the appliance in capitals.
_OF_ACTION = {"cspolicy": "csaction", "responderpolicy": "responderaction", "rewritepolicy": "rewriteaction"}
_EMPTY_LABELS = {"invoke": False, "labeltype": "", "labelname": ""}


def check_expression(text: object) -> None:
    """Quotes and parentheses in pairs, and not empty: 3081 [D]. What is inside literals is not looked into [I]."""
    bare = _QUOTED.sub("", str(text))
    if not str(text).strip():
        raise Refusal(3081)
    if _LITERAL.search(bare) or "'" in bare or "\\" in bare:
        return
    depth = 0
    for character in bare:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            break
    if depth or '"' in bare:
        raise Refusal(3081)


@before("add", *_POLICIES)
def add_policy(ctx: Context, row: Row, changes: Row) -> None:
    """The rule is an expression, and the action exists."""
    if "rule" in row:
        check_expression(row["rule"])
    _check_action(ctx, row)


@before("update", *_POLICIES)
def update_policy(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise."""
    if "rule" in changes:
        check_expression(changes["rule"])
    _check_action(ctx, changes)


def _check_action(ctx: Context, values: Row) -> None:
    """258 for a missing action of content switching, responder or rewrite [I]."""
    kind, action = _OF_ACTION.get(ctx.kind), str(values.get("action", ""))
    if kind and action and not action.isupper() and ctx.find(kind, action) is None:
        raise Refusal(258, "action", action)


@before("add", "csaction")
def add_target(ctx: Context, row: Row, changes: Row) -> None:
    """What it sends to exists (258 [I])."""
    _check_target(ctx, row)


@before("update", "csaction")
def update_target(ctx: Context, row: Row, changes: Row) -> None:
    """Likewise."""
    _check_target(ctx, changes)


def _check_target(ctx: Context, values: Row) -> None:
    for name, kinds in (("targetlbvserver", ("lbvserver",)), ("targetvserver", ("lbvserver", "gslbvserver", "vpnvserver"))):
        if values.get(name) and not any(ctx.find(kind, values[name]) for kind in kinds):
            raise Refusal(258, name, values[name])


@before("bind", "csvserver_cspolicy_binding")
def bind_to_target(ctx: Context, row: Row, changes: Row) -> None:
    """The target of the binding exists (258 [I])."""
    _check_target(ctx, row)


@before("bind", *_LABEL_BINDINGS)
def bind_to_label(ctx: Context, row: Row, changes: Row) -> None:
    """One policy a priority (3041 [D])."""
    _check_priority(ctx, row)


@before("add", "policyexpression")
def add_expression(ctx: Context, row: Row, changes: Row) -> None:
    """Its name is a word of the language (3856 [D])."""
    if not _EXPRESSION_NAME.match(str(row["name"])):
        raise Refusal(3856)
    check_expression(row.get("value", "true"))


@before("delete", *_POLICIES, *_ACTIONS)
def delete_used(ctx: Context, row: Row, wanted: Row) -> None:
    """What is bound, or named by a policy, stays: 1372 for a cs action [D], else 1070 [I]. So do built-in ones."""
    if row.get("_builtin"):
        raise Refusal(257)
    kind = catalogue.kind(ctx.kind)
    name = row[kind.url_key or kind.keys[0]]
    if relations.bound_to(ctx, kind, name):
        raise Refusal(1070)
    if kind.name in _ACTIONS and relations.used_by(ctx, kind, name):
        raise Refusal(1372 if kind.name == "csaction" else 1070)


@before("bind", *_VSERVER_BINDINGS)
def bind_to_vserver(ctx: Context, row: Row, changes: Row) -> None:
    """A bind point of its own default, and one policy a priority there (3041 [D])."""
    kind = catalogue.kind(ctx.kind)
    if "bindpoint" in kind.attributes:
        row.setdefault("bindpoint", "REQUEST")
    _check_priority(ctx, row)


def _check_priority(ctx: Context, row: Row) -> None:
    kind = catalogue.kind(ctx.kind)
    if not _ADVANCED.match(kind.binds or "") or str(row.get(str(kind.bind_key))).upper().startswith("NOPOLICY"):
        return
    policy = fold(None, row.get(str(kind.bind_key)))
    for other in ctx.table(kind.name).of_parent(row[str(kind.url_key)]):
        if other.get("bindpoint", "REQUEST") != row.get("bindpoint", "REQUEST"):
            continue
        again = fold(None, other.get(str(kind.bind_key))) == policy
        same_priority = str(other.get("priority")) == str(row.get("priority"))
        if again:  # an identical row is a repetition (273), another priority a second binding
            raise Refusal(273) if same_priority else Refusal(3118)
        if same_priority and "priority" in row:
            raise Refusal(3041)


@before("bind", *_GLOBAL_BINDINGS)
def bind_globally(ctx: Context, row: Row, changes: Row) -> None:
    """The default bind point, and one policy a priority there (3041 [D])."""
    kind = catalogue.kind(ctx.kind)
    type_ = kind.attributes.get("type")
    if type_ is not None and "REQ_DEFAULT" in type_.values:
        row.setdefault("type", "REQ_DEFAULT")
    table = ctx.table(kind.name)
    if "priority" not in row or table.get(row) is not None or not _ADVANCED.match(kind.binds or ""):
        return
    if any(other.get("type") == row.get("type") and str(other.get("priority")) == str(row["priority"]) for other in table):
        raise Refusal(3041)


@shown(*_VSERVER_BINDINGS)
def show_bound(ctx: Context, row: Row, out: Row) -> None:
    """What a row of a policy has besides what was sent (exchange F9 [L])."""
    known = catalogue.kind(ctx.kind).attributes
    if "bindpoint" in known:
        out.setdefault("bindpoint", "REQUEST")
    if "gotopriorityexpression" in known:
        out.setdefault("gotopriorityexpression", "END")
    out.update({name: row.get(name, value) for name, value in _EMPTY_LABELS.items() if name in known})
    out["stateflag"] = "8"


@shown(*_GLOBAL_BINDINGS)
def show_global(ctx: Context, row: Row, out: Row) -> None:
    """``globalbindtype``, ``gotopriorityexpression`` and ``invoke`` are always there (PROTOCOL 21.3 [C:1])."""
    values = {"globalbindtype": "SYSTEM_GLOBAL", "gotopriorityexpression": "END", **_EMPTY_LABELS, "numpol": "1"}
    known = catalogue.kind(ctx.kind).attributes
    out.update({name: row.get(name, value) for name, value in values.items() if name in known})
