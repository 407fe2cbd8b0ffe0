#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Load balancing virtual servers."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lbvserver
short_description: Load balancing virtual servers
description:
  - Creates, changes, renames, enables, disables and removes a load balancing virtual server, with its bindings.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  backupvserver:
    description: Virtual server that takes over when this one is down.
    type: str
  clttimeout:
    description: Seconds after which an idle client connection is closed.
    type: int
  comment:
    description: Any text.
    type: str
  cookiename:
    description: Name of the persistence cookie.
    type: str
  downstateflush:
    description: Close the connections of what goes down at once.
    type: str
    choices: [DISABLED, ENABLED]
  httpprofilename:
    description: HTTP profile.
    type: str
  httpsredirecturl:
    description: Where a redirect from O(redirectfromport) leads.
    type: str
  icmpvsrresponse:
    description: Whether the address answers a ping only while a virtual server on it is up.
    type: str
    choices: [ACTIVE, PASSIVE]
  ipset:
    description: Further addresses, as an IP set.
    type: str
  ipv46:
    description: IPv4 or IPv6 address. V(0.0.0.0) with O(port=0) for one that only others send to.
    type: str
  lbmethod:
    description: How the next service is chosen.
    type: str
    choices:
      - AUDITLOGHASH
      - CALLIDHASH
      - CUSTOMLOAD
      - DESTINATIONIPHASH
      - DOMAINHASH
      - LEASTBANDWIDTH
      - LEASTCONNECTION
      - LEASTPACKETS
      - LEASTREQUEST
      - LEASTRESPONSETIME
      - LRTM
      - ROUNDROBIN
      - SOURCEIPHASH
      - SRCIPDESTIPHASH
      - SRCIPSRCPORTHASH
      - STATICPROXIMITY
      - TOKEN
      - URLHASH
      - USER_TOKEN
  listenpolicy:
    description: Expression that says which traffic it takes.
    type: str
  m:
    description: How traffic is redirected to the services.
    type: str
    choices: [IP, IPTUNNEL, MAC, TOS]
  name:
    description: Name.
    type: str
    required: true
  netprofile:
    description: Network profile.
    type: str
  persistencebackup:
    description: Persistence for clients without cookies.
    type: str
    choices: [NONE, SOURCEIP]
  persistencetype:
    description: How clients are kept on their service.
    type: str
    choices:
      - CALLID
      - COOKIEINSERT
      - CUSTOMSERVERID
      - DESTIP
      - DIAMETER
      - FIXSESSION
      - NONE
      - RTSPSID
      - RULE
      - SOURCEIP
      - SRCIPDESTIP
      - SSLSESSION
      - URLPASSIVE
      - USERSESSION
  persistmask:
    description: Mask that makes one client of several addresses.
    type: str
  port:
    description: Port. V(65535) stands for any.
    type: int
  redirectfromport:
    description: Port from which requests are redirected to this virtual server.
    type: int
  redirurl:
    description: Where clients are sent while it is down.
    type: str
  rule:
    description: Expression for persistence and for methods that need one.
    type: str
  servicetype:
    description: Protocol. Cannot be changed later.
    type: str
    choices:
      - ANY
      - DHCPRA
      - DIAMETER
      - DNS
      - DNS_TCP
      - DOT
      - DTLS
      - FIX
      - FTP
      - HTTP
      - HTTP_QUIC
      - IPFIX
      - KAFKA_PRODUCER
      - LOGSTREAM
      - MONGO
      - MONGO_TLS
      - MQTT
      - MQTT_TLS
      - MSSQL
      - MYSQL
      - NNTP
      - ORACLE
      - PROXY
      - PUSH
      - QUIC
      - QUIC_BRIDGE
      - RADIUS
      - RDP
      - RTSP
      - SIP_SSL
      - SIP_TCP
      - SIP_UDP
      - SMPP
      - SSL
      - SSL_BRIDGE
      - SSL_DIAMETER
      - SSL_FIX
      - SSL_PROXY
      - SSL_PUSH
      - SSL_TCP
      - SYSLOGTCP
      - SYSLOGUDP
      - TCP
      - TFTP
      - UDP
      - USER_SSL_TCP
      - USER_TCP
  tcpprofilename:
    description: TCP profile.
    type: str
  td:
    description: Traffic domain. Cannot be changed later.
    type: int
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
  - module: nitrox.netscaler.servicegroup
  - module: nitrox.netscaler.csvserver
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
- name: A virtual server with one group behind it
  nitrox.netscaler.lbvserver:
    name: web
    servicetype: HTTP
    ipv46: 203.0.113.10
    port: 80
    lbmethod: LEASTCONNECTION
    persistencetype: COOKIEINSERT
    bindings:
      servicegroup: [web]

- name: Out of service for maintenance
  nitrox.netscaler.lbvserver:
    name: web
    state: disabled

- name: Another name, the same connections
  nitrox.netscaler.lbvserver:
    name: shop
    rename_from: web
"""

RETURN = r"""
lbvserver:
  description: The object as it is now, read back.
  returned: when it was changed
  type: dict
  sample: {name: web, servicetype: HTTP, curstate: UP}
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
    run("lbvserver")


if __name__ == "__main__":
    main()
