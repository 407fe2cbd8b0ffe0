#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage service groups and their members."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: servicegroup
short_description: Manage service groups and their members
version_added: 0.1.0
description:
  - A service group is a set of back ends that are configured alike.
  - This module creates, changes, enables, disables, renames and deletes them, with the complete sets of their members
    and monitors.
  - Only what is declared is managed. Everything else about the object stays as it is.
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.object
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  servicegroupname:
    description: Name of the service group.
    type: str
    required: true
  appflowlog:
    description:
      - Whether flow records are exported for the traffic.
      - The appliance's own default is V(ENABLED).
    type: str
    choices: [DISABLED, ENABLED]
  autodisabledelay:
    description: Seconds that such a member is given.
    type: int
  autodisablegraceful:
    description: Whether a member that an autoscaled group loses may finish its sessions.
    type: str
    choices: ["NO", "YES"]
  autoscale:
    description:
      - "Who decides about members: the configuration (V(DISABLED)), DNS (V(DNS)), policies (V(POLICY)), a cloud
        (V(CLOUD)) or a client that hands over complete sets (V(API))."
      - The appliance's own default is V(DISABLED).
    type: str
    choices: [API, CLOUD, DISABLED, DNS, POLICY]
  cip:
    description: Whether the client's address is added to HTTP requests in the header O(cipheader).
    type: str
    choices: [DISABLED, ENABLED]
  cipheader:
    description: Name of the header for O(cip), for instance V(X-Forwarded-For).
    type: str
  cka:
    description: Whether connections of clients are kept alive.
    type: str
    choices: ["NO", "YES"]
  clttimeout:
    description: Seconds after which an idle connection of a client is closed.
    type: int
  cmp:
    description: Whether answers of the members are compressed.
    type: str
    choices: ["NO", "YES"]
  comment:
    description: Any text, for the people who read the configuration on the appliance.
    type: str
  downstateflush:
    description:
      - Whether open connections are closed at once when the state goes to down.
      - Switch it off for transactions that should be allowed to finish.
      - The appliance's own default is V(ENABLED).
    type: str
    choices: [DISABLED, ENABLED]
  healthmonitor:
    description:
      - Whether members are probed. V(NO) takes all of them for up.
      - The appliance's own default is V(YES).
    type: str
    choices: ["NO", "YES"]
  httpprofilename:
    description: HTTP profile (C(nshttpprofile)) for the requests.
    type: str
  maxclient:
    description: Most connections open to a member at a time; V(0) for no limit.
    type: int
  maxreq:
    description: Most requests sent over one kept-alive connection to a member; V(0) for no limit.
    type: int
  monthreshold:
    description: Weight of the monitors that have to succeed for a member to be up; V(0) for all of them.
    type: int
  netprofile:
    description: Network profile (C(netprofile)) that says which source addresses the appliance uses towards the back ends.
    type: str
  servicetype:
    description:
      - Protocol that the members speak. Cannot be changed later.
      - Needed to create the object.
    type: str
    choices:
      [
        ADNS, ADNS_DOH, ADNS_DOT, ADNS_TCP, ANY, DHCPRA, DIAMETER, DNS, DNS_TCP, DOT, DTLS, FIX, FTP, GRE, HTTP,
        HTTP_QUIC, IPFIX, KAFKA_BROKER, LOGSTREAM, LOGSTREAM_SSL, MONGO, MONGO_TLS, MQTT, MQTT_TLS, MSSQL, MYSQL, NNTP,
        ORACLE, PPTP, QUIC, QUIC_BRIDGE, RADIUS, RADIUSListener, RDP, RPCSVR, RTSP, SIP_SSL, SIP_TCP, SIP_UDP, SMPP,
        SNMP, SSL, SSL_BRIDGE, SSL_DIAMETER, SSL_FIX, SSL_TCP, SYSLOGTCP, SYSLOGUDP, TCP, TFTP, UDP, USER_SSL_TCP,
        USER_TCP
      ]
  svrtimeout:
    description: Seconds after which an idle connection to a member is closed.
    type: int
  tcpb:
    description: Whether answers of the members are buffered, so that slow clients do not hold up members.
    type: str
    choices: ["NO", "YES"]
  tcpprofilename:
    description: TCP profile (C(nstcpprofile)) for the connections.
    type: str
  td:
    description:
      - Traffic domain that the object lives in. Cannot be changed later.
      - The appliance's own default is V(0).
    type: int
  useproxyport:
    description: Whether, with O(usip=YES), the appliance chooses the source port (V(YES)) or keeps the client's (V(NO)).
    type: str
    choices: ["NO", "YES"]
  usip:
    description: Whether members see the client's address as the source of connections instead of one of the appliance.
    type: str
    choices: ["NO", "YES"]
  state:
    description:
      - V(present) makes sure that it exists and is as declared, V(absent) that it does not exist.
      - V(enabled) and V(disabled) also switch it on and off; V(present) leaves that alone.
    type: str
    choices: [present, absent, enabled, disabled]
    default: present
  rename_from:
    description:
      - Former name of the object.
      - If an object of that name exists and none of the new name, it is renamed, with all of its bindings; nothing
        happens otherwise.
    type: str
seealso:
  - module: nitrox.netscaler.lbvserver
  - module: nitrox.netscaler.lbmonitor
  - module: nitrox.netscaler.server
"""

EXAMPLES = r"""
---
- name: Three members and a health check, no more and no less
  nitrox.netscaler.servicegroup:
    servicegroupname: shop
    servicetype: HTTP
    cip: ENABLED
    cipheader: X-Forwarded-For
    svrtimeout: 60
    bindings:
      servicegroupmember:
        - {ip: 198.51.100.11, port: 8080, weight: 10}
        - {ip: 198.51.100.12, port: 8080, weight: 10}
        - {servername: shop-3, port: 8080, weight: 5}
      lbmonitor: [shop-health]

- name: No members left
  nitrox.netscaler.servicegroup:
    servicegroupname: shop
    bindings:
      servicegroupmember: []

- name: Remove the group
  nitrox.netscaler.servicegroup:
    servicegroupname: shop
    state: absent
"""

RETURN = r"""
---
servicegroup:
  description: The object as it is now, read back after a change. In check mode, as it would be. Secrets are masked.
  returned: success, unless it is absent
  type: dict
  sample: {servicegroupname: shop, servicetype: HTTP, cip: ENABLED, state: ENABLED}
plan:
  description: What was done, or in check mode would be done, one line a step, with the reason.
  returned: success, and failures after the plan was made
  type: list
  elements: str
  sample: ["~ update lbvserver shop: lbmethod: ROUNDROBIN → LEASTCONNECTION"]
before:
  description: What changes, as it was. Kind, name, attributes. Secrets are masked.
  returned: success, and failures after the plan was made
  type: dict
  sample: {lbvserver: {shop: {lbmethod: ROUNDROBIN}}}
after:
  description: What changes, as it is now. Kind, name, attributes. Secrets are masked.
  returned: success, and failures after the plan was made
  type: dict
  sample: {lbvserver: {shop: {lbmethod: LEASTCONNECTION}}}
requests:
  description: The NITRO requests that the task sent. Secrets are masked.
  returned: always
  type: list
  elements: dict
  sample: [{method: GET, path: /nitro/v1/config/lbvserver/shop, body: null, status: 200}]
saved:
  description: Whether the configuration was saved.
  returned: when saving was asked for and something changed
  type: bool
  sample: true
errorcode:
  description: NITRO's number for what went wrong.
  returned: when the appliance refused something
  type: int
  sample: 258
nitro_message:
  description: The appliance's own words for it.
  returned: when the appliance refused something
  type: str
  sample: No such resource
failure_class:
  description:
    - V(A) when nothing reached the appliance, V(B) when it refused, V(C) when some steps were done and others not, V(D) when an
      answer was lost and it could not be found out what became of the request.
  returned: failure that is not an error in the task itself
  type: str
  sample: A
problems:
  description: Everything that is wrong with what was declared. Nothing was sent then.
  returned: when something is wrong with it
  type: list
  elements: str
  sample: ["lbvserver.shop.lbmethod: 'LEASTCON': not an allowed value (did you mean LEASTCONNECTION?)"]
outcome:
  description: What became of each step.
  returned: when a step failed
  type: list
  elements: dict
  sample: [{verb: create, object: lbvserver shop, status: refused, errorcode: 273, message: Resource already exists}]
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("servicegroup")


if __name__ == "__main__":
    main()
