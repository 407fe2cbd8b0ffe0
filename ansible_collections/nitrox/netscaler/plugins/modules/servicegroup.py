#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service groups and their members."""

from __future__ import annotations

DOCUMENTATION = r"""
module: servicegroup
short_description: Service groups and their members
description:
  - Creates, changes and removes a service group. Its members are a complete set. New ones are bound before old ones are unbound, and weights change in place.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  appflowlog:
    description: Log flows.
    type: str
    choices: [DISABLED, ENABLED]
  autodisabledelay:
    description: Seconds that a member which is no longer wanted gets to finish.
    type: int
  autodisablegraceful:
    description: Let members finish that are no longer in the set handed over.
    type: str
    choices: ["NO", "YES"]
  autoscale:
    description: Where members come from. V(API) takes complete sets, V(DISABLED) takes them one by one.
    type: str
    choices: [API, CLOUD, DISABLED, DNS, POLICY]
  cip:
    description: Insert the address of the client.
    type: str
    choices: [DISABLED, ENABLED]
  cipheader:
    description: Header for the address of the client, C(X-Forwarded-For) for example.
    type: str
  cka:
    description: Keep client connections alive.
    type: str
    choices: ["NO", "YES"]
  clttimeout:
    description: Seconds after which an idle client connection is closed.
    type: int
  cmp:
    description: Compress answers.
    type: str
    choices: ["NO", "YES"]
  comment:
    description: Any text.
    type: str
  downstateflush:
    description: Close the connections of what goes down at once.
    type: str
    choices: [DISABLED, ENABLED]
  healthmonitor:
    description: Probe the members.
    type: str
    choices: ["NO", "YES"]
  httpprofilename:
    description: HTTP profile.
    type: str
  maxclient:
    description: Most connections to a member. V(0) is without a limit.
    type: int
  maxreq:
    description: Most requests over one connection to a member. V(0) is without a limit.
    type: int
  monthreshold:
    description: Weight of probes that must succeed for a member to be up.
    type: int
  netprofile:
    description: Network profile.
    type: str
  servicegroupname:
    description: Name.
    type: str
    required: true
  servicetype:
    description: Protocol. Cannot be changed later.
    type: str
    choices:
      - ADNS
      - ADNS_DOH
      - ADNS_DOT
      - ADNS_TCP
      - ANY
      - DHCPRA
      - DIAMETER
      - DNS
      - DNS_TCP
      - DOT
      - DTLS
      - FIX
      - FTP
      - GRE
      - HTTP
      - HTTP_QUIC
      - IPFIX
      - KAFKA_BROKER
      - LOGSTREAM
      - LOGSTREAM_SSL
      - MONGO
      - MONGO_TLS
      - MQTT
      - MQTT_TLS
      - MSSQL
      - MYSQL
      - NNTP
      - ORACLE
      - PPTP
      - QUIC
      - QUIC_BRIDGE
      - RADIUS
      - RADIUSListener
      - RDP
      - RPCSVR
      - RTSP
      - SIP_SSL
      - SIP_TCP
      - SIP_UDP
      - SMPP
      - SNMP
      - SSL
      - SSL_BRIDGE
      - SSL_DIAMETER
      - SSL_FIX
      - SSL_TCP
      - SYSLOGTCP
      - SYSLOGUDP
      - TCP
      - TFTP
      - UDP
      - USER_SSL_TCP
      - USER_TCP
  svrtimeout:
    description: Seconds after which an idle connection to a member is closed.
    type: int
  tcpb:
    description: Buffer TCP.
    type: str
    choices: ["NO", "YES"]
  tcpprofilename:
    description: TCP profile.
    type: str
  td:
    description: Traffic domain. Cannot be changed later.
    type: int
  useproxyport:
    description: Use ports of the appliance on connections to members.
    type: str
    choices: ["NO", "YES"]
  usip:
    description: Use the address of the client on connections to members.
    type: str
    choices: ["NO", "YES"]
  state:
    description: Wanted state. V(enabled) and V(disabled) are present, and switched on or off.
    type: str
    default: present
    choices: [present, absent, enabled, disabled]
  rename_from:
    description: Name under which the object may still exist. It is renamed in place.
    type: str
  attributes:
    description: Any other attributes of the kind, with the names that NITRO has for them. Null unsets one.
    type: dict
  bindings:
    description:
      - Complete sets of bindings, by the short name of what is bound.
      - What is not in a set is unbound, an empty list unbinds all, sets that are not named are left alone.
    type: dict
  save:
    description: Save the configuration when something changed.
    type: bool
    default: false
seealso:
  - module: nitrox.netscaler.lbvserver
  - module: nitrox.netscaler.server
  - module: nitrox.netscaler.lbmonitor
"""

EXAMPLES = r"""
- name: Two members with a health check
  nitrox.netscaler.servicegroup:
    servicegroupname: web
    servicetype: HTTP
    bindings:
      servicegroupmember:
        - {ip: 198.51.100.11, port: 8080, weight: 10}
        - {ip: 198.51.100.12, port: 8080}
      lbmonitor: [http]

- name: No members left
  nitrox.netscaler.servicegroup:
    servicegroupname: web
    bindings:
      servicegroupmember: []
"""

RETURN = r"""
servicegroup:
  description: The object as it is now, read back.
  returned: when it was changed
  type: dict
  sample: {servicegroupname: web, servicetype: HTTP, state: ENABLED}
plan:
  description: What changes, one line each, with reasons. Secrets are masked.
  returned: success
  type: list
  elements: str
  sample: ["create lbvserver web: does not exist"]
before:
  description: What changes, as it was. Kind, name and attributes.
  returned: success
  type: dict
  sample: {lbvserver: {web: {lbmethod: ROUNDROBIN}}}
after:
  description: What changes, as it is to be.
  returned: success
  type: dict
  sample: {lbvserver: {web: {lbmethod: LEASTCONNECTION}}}
saved:
  description: Whether the configuration was saved.
  returned: when not in check mode
  type: bool
  sample: false
requests:
  description: The NITRO requests of the task, with secrets masked.
  returned: always
  type: list
  elements: dict
  sample: [{method: GET, path: /nitro/v1/config/lbvserver/web, body: null, status: 200}]
errorcode:
  description: NITRO's code of a refusal.
  returned: when the appliance refused something
  type: int
  sample: 273
problems:
  description: Everything that is wrong with what was asked for. Nothing was sent then.
  returned: when it was refused before anything was sent
  type: list
  elements: str
  sample: ["lbvserver.web.lbmethod: 'LEASTCONECTION': not an allowed value (did you mean LEASTCONNECTION?)"]
outcome:
  description: What became of every step.
  returned: when some steps were done and others not
  type: list
  elements: dict
  sample: [{verb: create, object: lbvserver web, status: refused, errorcode: 273}]
"""

from ..module_utils.front import run


def main() -> None:
    """Run as a module on a host."""
    run("servicegroup")


if __name__ == "__main__":
    main()
