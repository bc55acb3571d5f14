// @ts-check
// The small controls of the latent page: one of several, on or off, a slider with its value.

import { attribute, element, write } from "./dom.js";
import { figure } from "./numbers.js";

/** @typedef {{ key: string, label: string, title?: string }} Option */
/** @typedef {{ min: number, max: number, step: number, value: number, title?: string }} Span */

/**
 * One of several, as buttons in a row.
 *
 * @param {string} name
 * @param {Option[]} options
 * @param {string} chosen the key of one of them
 * @param {(key: string) => void} changed
 */
export function choice(name, options, chosen, changed) {
  const buttons = options.map(({ key, label, title }) =>
    element("button", { type: "button", class: "choice", title, onclick: () => pick(key) }, label),
  );
  const node = element("span", { class: "choices", role: "group", "aria-label": name }, ...buttons);
  const control = { node, value: chosen, show };
  /** @param {string} key */
  function show(key) {
    control.value = key;
    buttons.forEach((button, i) => attribute(button, "aria-pressed", String(options[i].key === key)));
  }
  /** @param {string} key */
  function pick(key) {
    show(key);
    changed(key);
  }
  show(chosen);
  return control;
}

/**
 * On or off.
 *
 * @param {string} label
 * @param {boolean} on
 * @param {(on: boolean) => void} changed
 * @param {string} [title]
 */
export function toggle(label, on, changed, title) {
  const node = element("button", { type: "button", class: "key framed", title, onclick: flip }, label);
  const control = { node, value: on };
  function flip() {
    control.value = !control.value;
    attribute(node, "aria-pressed", String(control.value));
    changed(control.value);
  }
  attribute(node, "aria-pressed", String(on));
  return control;
}

/**
 * A slider with its name and value.
 *
 * @param {string} label
 * @param {Span & { write?: (value: number) => string }} span
 * @param {(value: number) => void} changed called at every move
 */
export function slider(label, { min, max, step, value, title, write: written = figure }, changed) {
  const input = element("input", { type: "range", min, max, step, value, "aria-label": label, title });
  const shown = element("output", {}, written(value));
  const node = element("label", { class: "slider" }, element("span", {}, label), input, shown);
  const control = { node, input, value, set };
  input.oninput = () => {
    set(Number(input.value));
    changed(control.value);
  };
  /** @param {number} now */
  function set(now) {
    control.value = now;
    input.value = String(now);
    write(shown, written(now));
  }
  return control;
}

/**
 * @param {string} label
 * @param {() => void} action
 * @param {string} [title]
 */
export const button = (label, action, title) =>
  element("button", { type: "button", class: "key framed", title, onclick: action }, label);
