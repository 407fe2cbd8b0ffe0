# Copyright (c) 2026, The nitrox authors
# SPDX-License-Identifier: Apache-2.0
"""Gateways and VPNs of VPCs, and certificates: what they get besides their parameters."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from nitrox.cloudstack.call import Call
from nitrox.cloudstack.jobs import Accepted, Steps
from nitrox.cloudstack.refusal import invalid
from nitrox.cloudstack.registry import chosen_by, command
from nitrox.cloudstack.store import Row

from .plain import dressed

_IKE = {
    "ikelifetime": 86400,
    "esplifetime": 3600,
    "dpd": False,
    "forceencap": False,
    "splitconnections": False,
    "ikeversion": "ike",
}


@dressed("vpncustomergateway")
def customer_gateway(call: Call, row: Row) -> None:
    """What was not said is CloudStack's default; a name is made from the address."""
    defaults = {**_IKE, "name": f"VPN-{row['gateway']}"}
    call.store.update(row, **{name: value for name, value in defaults.items() if name not in row})


@dressed("privategateway")
def private_gateway(call: Call, row: Row) -> None:
    """It is ready at once; its VLAN is shown as a URI."""
    vpc = call.store.get("vpc", row["vpcid"])
    vlan = str(row["vlan"])
    near = call.store.first("physicalnetwork", zoneid=vpc["zoneid"])
    call.store.update(
        row, vlan=vlan if "://" in vlan else f"vlan://{vlan}", zoneid=vpc["zoneid"], state="Ready",
        sourcenatsupported=row.get("sourcenatsupported", False),
        physicalnetworkid=row.get("physicalnetworkid") or (near.id if near is not None else None),
    )  # fmt: skip


@chosen_by("sslcert", "accountid")
def of_account(call: Call, rows: list[Row]) -> list[Row]:
    """The certificates of an account, by its id."""
    account = call.lookup("accountid", call.text("accountid"), ("account",))
    return [row for row in rows if (row["account"], row["domainid"]) == (account["name"], account["domainid"])]


@dressed("sslcert")
def certificate(call: Call, row: Row) -> None:
    """Its fingerprint is shown, its key never. Refuses with 431 what is no certificate."""
    try:
        found = x509.load_pem_x509_certificate(str(row["certificate"]).strip().encode())
    except ValueError:
        raise invalid("Invalid certificate: PEM is wanted") from None
    digest = found.fingerprint(hashes.SHA1()).hex(":").upper()
    call.store.update(row, fingerprint=digest, privatekey=None, password=None, enabledrevocationcheck=None)


@dressed("vpngateway")
def vpn_gateway(call: Call, row: Row) -> None:
    """The source NAT address of the VPC is where it listens."""
    address = next((one for one in call.store.where("publicipaddress", vpcid=row["vpcid"]) if one.get("issourcenat")), None)
    call.store.update(row, publicip=address["ipaddress"] if address is not None else None)


@dressed("vpnconnection")
def vpn_connection(call: Call, row: Row) -> None:
    """It is of the VPC of its gateway."""
    gateway = call.store.get("vpngateway", row["s2svpngatewayid"])
    customer = call.store.get("vpncustomergateway", row["s2scustomergatewayid"])
    if call.store.where("vpnconnection", s2svpngatewayid=gateway.id, s2scustomergatewayid=customer.id) != [row]:
        raise invalid("The vpn connection between the two gateways already exists")
    about = {name: customer.get(name) for name in ("gateway", "cidrlist", "ikepolicy", "esppolicy")}
    call.store.update(row, vpcid=gateway["vpcid"], publicip=gateway.get("publicip"), state="Connected", **about)


@command("removeVpnUser")
def remove_vpn_user(call: Call) -> Steps:
    """By name."""
    row = call.store.first("vpnuser", username=call.text("username"), **call.owner())
    if row is None:
        raise invalid(f"Unable to find VPN user {call.text('username')}")
    yield Accepted(row)
    yield None
    call.store.remove(row)
    return {"success": True}


@dressed("vpnuser")
def vpn_user(call: Call, row: Row) -> None:
    """Its password is not shown."""
    call.store.update(row, password=None, state="Active")
