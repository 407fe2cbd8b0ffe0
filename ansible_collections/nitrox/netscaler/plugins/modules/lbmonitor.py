#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Health checks."""

from __future__ import annotations

DOCUMENTATION = r"""
module: lbmonitor
short_description: Health checks
description:
  - Creates, changes and removes a monitor. Times are compared whatever unit the appliance shows them in.
version_added: 0.1.0
author:
  - The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.target
options:
  customheaders:
    description: Headers that a probe sends.
    type: str
  destip:
    description: Address to probe instead of that of the member.
    type: str
  destport:
    description: Port to probe instead of that of the member.
    type: int
  dispatcherip:
    description: Address of the process that runs a script.
    type: str
  dispatcherport:
    description: Its port.
    type: int
  downtime:
    description: Seconds between probes while down.
    type: int
  failureretries:
    description: How many of the probes must fail to be down.
    type: int
  httprequest:
    description: What an HTTP probe asks for, V(HEAD /health) for example.
    type: str
  interval:
    description: Seconds between two probes.
    type: int
  lrtm:
    description: Measure response times.
    type: str
    choices: [DISABLED, ENABLED]
  monitorname:
    description: Name.
    type: str
    required: true
  netprofile:
    description: Network profile.
    type: str
  query:
    description: Name that a DNS probe asks for.
    type: str
  querytype:
    description: Kind of DNS query.
    type: str
    choices: [AAAA, Address, Zone]
  recv:
    description: What an answer must contain.
    type: str
  respcode:
    description: Status codes that mean healthy. Ranges such as V(200-299) are one element.
    type: list
    elements: str
  resptimeout:
    description: Seconds to wait for an answer.
    type: int
  reverse:
    description: A probe that succeeds means down.
    type: str
    choices: ["NO", "YES"]
  scriptargs:
    description: Arguments of a script.
    type: str
  scriptname:
    description: Script of a C(USER) monitor.
    type: str
  secure:
    description: Probe over TLS.
    type: str
    choices: ["NO", "YES"]
  send:
    description: What an extended probe sends.
    type: str
  sslprofile:
    description: TLS profile of the probe.
    type: str
  successretries:
    description: How many probes must succeed to be up again.
    type: int
  transparent:
    description: Probe through the member.
    type: str
    choices: ["NO", "YES"]
  type:
    description: Protocol of the probe.
    type: str
    required: true
    choices:
      - APPC
      - ARP
      - CITRIX-AAC-LAS
      - CITRIX-AAC-LOGINPAGE
      - CITRIX-AG
      - CITRIX-STA-SERVICE
      - CITRIX-STA-SERVICE-NHOP
      - CITRIX-WEB-INTERFACE
      - CITRIX-WI-EXTENDED
      - CITRIX-XD-DDC
      - CITRIX-XDM
      - CITRIX-XML-SERVICE
      - CITRIX-XNC-ECV
      - DIAMETER
      - DNS
      - DNS-TCP
      - DTLS
      - FTP
      - FTP-EXTENDED
      - HTTP
      - HTTP-ECV
      - HTTP-INLINE
      - HTTP2
      - KAFKA-AUTODISCOVER
      - LDAP
      - LDNS-DNS
      - LDNS-PING
      - LDNS-TCP
      - LOAD
      - MQTT
      - MSSQL-ECV
      - MYSQL
      - MYSQL-ECV
      - ND6
      - NNTP
      - ORACLE-ECV
      - PING
      - POP3
      - QUIC
      - RADIUS
      - RADIUS_ACCOUNTING
      - RTSP
      - SIP-TCP
      - SIP-UDP
      - SMPP
      - SMTP
      - SNMP
      - STOREFRONT
      - TCP
      - TCP-ECV
      - UDP-ECV
      - USER
  state:
    description: Wanted state. V(enabled) and V(disabled) are present, and switched on or off.
    type: str
    default: present
    choices: [present, absent, enabled, disabled]
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
"""

EXAMPLES = r"""
- name: An HTTP health check
  nitrox.netscaler.lbmonitor:
    monitorname: shop-health
    type: HTTP
    httprequest: GET /health
    respcode: ["200"]
    interval: 10
"""

RETURN = r"""
lbmonitor:
  description: The object as it is now, read back.
  returned: when it was changed
  type: dict
  sample: {monitorname: shop-health, type: HTTP, interval: 10}
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
    run("lbmonitor")


if __name__ == "__main__":
    main()
