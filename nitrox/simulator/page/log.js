// Copyright (c) 2026, The nitrox authors
// SPDX-License-Identifier: Apache-2.0
// The requests as they come in, newest first.

import { $, h } from "./dom.js";

const KEPT = 300;
const entries = [];
let last = 0;
let paused = false;

const clock = (seconds) => new Date(seconds * 1000).toLocaleTimeString([], { hour12: false });

function outcome(entry) {
  if (!entry.status) return ["cut", "bad"];
  if (entry.status < 300 && !entry.errorcode) return [String(entry.status), "good"];
  return [String(entry.status), entry.status === 404 || entry.status === 409 ? "so" : "bad"];
}

function path(entry) {
  const raw = entry.path.replace("/nitro/v1/config/", "").replace("/nitro/v1/", "");
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function line(entry) {
  const [shown, manner] = outcome(entry);
  const body = entry.body && Object.keys(entry.body).length ? JSON.stringify(entry.body, null, 1) : "";
  const words = entry.errorcode ? `${entry.errorcode} ${entry.message}` : "";
  const summary = [
    h("time", {}, clock(entry.time)),
    h("span", { class: `method ${entry.method}` }, entry.method),
    h("code", { class: "path", title: entry.path }, path(entry)),
    (entry.faults || []).map((fault) => h("span", { class: "tag fault" }, fault)),
    h("span", { class: "ms" }, `${entry.ms} ms`),
    h("span", { class: `status ${manner}` }, shown),
    words ? h("span", { class: "words" }, words) : null,
  ];
  const text = `${entry.method} ${entry.path} ${shown} ${words} ${(entry.faults || []).join(" ")}`.toLowerCase();
  const row = body
    ? h("details", {}, h("summary", {}, summary), h("pre", {}, body))
    : h("div", { class: "plain" }, summary);
  return h("li", { "data-text": text, "data-number": entry.number }, row);
}

function wanted(item) {
  return item.dataset.text.includes($("log-filter").value.trim().toLowerCase());
}

/** Take in what is new; an answer numbered lower than what was seen means that the simulator was reset. */
export function take(found, total) {
  if (total < last) clear();
  if (found.length) last = found.at(-1).number;
  if (!paused) show(found);
  else entries.push(...found);
  $("log-count").textContent = total ? `${total}` : "";
}

function show(found) {
  const items = found.slice(-KEPT).map(line).reverse();
  for (const item of items) item.hidden = !wanted(item);
  $("log").prepend(...items);
  while ($("log").childElementCount > KEPT) $("log").lastElementChild.remove();
  if (!$("log").childElementCount) $("log").append(h("li", { class: "empty", "data-text": "" }, "Nothing requested yet."));
  else $("log").querySelector(".empty:not(:only-child)")?.remove();
}

export function clear() {
  entries.length = 0;
  last = 0;
  $("log").replaceChildren();
}

export const seen = () => last;

export function prepare() {
  $("log-filter").addEventListener("input", () => {
    for (const item of $("log").children) item.hidden = !wanted(item);
  });
  $("log-pause").addEventListener("click", () => {
    paused = !paused;
    $("log-pause").setAttribute("aria-pressed", String(paused));
    $("log-pause").textContent = paused ? "Go on" : "Pause";
    if (!paused) show(entries.splice(0));
  });
}
