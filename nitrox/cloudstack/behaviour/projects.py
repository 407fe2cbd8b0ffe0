# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Projects and their members."""

from __future__ import annotations

from typing import Any

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.limits import told
from nitrox.cloudstack.listing import matching, page, portion, visible
from nitrox.cloudstack.refusal import denied, invalid
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show

from .accounts import clean
from .lifecycle import drop
from .security import default_group


@command("createProject")
def create(call: Call) -> Steps:
    """Its name is the domain's only one; its resources are of an account of its own."""
    owner = call.named_account() if call.has("account") else call.caller.account
    name = call.text("name")
    if call.store.where("project", name=name, domainid=owner["domainid"]):
        raise invalid(f"Project with name {name} already exists in domain {owner['domainid']}")
    row = call.store.add(
        "project", name=name, displaytext=call.text("displaytext") or name, domainid=owner["domainid"], state="Active",
        created=call.cloud.now_text(), _owner=owner.id, _members=[owner.id],
    )  # fmt: skip
    call.store.update(row, _account=f"PrjAcct-{name}-{row.number}", projectaccountname=f"PrjAcct-{name}-{row.number}")
    yield Accepted(row, undo=lambda: call.store.remove(row), new=True)
    yield None
    default_group(call, {"account": row["_account"], "domainid": row["domainid"], "projectid": row.id})
    return {"project": show(call.cloud, row)}


def _ruled(call: Call, name: str = "id") -> Row:
    row = call.need(name)
    if not (call.caller.is_admin or row["_owner"] == call.caller.account.id):
        raise denied(f"{call.caller.account['name']} does not own project {row['name']}")
    return row


@command("updateProject")
def update(call: Call) -> Steps:
    """Texts and owner."""
    row = _ruled(call)
    changes = dict(call.sent("displaytext", "name"))
    if call.has("account"):
        account = call.store.first("account", name=call.text("account"), domainid=row["domainid"])
        if account is None or account.id not in row["_members"]:
            raise invalid(f"Account {call.text('account')} is no member of project {row['name']}")
        changes["_owner"] = account.id
    yield Accepted(row)
    yield None
    call.store.update(row, **changes)
    return {"project": show(call.cloud, row)}


@command("activateProject", "suspendProject")
def set_state(call: Call) -> Steps:
    """Active or Suspended; a suspended one stops its machines."""
    row = _ruled(call)
    active = call.command.name == "activateProject"
    yield Accepted(row)
    yield None
    call.store.update(row, state="Active" if active else "Suspended")
    for machine in [] if active else [one for one in call.store.rows("virtualmachine") if one.get("projectid") == row.id]:
        if machine["state"] == "Running":
            yield call.cloud.machines.stop(machine.id, forced=False)
            call.store.update(machine, state="Stopped")
    return {"project": show(call.cloud, row)}


@command("deleteProject")
def delete(call: Call) -> Steps:
    """With ``cleanup`` everything in it goes too; without, it must be empty."""
    row = _ruled(call)
    yield Accepted(row)
    owner = {"account": row["_account"], "domainid": row["domainid"]}
    left = [kind for kind in ("virtualmachine", "network", "volume", "vpc") if call.store.where(kind, **owner)]
    if left and not call.flag("cleanup", default=True):
        raise invalid(f"Project {row['name']} is not empty: it has a {left[0]}")
    yield None
    clean(call.cloud, owner)
    drop(call.cloud, row)
    return {"success": True}


@command("listProjects")
def list_projects(call: Call) -> Any:
    """Those that the caller, or ``account``, is a member of; an administrator sees all."""
    rows = [row for row in visible(call, "project") if call.in_project(row.id)]
    if call.has("account"):
        account = call.named_account()
        rows = [row for row in rows if account.id in row["_members"]]
    elif call.has("domainid"):
        rows = [row for row in rows if row["domainid"] in call.domains(call.text("domainid"))]
    return page(call, matching(call, rows), "project")


@view("project")
def show_project(cloud: Cloud, row: Row, shown: dict[str, Any]) -> None:
    """Its owner, and what it has."""
    account = cloud.store.find("account", row["_owner"])
    if account is not None:
        users = cloud.store.where("user", accountid=account.id)
        shown["owner"] = [
            {"account": account["name"], **({"userid": users[0].id, "user": users[0]["username"]} if users else {})}
        ]
    owner = {"account": row["_account"], "domainid": row["domainid"], "projectid": row.id}
    shown |= told(cloud, owner, but=("project",))


@chosen_by("project", "username")
def by_user(call: Call, rows: list[Row]) -> list[Row]:
    """With a user of that name."""
    accounts = {user["accountid"] for user in call.store.where("user", username=call.text("username"))}
    return [row for row in rows if accounts & set(row["_members"])]


@command("addAccountToProject")
def add_account(call: Call) -> Steps:
    """Another member."""
    row = _ruled(call, "projectid")
    account = call.store.first("account", name=call.text("account"), domainid=row["domainid"])
    if account is None:
        raise invalid(f"Unable to find account {call.text('account')}")
    yield Accepted(row)
    yield None
    call.store.update(row, _members=list(dict.fromkeys([*row["_members"], account.id])))
    return {"success": True}


@command("deleteAccountFromProject")
def remove_account(call: Call) -> Steps:
    """A member leaves; the owner does not."""
    row = _ruled(call, "projectid")
    account = call.store.first("account", name=call.text("account"), domainid=row["domainid"])
    if account is None or account.id not in row["_members"] or account.id == row["_owner"]:
        raise invalid(f"Account {call.text('account')} can't leave project {row['name']}")
    yield Accepted(row)
    yield None
    call.store.update(row, _members=[key for key in row["_members"] if key != account.id])
    return {"success": True}


@command("listProjectAccounts")
def list_accounts(call: Call) -> Any:
    """The members and their part."""
    row = call.need("projectid")
    items = [_member(call, row, key) for key in row["_members"]]
    items = [one for one in items if call.text("keyword").lower() in one["account"].lower()]
    for name in ("account", "role"):
        items = [one for one in items if not call.has(name) or one[name].lower() == call.text(name).lower()]
    return portion(call, items, "projectaccount")


def _member(call: Call, row: Row, key: str) -> dict[str, Any]:
    account = call.store.get("account", key)
    about = {
        "projectid": row.id,
        "project": row["name"],
        "accountid": key,
        "account": account["name"],
        "domainid": account["domainid"],
    }
    return {**about, "accounttype": account["accounttype"], "role": "Admin" if key == row["_owner"] else "Regular"}
