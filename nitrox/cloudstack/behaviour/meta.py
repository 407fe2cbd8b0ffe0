# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""About the API itself: capabilities, jobs, events, settings, limits, key of a user."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Any

from nitrox.cloudstack import limits
from nitrox.cloudstack.call import Call, Caller
from nitrox.cloudstack.catalogue import commands
from nitrox.cloudstack.cloud import Cloud
from nitrox.cloudstack.envelope import VERSION
from nitrox.cloudstack.listing import matching, page, portion, visible
from nitrox.cloudstack.parameters import Parameters
from nitrox.cloudstack.refusal import Refusal, invalid, no_entity
from nitrox.cloudstack.registry import chosen_by, command, view
from nitrox.cloudstack.store import Row
from nitrox.cloudstack.views import show


@command("listCapabilities")
def capabilities(call: Call) -> Any:
    """One object, no list."""
    return {
        "capability": {
            "cloudstackversion": VERSION, "securitygroupsenabled": True, "userpublictemplateenabled": True, "supportELB": "false",
            "dynamicrolesenabled": True, "projectinviterequired": False, "allowusercreateprojects": True,
            "customdiskofferingminsize": 1,
            "customdiskofferingmaxsize": 1024, "regionsecondaryenabled": False, "kvmsnapshotenabled": True,
            "allowuserviewdestroyedvm": False,
            "allowuserexpungerecovervm": call.cloud.setting("allow.user.expunge.recover.vm") == "true",
            "defaultuipagesize": 20, "kubernetesserviceenabled": True, "kubernetesclusterexperimentalfeaturesenabled": False,
        }
    }  # fmt: skip


@command("queryAsyncJobResult")
def query_job(call: Call) -> Any:
    """How far a job is."""
    row = call.cloud.jobs.look(call.text("jobid"))
    if row is None or not (call.caller.is_admin or row["accountid"] == call.caller.account.id):
        raise no_entity("jobid", call.text("jobid"), call.command.name)
    shown = show(call.cloud, row)
    return {name: value for name, value in shown.items() if name not in {"domain", "domainid", "domainpath", "account"}}


@view("asyncjob")
def show_job(_cloud: Cloud, _row: Row, shown: dict[str, Any]) -> None:
    """Its id has another name."""
    shown["jobid"] = shown.pop("id")


@command("listAsyncJobs")
def list_jobs(call: Call) -> Any:
    """Those that are pending."""
    rows = [row for row in visible(call, "asyncjob") if call.cloud.jobs.is_pending(row)]
    return page(call, matching(call, rows), "asyncjobs")


@chosen_by("event", "startdate")
def since(call: Call, rows: list[Row]) -> list[Row]:
    """From that day or time on."""
    day = _day(call, "startdate")
    return [row for row in rows if row["created"][: len(day)] >= day]


@chosen_by("event", "enddate")
def until(call: Call, rows: list[Row]) -> list[Row]:
    """Up to that day or time."""
    day = _day(call, "enddate")
    return [row for row in rows if row["created"][: len(day)] <= day]


def _day(call: Call, name: str) -> str:
    text = call.text(name).replace(" ", "T")
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise invalid(f"Unable to parse date {text} for parameter {name}: yyyy-MM-dd or yyyy-MM-dd HH:mm:ss") from None
    return text


@command("listEvents")
def list_events(call: Call) -> Any:
    """Newest first."""
    rows = matching(call, visible(call, "event"))
    rows = [row for row in rows if not row.get("archived") or call.flag("archived")]
    return page(call, sorted(rows, key=lambda row: -row.number), "event")


@command("listEventTypes")
def event_types(_call: Call) -> Any:
    """Every type that a command leaves."""
    found = sorted({one.event for one in commands().values() if one.event})
    return {"count": len(found), "eventtype": [{"name": name} for name in found]}


@command("archiveEvents", "deleteEvents")
def put_away(call: Call) -> Any:
    """By ids or type."""
    rows = call.rows("ids") or [row for row in visible(call, "event") if row["type"] == call.text("type")]
    for row in rows:
        if call.command.name == "deleteEvents":
            call.store.remove(row)
        else:
            call.store.update(row, archived=True)
    return {"success": True}


@command("updateConfiguration")
def configure(call: Call) -> Any:
    """A setting: global, or of one zone, cluster, pool or account."""
    name = call.text("name")
    row = call.store.first("configuration", name=name, scope=None) or call.store.first("configuration", name=name)
    if row is None:
        raise invalid(f"Config parameter with name {name} doesn't exist")
    where = next((f"{key}/{call.text(key)}" for key in _SCOPES if call.has(key)), None)
    value = call.text("value")
    if str(row.get("defaultvalue", "")).isdigit() and not value.isdecimal():
        raise invalid(f"Config parameter {name} is a number, not {value}")
    if where is None:
        call.store.update(row, value=value)
        if name == "default.page.size" and value.isdigit() and int(value) > 0:
            call.cloud.options["page_size"] = int(value)
    else:
        call.store.update(row, _scoped={**row.get("_scoped", {}), where: value})
    return row, {"configuration": {**show(call.cloud, row), "value": value}}


_SCOPES = ("zoneid", "clusterid", "storageid", "accountid", "domainid")


@command("listConfigurations")
def list_configurations(call: Call) -> Any:
    """Settings; with a scope those that can differ there, with their values there."""
    where = next((key for key in _SCOPES if call.has(key)), None)
    scopes = {"zoneid": "Zone", "clusterid": "Cluster", "storageid": "StoragePool", "accountid": "Account", "domainid": "Domain"}
    rows = list(call.store.rows("configuration"))
    rows = [row for row in rows if where is None or row["scope"] == scopes[where]]
    rows = [row for row in rows if not call.has("name") or row["name"] == call.text("name")]
    for name in ("category", "group", "subgroup", "parent"):
        rows = [row for row in rows if not call.has(name) or str(row.get(name, "")).lower() == call.text(name).lower()]
    rows = [row for row in rows if call.text("keyword").lower() in row["name"]]
    answer = page(call, rows, "configuration")
    for item in answer.get("configuration", ()):
        scoped = next(row for row in rows if row["name"] == item["name"]).get("_scoped", {})
        item["value"] = scoped.get(f"{where}/{call.text(where)}", item["value"]) if where else item["value"]
    return answer


@view("configuration")
def show_setting(_cloud: Cloud, _row: Row, shown: dict[str, Any]) -> None:
    """It is known by its name: ``id`` is a number that only some scopes have."""
    del shown["id"]
    shown["scope"] = str(shown["scope"]).lower()


@command("listResourceLimits")
def list_limits(call: Call) -> Any:
    """Every type of the account or project; -1 is no limit."""
    owner = _whose(call)
    wanted = call.number("resourcetype", call.number("id"))
    items = []
    for number, (name, _kind) in limits.TYPES.items():
        if wanted not in {None, number} or call.text("resourcetypename", name) != name or call.has("tag"):
            continue
        row = limits.limit_row(call.cloud, owner, number)
        items.append(_limit(call, owner, number, int(row["max"]) if row is not None else limits.NO_LIMIT))
    return portion(call, items, "resourcelimit")


def _whose(call: Call) -> dict[str, Any]:
    """Of a project, of an account, or with nothing but ``domainid`` of a whole domain."""
    if call.has("domainid") and not call.has("account") and not call.has("projectid"):
        return {"account": None, "domainid": call.need("domainid").id}
    return call.owner()


def _limit(call: Call, owner: dict[str, Any], number: int, most: int) -> dict[str, Any]:
    about = {"resourcetype": str(number), "resourcetypename": limits.TYPES[number][0], "max": most, "domainid": owner["domainid"]}
    domain = call.store.find("domain", owner["domainid"])
    whose = {name: owner[name] for name in ("projectid", "account") if owner.get(name)}
    if "projectid" in whose:
        del whose["account"]
    return {**about, **whose, "domain": domain["name"] if domain is not None else ""}


@command("updateResourceLimit")
def set_limit(call: Call) -> Any:
    """Of an account, a project or a domain."""
    if not (call.caller.is_admin or call.caller.is_domain_admin):
        raise Refusal(531, "only an administrator may change limits")
    owner, number, most = _whose(call), call.number("resourcetype"), call.number("max", limits.NO_LIMIT)
    if number not in limits.TYPES or most is None or most < limits.NO_LIMIT:
        raise invalid(f"Invalid resourcetype {number} or max {most}")
    row = limits.limit_row(call.cloud, owner, number)
    if row is None:
        row = call.store.add("resourcelimit", **owner, resourcetype=str(number))
    call.store.update(row, max=most)
    return {"resourcelimit": _limit(call, owner, number, most)}


@command("listHypervisors")
def hypervisors(call: Call) -> Any:
    """Those of all clusters, or of the clusters of a zone."""
    rows = list(call.store.rows("hypervisor"))
    if call.has("zoneid"):
        there = {one.get("hypervisortype") for one in call.store.rows("cluster") if one["zoneid"] == call.need("zoneid").id}
        rows = [row for row in rows if row["name"] in there]
    items = [{"name": row["name"]} for row in rows]
    return portion(call, items, "hypervisor")


@command("login")
def open_session(cloud: Cloud, given: Parameters) -> tuple[dict[str, Any], dict[str, str]]:
    """A session for a user name and its password: the answer and the cookies. Refuses with 531."""
    user = cloud.store.first("user", username=str(given.get("username", "")))
    password = str(given.get("password", ""))
    if (
        user is None
        or user["state"] != "enabled"
        or not hmac.compare_digest(str(user.get("_password", "")).encode(), password.encode())
    ):
        raise Refusal(531, "Failed to authenticate user; please provide valid credentials")
    session, key = secrets.token_hex(16), secrets.token_urlsafe(20)
    cloud.sessions[session] = f"{user.id} {key}"
    caller = Caller(user, cloud.store.get("account", user["accountid"]))
    members = {
        "username": user["username"], "userid": user.id, "domainid": user["domainid"], "account": user["account"],
        "timeout": 1800,
        "firstname": user["firstname"], "lastname": user["lastname"], "type": str(caller.account["accounttype"]),
        "sessionkey": key,
        "registered": "false",
    }  # fmt: skip
    return members, {"JSESSIONID": session, "sessionkey": key}


@command("logout")
def logout(_cloud: Cloud, _given: Parameters) -> tuple[dict[str, Any], dict[str, str]]:
    """Sessions end with their cookie."""
    return {"description": "success"}, {"JSESSIONID": "", "sessionkey": ""}
