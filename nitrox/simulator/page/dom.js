// Copyright (c) 2026, The nitrox authors
// SPDX-License-Identifier: Apache-2.0
// Elements and calls. Text is always set as text: names on the appliance may contain anything.

export const $ = (id) => document.getElementById(id);

/** An element: attributes, listeners under `on…`, then children (nodes or text; null is left out). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

let silence;
export function toast(text, bad = false) {
  const element = $("toast");
  element.textContent = text;
  element.classList.toggle("bad", bad);
  element.classList.add("shown");
  clearTimeout(silence);
  silence = setTimeout(() => element.classList.remove("shown"), 4000);
}

/** Call the control endpoint; throws with what it says is wrong. */
export async function control(method, what, body) {
  const answer = await fetch(`/_simulator/${what}`, {
    method,
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error || `${answer.status} ${answer.statusText}`);
  return found;
}

/** Run a command of the user's; tell how it went. */
export async function attempt(done, work) {
  try {
    await work();
    toast(done);
  } catch (error) {
    toast(error.message, true);
  }
}

export function bytes(number) {
  for (const unit of ["B", "kB", "MB", "GB"]) {
    if (number < 1000) return `${unit === "B" ? number : number.toFixed(1)} ${unit}`;
    number /= 1000;
  }
  return `${number.toFixed(1)} TB`;
}
