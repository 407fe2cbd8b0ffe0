// Copyright (c) 2026, The nitrox authors
// SPDX-License-Identifier: Apache-2.0
// The page of the simulator: asks the control endpoint once a second and draws what has changed.

import { $, attempt, bytes, control, h, toast } from "./dom.js";
import * as faults from "./faults.js";
import * as log from "./log.js";
import * as objects from "./objects.js";
import * as topology from "./topology.js";

const EVERY = 1000; // milliseconds
let sliding = false;
let lost = false;

function figures(counters) {
  const found = [
    ["Requests", counters.requests_total], ["Logins", counters.logins], ["Connections", counters.connections],
    ["Saves", counters.saves], ["Received", bytes(counters.bytes_in)], ["Sent", bytes(counters.bytes_out)],
  ];
  $("counters").replaceChildren(...found.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, String(value)))));
  $("counters").title = Object.entries(counters.requests)
    .flatMap(([method, kinds]) => Object.entries(kinds).map(([kind, number]) => `${method} ${kind}: ${number}`)).join("\n");
}

function box(status, fleet) {
  $("unsaved").textContent = status.booting ? "booting" : status.unsaved ? "unsaved changes" : "saved";
  $("unsaved").className = `badge ${status.booting ? "bad" : status.unsaved ? "so" : "good"}`;
  $("failover").hidden = !status.ha;
  const now = JSON.stringify([fleet, status.name]);
  if ($("fleet").dataset.now === now) return;
  $("fleet").dataset.now = now;
  $("fleet").replaceChildren(...fleet.map((one) => h("a", {
    href: `${one.url}/`, class: "one", "aria-current": one.name === status.name ? "page" : null, title: `${one.url} · NSIP ${one.nsip}`,
  }, h("strong", {}, one.name), h("span", { class: "muted" }, one.nsip), one.ha ? h("span", { class: `ha ${one.role}` }, one.role) : null)));
}

function latency(options) {
  if (sliding) return;
  $("latency").value = Math.round(options.latency * 1000);
  $("latency-shown").textContent = `${$("latency").value} ms`;
}

async function refresh() {
  const asked = ["status", "counters", "faults", "options", "fleet", "topology", "objects", `log?after=${log.seen()}&limit=300`];
  const [status, counters, planned, options, fleet, found, kinds, entries] = await Promise.all(asked.map((what) => control("GET", what)));
  box(status, fleet);
  figures(counters);
  faults.draw(planned);
  latency(options);
  topology.draw(found);
  objects.draw(kinds);
  log.take(entries, counters.requests_total);
  return status;
}

async function watch() {
  try {
    if (!document.hidden) await refresh();
    if (lost) toast("Connected again");
    lost = false;
  } catch (error) {
    if (!lost) toast(`No answer from the simulator: ${error.message}`, true);
    lost = true;
  }
  document.body.classList.toggle("lost", lost);
  setTimeout(watch, EVERY);
}

function theme(next) {
  document.documentElement.dataset.theme = next;
  localStorage.setItem("theme", next);
}

function prepare(status) {
  faults.prepare(status.faults);
  log.prepare();
  objects.prepare();
  $("save").addEventListener("click", () => attempt("The running configuration is saved", () => control("POST", "save")));
  $("failover").addEventListener("click", () => attempt("The pair has failed over", () => control("POST", "failover")));
  $("reset").addEventListener("click", () => attempt("Reset to the state of the start", async () => { await control("POST", "reset"); log.clear(); }));
  $("latency").addEventListener("input", () => { sliding = true; $("latency-shown").textContent = `${$("latency").value} ms`; });
  $("latency").addEventListener("change", () => attempt(`Each answer comes ${$("latency").value} ms later`, async () => {
    await control("POST", "options", { latency: Number($("latency").value) / 1000 });
    sliding = false;
  }));
  $("theme").addEventListener("click", () => {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const now = document.documentElement.dataset.theme || (dark ? "dark" : "light");
    theme(now === "dark" ? "light" : "dark");
  });
}

const chosen = new URLSearchParams(location.search).get("theme") || localStorage.getItem("theme");
if (chosen) theme(chosen);
prepare(await control("GET", "status"));
await watch();
