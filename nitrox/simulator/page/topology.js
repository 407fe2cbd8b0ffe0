// Copyright (c) 2026, The nitrox authors
// SPDX-License-Identifier: Apache-2.0
// Nested boxes: virtual server → policy → virtual server → group → members.

import { $, h } from "./dom.js";

const MEMBERS = new Set(["servicegroupmember", "service", "gslbservice"]);
const TAGS = new Set(["lbmonitor", "sslcertkey"]);
const POLICIES = new Set(["cspolicy", "responderpolicy", "rewritepolicy"]);
const NAMES = {
  csvserver: "content switching", lbvserver: "load balancing", gslbvserver: "global load balancing", vpnvserver: "gateway",
  authenticationvserver: "authentication", crvserver: "cache redirection", servicegroup: "service group", service: "service",
  servicegroupmember: "member", gslbservice: "GSLB service", lbmonitor: "monitor", sslcertkey: "certificate",
  cspolicy: "policy", responderpolicy: "responder", rewritepolicy: "rewrite",
};

export function tone(state) {
  if (state === "UP" || state === "ENABLED") return "up";
  if (state === "PARTIAL-UP") return "part";
  if (/OUT OF SERVICE|DISABLED|TROFS/.test(state)) return "out";
  return state ? "down" : "none";
}

const dot = (state) => (state ? h("i", { class: `dot ${tone(state)}`, title: state }) : null);
const spoken = (state) => (state ? h("span", { class: "unseen" }, ` ${state.toLowerCase()}`) : null);
const of = (node, kinds) => node.children.filter((child) => kinds.has(child.kind));
const others = (node) => node.children.filter((c) => !MEMBERS.has(c.kind) && !TAGS.has(c.kind) && !POLICIES.has(c.kind));

function title(node) {
  return h("div", { class: "title" },
    dot(node.state), h("strong", {}, node.name), spoken(node.state),
    node.role ? h("span", { class: "role" }, node.role) : null,
    node.address ? h("code", {}, node.address) : null,
    h("span", { class: "muted" }, node.text || NAMES[node.kind] || node.kind),
    of(node, TAGS).map((tag) => h("span", { class: `tag ${tag.kind}`, title: `${NAMES[tag.kind]} ${tag.text}` }, tag.name)));
}

function member(node) {
  const extra = Number(node.weight || 1) !== 1 ? ` · weight ${node.weight}` : "";
  const shown = node.kind === "servicegroupmember" ? node.address || node.name : node.name;
  return h("li", { class: `member ${tone(node.state)}`, title: `${NAMES[node.kind]} ${node.name} ${node.address} ${node.state}` },
    dot(node.state), h("span", {}, shown), spoken(node.state),
    node.kind !== "servicegroupmember" && node.address ? h("code", {}, node.address) : null,
    extra ? h("span", { class: "muted" }, extra) : null);
}

function box(node) {
  const members = of(node, MEMBERS);
  const named = NAMES[node.kind] || node.kind;
  return h("div", { class: `box ${node.kind}`, "data-kind": node.kind, "data-name": node.name, role: "group", "aria-label": `${named} ${node.name}` },
    title(node),
    of(node, POLICIES).map(route),
    others(node).map(box),
    members.length ? h("ul", { class: "members" }, members.map(member)) : null);
}

/** A policy and where it sends: the action in between is told in passing. */
function route(node) {
  const action = node.children.find((child) => child.kind === "csaction");
  const targets = action ? action.children : node.children;
  const condition = h("div", { class: "policy", "data-kind": node.kind, "data-name": node.name },
    h("div", { class: "title" },
      h("span", { class: "priority", title: "priority" }, String(node.priority ?? "–")),
      h("strong", {}, node.name), h("span", { class: "muted" }, NAMES[node.kind])),
    h("code", { class: "rule", title: node.text }, node.text),
    action ? h("span", { class: "muted via" }, `via ${action.name}`) : null);
  return h("div", { class: targets.length ? "route" : "route alone" },
    condition, targets.length ? h("div", { class: "arrow", "aria-hidden": "true" }, "→") : null,
    targets.length ? h("div", { class: "targets" }, targets.map(box)) : null);
}

let before = "";
export function draw(found) {
  const now = JSON.stringify(found);
  if (now === before) return;
  before = now;
  const shown = found.vservers.length;
  $("topology-count").textContent = found.total > shown ? `${shown} of ${found.total}` : found.total ? `${found.total} entry points` : "";
  $("topology").replaceChildren(...(shown ? found.vservers.map(box) : [h("p", { class: "empty" },
    "No virtual server yet. Send NITRO requests to this address and they appear here: ", h("code", {}, "POST /nitro/v1/config/lbvserver"))]));
}
