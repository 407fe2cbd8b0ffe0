#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage monitors."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: lbmonitor
short_description: Manage monitors
version_added: 0.1.0
description:
  - A monitor probes members of service groups or services, and takes those out of load balancing that do not answer as
    they should.
  - Only what is declared is managed. Everything else about the object stays as it is.
  - NITRO's own C(username), C(password) and C(retries) of this kind go into O(attributes), because the options of these
    names are about the appliance and its requests.
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.object
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  monitorname:
    description: Name of the monitor.
    type: str
    required: true
  type:
    description: What kind of probe is sent. A monitor is identified by name and type, and the type cannot be changed later.
    type: str
    required: true
    choices:
      [
        APPC, ARP, CITRIX-AAC-LAS, CITRIX-AAC-LOGINPAGE, CITRIX-AG, CITRIX-STA-SERVICE, CITRIX-STA-SERVICE-NHOP,
        CITRIX-WEB-INTERFACE, CITRIX-WI-EXTENDED, CITRIX-XD-DDC, CITRIX-XDM, CITRIX-XML-SERVICE, CITRIX-XNC-ECV,
        DIAMETER, DNS, DNS-TCP, DTLS, FTP, FTP-EXTENDED, HTTP, HTTP-ECV, HTTP-INLINE, HTTP2, KAFKA-AUTODISCOVER, LDAP,
        LDNS-DNS, LDNS-PING, LDNS-TCP, LOAD, MQTT, MSSQL-ECV, MYSQL, MYSQL-ECV, ND6, NNTP, ORACLE-ECV, PING, POP3, QUIC,
        RADIUS, RADIUS_ACCOUNTING, RTSP, SIP-TCP, SIP-UDP, SMPP, SMTP, SNMP, STOREFRONT, TCP, TCP-ECV, UDP-ECV, USER
      ]
  customheaders:
    description: Headers that are added to an HTTP probe, each ending in C(\r\n).
    type: str
  destip:
    description: Address to probe instead of that of the service.
    type: str
  destport:
    description: Port to probe instead of that of the service.
    type: int
  dispatcherip:
    description: Address of the dispatcher that runs the script.
    type: str
  dispatcherport:
    description: Port of the dispatcher that runs the script.
    type: int
  downtime:
    description:
      - Time to wait before probing something again that is down, in seconds unless C(units2) in O(attributes) says
        otherwise.
      - The appliance's own default is V(30).
    type: int
  failureretries:
    description:
      - How many of the last probes, whose number is the attribute C(retries), have to fail for the state to become
        down; V(0) for all of them.
    type: int
  httprequest:
    description: Request line of an HTTP probe, for instance V(GET /health).
    type: str
  interval:
    description:
      - Time between two probes, in seconds unless C(units3) in O(attributes) says V(MIN) or V(MSEC).
      - The appliance's own default is V(5).
    type: int
  lrtm:
    description: Whether response times of probes are measured, for the load balancing method V(LRTM).
    type: str
    choices: [DISABLED, ENABLED]
  netprofile:
    description: Network profile (C(netprofile)) that says which source addresses the appliance uses towards the back ends.
    type: str
  query:
    description: Name to ask for in a DNS probe.
    type: str
  querytype:
    description: Kind of record to ask for in a DNS probe.
    type: str
    choices: [AAAA, Address, Zone]
  recv:
    description: What has to be in the answer to such a probe.
    type: str
  respcode:
    description: Status codes that count as healthy, single ones or ranges such as V(200-299). The order does not matter.
    type: list
    elements: str
  resptimeout:
    description:
      - Time to wait for an answer, in seconds unless C(units4) in O(attributes) says otherwise. Has to be less than
        O(interval).
      - The appliance's own default is V(2).
    type: int
  reverse:
    description:
      - Whether a probe that succeeds means down.
      - The appliance's own default is V(NO).
    type: str
    choices: ["NO", "YES"]
  scriptargs:
    description: Arguments of the script, separated by semicolons. Secret ones go into C(secureargs) in O(attributes).
    type: str
  scriptname:
    description: Script on the appliance, for monitors of type USER.
    type: str
  secure:
    description:
      - Whether the probe is sent over TLS.
      - The appliance's own default is V(NO).
    type: str
    choices: ["NO", "YES"]
  send:
    description: What to send in a probe of type TCP-ECV, HTTP-ECV or UDP-ECV.
    type: str
  sslprofile:
    description: SSL profile (C(sslprofile)) for O(secure=YES).
    type: str
  successretries:
    description:
      - How many probes in a row have to succeed for the state to become up.
      - The appliance's own default is V(1).
    type: int
  transparent:
    description:
      - Whether what is probed is a device that passes traffic on, such as a firewall.
      - The appliance's own default is V(NO).
    type: str
    choices: ["NO", "YES"]
  state:
    description:
      - V(present) makes sure that it exists and is as declared, V(absent) that it does not exist.
      - V(enabled) and V(disabled) also switch it on and off; V(present) leaves that alone.
    type: str
    choices: [present, absent, enabled, disabled]
    default: present
seealso:
  - module: nitrox.netscaler.servicegroup
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
---
- name: Ask for a page
  nitrox.netscaler.lbmonitor:
    monitorname: shop-health
    type: HTTP
    httprequest: GET /health
    respcode: ["200", "204"]
    interval: 10
    resptimeout: 3
    attributes:
      retries: 5

- name: Ask a database, with a password that no option shows
  nitrox.netscaler.lbmonitor:
    monitorname: orders-db
    type: MYSQL
    attributes:
      database: orders
      sqlquery: SELECT 1
      username: probe
      password: "{{ vault_probe_password }}"

- name: Remove a monitor, which is identified by name and type
  nitrox.netscaler.lbmonitor:
    monitorname: shop-health
    type: HTTP
    state: absent
"""

RETURN = r"""
---
lbmonitor:
  description: The object as it is now, read back after a change. In check mode, as it would be. Secrets are masked.
  returned: success, unless it is absent
  type: dict
  sample: {monitorname: shop-health, type: HTTP, httprequest: GET /health, interval: 10, state: ENABLED}
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
    run("lbmonitor")


if __name__ == "__main__":
    main()
