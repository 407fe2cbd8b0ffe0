// Copyright (c) 2026, The nitrox authors
// SPDX-License-Identifier: Apache-2.0
// A button for each fault; the fields above say which requests it hits and how.

import { $, attempt, control, h } from "./dom.js";

// Which numbers a fault takes besides times, skip and after.
const PARAMETERS = {
  refuse: ["seconds"], unavailable: ["seconds"], delay: ["seconds"], reject: ["errorcode"], fail_item: ["errorcode", "item"],
  hang_before: ["seconds"], hang_after: ["seconds"],
};

function wanted(fault) {
  const form = new FormData($("fault-form"));
  const found = { fault, times: Number(form.get("times")), skip: Number(form.get("skip")), after: Number(form.get("after")) };
  if (form.get("method") !== "*") found.method = form.get("method");
  if (form.get("kind").trim()) found.kind = form.get("kind").trim();
  for (const name of PARAMETERS[fault] || []) if (form.get(name) !== "") found[name] = Number(form.get(name));
  if (fault === "drift") found.change = JSON.parse(form.get("change"));
  return found;
}

const spoken = (fault) => {
  const where = `${fault.method || "any method"} · ${fault.kind || "any kind"}`;
  const how = ["seconds", "errorcode", "item", "after", "skip"].filter((name) => fault[name]).map((name) => `${name} ${fault[name]}`);
  return [where, ...how, fault.times ? `${fault.times} left` : "until forgotten"].join(" · ");
};

export function prepare(kinds) {
  const help = (fault) => () => { $("fault-help").textContent = `${fault}: ${kinds[fault]}.`; };
  $("fault-buttons").replaceChildren(...Object.keys(kinds).map((fault) => h("button", {
    type: "button", "data-fault": fault, title: kinds[fault], "aria-describedby": "fault-help",
    onclick: () => attempt(`${fault} is planned`, async () => draw(await control("POST", "faults", wanted(fault)))),
    onmouseenter: help(fault), onfocus: help(fault),
  }, fault.replaceAll("_", " "))));
  $("faults-clear").addEventListener("click", () => attempt("No faults are planned", async () => draw(await control("DELETE", "faults"))));
  $("fault-form").addEventListener("submit", (event) => event.preventDefault());
}

let before = "";
export function draw(found) {
  const now = JSON.stringify(found);
  if (now === before) return;
  before = now;
  for (const button of $("fault-buttons").children) {
    const hits = found.injected[button.dataset.fault] || 0;
    button.classList.toggle("waiting", found.planned.some((fault) => fault.fault === button.dataset.fault));
    button.replaceChildren(button.dataset.fault.replaceAll("_", " "), hits ? h("span", { class: "hits", title: `${hits} injected` }, String(hits)) : "");
  }
  $("planned").replaceChildren(...found.planned.map((fault) => h("li", {}, h("strong", {}, fault.fault), ` ${spoken(fault)}`)));
}
