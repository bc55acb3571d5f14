// The small controls of the latent page: one of several, on or off, a slider with its value.

import { attribute, element, write } from "./dom.js";
import { figure } from "./numbers.js";

// One of several, as buttons in a row. options: [{ key, label, title }]; changed(key)
export function choice(name, options, chosen, changed) {
  const buttons = options.map(({ key, label, title }) =>
    element("button", { type: "button", class: "choice", title, onclick: () => pick(key) }, label),
  );
  const node = element("span", { class: "choices", role: "group", "aria-label": name }, ...buttons);
  const control = { node, value: chosen, show };
  function show(key) {
    control.value = key;
    buttons.forEach((button, i) => attribute(button, "aria-pressed", String(options[i].key === key)));
  }
  function pick(key) {
    show(key);
    changed(key);
  }
  show(chosen);
  return control;
}

// On or off. changed(on)
export function toggle(label, on, changed, title) {
  const control = { value: on };
  control.node = element("button", { type: "button", class: "key framed", title, onclick: flip }, label);
  function flip() {
    control.value = !control.value;
    attribute(control.node, "aria-pressed", String(control.value));
    changed(control.value);
  }
  attribute(control.node, "aria-pressed", String(on));
  return control;
}

// A slider with its name and value. changed(value) at every move
export function slider(label, { min, max, step, value, title, write: written = figure }, changed) {
  const input = element("input", { type: "range", min, max, step, value, "aria-label": label, title });
  const shown = element("output", {}, written(value));
  const control = { input, value, set };
  input.oninput = () => {
    set(Number(input.value));
    changed(control.value);
  };
  function set(now) {
    control.value = now;
    input.value = String(now);
    write(shown, written(now));
  }
  control.node = element("label", { class: "slider" }, element("span", {}, label), input, shown);
  return control;
}

export const button = (label, action, title) =>
  element("button", { type: "button", class: "key framed", title, onclick: action }, label);
