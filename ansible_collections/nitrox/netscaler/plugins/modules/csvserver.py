#!/usr/bin/python
# Copyright (c) 2026, The nitrox authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Manage content switching virtual servers."""

from __future__ import annotations

DOCUMENTATION = r"""
---
module: csvserver
short_description: Manage content switching virtual servers
version_added: 0.1.0
description:
  - A content switching virtual server looks at each request and sends it to one of several load balancing virtual
    servers.
  - This module creates, changes, enables, disables, renames and deletes them, with the complete sets of what is bound
    to them.
  - Only what is declared is managed. Everything else about the object stays as it is.
  - NITRO's own C(timeout) of this kind goes into O(attributes), because the option of that name is about the appliance
    and its requests.
author: The nitrox authors (@nitrox)
extends_documentation_fragment:
  - nitrox.netscaler.netscaler
  - nitrox.netscaler.netscaler.object
  - nitrox.netscaler.netscaler.writing
  - nitrox.netscaler.netscaler.attributes
  - nitrox.netscaler.netscaler.action_group
options:
  name:
    description: Name of the virtual server.
    type: str
    required: true
  appflowlog:
    description:
      - Whether flow records are exported for the traffic.
      - The appliance's own default is V(ENABLED).
    type: str
    choices: [DISABLED, ENABLED]
  backupvserver:
    description: Virtual server that takes over while this one is down.
    type: str
  casesensitive:
    description:
      - Whether upper and lower case are different in URLs.
      - The appliance's own default is V(ON).
    type: str
    choices: ["OFF", "ON"]
  clttimeout:
    description: Seconds after which an idle connection of a client is closed.
    type: int
  comment:
    description: Any text, for the people who read the configuration on the appliance.
    type: str
  cookiename:
    description:
      - Name of the persistence cookie, for O(persistencetype=COOKIEINSERT).
      - The appliance makes up a name when none is given.
    type: str
  downstateflush:
    description:
      - Whether open connections are closed at once when the state goes to down.
      - Switch it off for transactions that should be allowed to finish.
      - The appliance's own default is V(ENABLED).
    type: str
    choices: [DISABLED, ENABLED]
  httpprofilename:
    description: HTTP profile (C(nshttpprofile)) for the requests.
    type: str
  httpsredirecturl:
    description: Where requests on O(redirectfromport) are sent.
    type: str
  icmpvsrresponse:
    description:
      - Whether a ping of the address is answered whatever the state (V(PASSIVE)), or only while at least one virtual
        server on it that says V(ACTIVE) is up.
      - The appliance's own default is V(PASSIVE).
    type: str
    choices: [ACTIVE, PASSIVE]
  ipset:
    description: IP set (C(ipset)) with further addresses under which the virtual server answers.
    type: str
  ipv46:
    description: IPv4 or IPv6 address that clients connect to.
    type: str
  listenpolicy:
    description:
      - Expression that decides whether a packet is for this virtual server at all; several virtual servers can then
        share an address and a port.
      - V(NONE) takes everything.
      - The appliance's own default is V(NONE).
    type: str
  netprofile:
    description: Network profile (C(netprofile)) that says which source addresses the appliance uses towards the back ends.
    type: str
  persistencetype:
    description:
      - How a client is recognised, so that it gets the same load balancing virtual server again.
      - Its time-out in minutes is the NITRO attribute C(timeout), which goes into O(attributes).
    type: str
    choices: [COOKIEINSERT, NONE, SOURCEIP, SSLSESSION]
  port:
    description: Port that clients connect to; V(65535) stands for every port. Cannot be changed later.
    type: int
  precedence:
    description:
      - Whether policies with a URL or policies with a rule are looked at first. Only for classic policies.
      - The appliance's own default is V(RULE).
    type: str
    choices: [RULE, URL]
  redirectfromport:
    description:
      - Port on which plain HTTP is taken and redirected to O(httpsredirecturl).
      - Only for virtual servers of type SSL.
    type: int
  redirecturl:
    description: Where requests are redirected while the virtual server is down and there is no backup.
    type: str
  servicetype:
    description:
      - Protocol that clients speak. Cannot be changed later.
      - Needed to create the object.
    type: str
    choices:
      [
        ANY, DIAMETER, DNS, DNS_TCP, DOT, FTP, HTTP, HTTP_QUIC, MONGO, MONGO_TLS, MQTT, MQTT_TLS, MSSQL, MYSQL, ORACLE,
        PROXY, RADIUS, RDP, RTSP, SIP_SSL, SIP_TCP, SIP_UDP, SMPP, SSL, SSL_DIAMETER, SSL_PROXY, SSL_TCP, TCP, UDP
      ]
  stateupdate:
    description:
      - Whether the virtual server is down while everything that it sends to is down. Disabled, it is always up.
      - The appliance's own default is V(DISABLED).
    type: str
    choices: [DISABLED, ENABLED, UPDATEONBACKENDUPDATE]
  tcpprofilename:
    description: TCP profile (C(nstcpprofile)) for the connections.
    type: str
  td:
    description:
      - Traffic domain that the object lives in. Cannot be changed later.
      - The appliance's own default is V(0).
    type: int
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
  - module: nitrox.netscaler.config
"""

EXAMPLES = r"""
---
- name: Send requests by host and path
  nitrox.netscaler.csvserver:
    name: front
    servicetype: SSL
    ipv46: 203.0.113.10
    port: 443
    redirectfromport: 80
    httpsredirecturl: https://shop.example.com
    bindings:
      cspolicy:
        - {policyname: to-api, priority: 100}
        - {policyname: to-images, priority: 110}
      lbvserver: [shop]

- name: Take everything off the line, policies stay as they are
  nitrox.netscaler.csvserver:
    name: front
    state: disabled

- name: Unbind all policies
  nitrox.netscaler.csvserver:
    name: front
    bindings:
      cspolicy: []
"""

RETURN = r"""
---
csvserver:
  description: The object as it is now, read back after a change. In check mode, as it would be. Secrets are masked.
  returned: success, unless it is absent
  type: dict
  sample: {name: front, servicetype: SSL, ipv46: 203.0.113.10, port: 443, curstate: UP}
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
    run("csvserver")


if __name__ == "__main__":
    main()
