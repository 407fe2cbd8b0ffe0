// Copyright (c) 2026, The nitrox authors
// SPDX-License-Identifier: Apache-2.0
// What is configured, by kind; a click shows the objects.

import { $, control, h, toast } from "./dom.js";

let kinds = [];
let rows = [];
let open = "";

const shown = (kind) => ($("factory").checked ? kind.count : kind.count - kind.builtin);

export function draw(found) {
  kinds = found;
  const filter = $("objects-filter").value.trim().toLowerCase();
  const visible = kinds.filter((kind) => shown(kind) > 0 && kind.kind.includes(filter));
  $("objects-count").textContent = `${visible.reduce((sum, kind) => sum + shown(kind), 0)} of ${visible.length} kinds`;
  const now = JSON.stringify(visible.map((kind) => [kind.kind, shown(kind)]));
  if ($("objects").dataset.now === now) return;
  $("objects").dataset.now = now;
  $("objects").replaceChildren(...visible.map((kind) => h("button", {
    type: "button", class: "chip", "data-kind": kind.kind, title: `package ${kind.package}`, onclick: () => show(kind.kind),
  }, kind.kind, h("b", {}, String(shown(kind))))));
  $("kinds").replaceChildren(...kinds.map((kind) => h("option", { value: kind.kind })));
}

async function show(kind) {
  try {
    rows = await control("GET", `objects?kind=${encodeURIComponent(kind)}`);
    open = kind;
    table();
    if (!$("rows").open) $("rows").showModal();
  } catch (error) {
    toast(error.message, true);
  }
}

const text = (value) => (value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value));

function table() {
  const visible = rows.filter((row) => $("factory").checked || !row._builtin);
  const all = $("rows-all").checked;
  const columns = [...new Set(visible.flatMap((row) => (all ? Object.keys(row) : row._set)))].filter((name) => !name.startsWith("_"));
  $("rows-title").textContent = `${open} · ${visible.length}`;
  $("rows-table").replaceChildren(h("table", {},
    h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, visible.map((row) => h("tr", {}, columns.map((name) => h("td", { class: row._set.includes(name) ? "" : "muted", title: text(row[name]) }, text(row[name]))))))));
}

export function prepare() {
  for (const id of ["factory", "objects-filter"]) $(id).addEventListener("input", () => draw(kinds));
  $("rows-all").addEventListener("change", table);
  $("rows-close").addEventListener("click", () => $("rows").close());
  $("rows").addEventListener("click", (event) => { if (event.target === $("rows")) $("rows").close(); });
}
