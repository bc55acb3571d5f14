// @ts-check
// What each seat may do, as the teacher sets it. A change takes effect at once.

import { element } from "../base/dom.js";

/**
 * @typedef {object} Limits
 * @property {number} training
 * @property {number} kept
 * @property {boolean} sweeps
 * @property {boolean} own_data
 * @property {boolean} large
 */

const NUMBERS = /** @type {const} */ ([
  ["training", "Runs that train at once", 1, 8],
  ["kept", "Runs that are kept", 2, 50],
]);
const SWITCHES = /** @type {const} */ ([
  ["sweeps", "Walls (the Sweep page)"],
  ["own_data", "Data and files of their own"],
  ["large", "Large networks"],
]);

export class LimitsForm {
  /** @param {(limits: Limits) => void} change */
  constructor(change) {
    const onchange = () => this.node.reportValidity() && change(this.chosen);
    /** @type {Map<string, HTMLInputElement>} */
    this.inputs = new Map();
    this.node = element("form", { onsubmit: (/** @type {Event} */ event) => event.preventDefault(), onchange });
    for (const [name, label, min, max] of NUMBERS) this.#add(name, label, { type: "number", min, max, required: "" });
    this.node.append(element("p", { class: "muted" }, "Students may use:"));
    for (const [name, label] of SWITCHES) this.#add(name, label, { type: "checkbox" });
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {Record<string, string | number>} attributes
   */
  #add(name, label, attributes) {
    const input = element("input", { name, ...attributes });
    this.inputs.set(name, input);
    this.node.append(element("label", {}, input, ` ${label}`));
  }

  /** @returns {Limits} */
  get chosen() {
    const values = [...this.inputs].map(([name, input]) => [
      name,
      input.type === "checkbox" ? input.checked : input.valueAsNumber,
    ]);
    return Object.fromEntries(values);
  }

  /** @param {Limits} limits what holds; what is being typed stays */
  show(limits) {
    for (const [name, input] of this.inputs) {
      if (document.activeElement === input && input.type === "number") continue;
      const value = limits[/** @type {keyof Limits} */ (name)];
      if (typeof value === "boolean") input.checked = value;
      else if (input.value !== String(value)) input.value = String(value);
    }
  }
}
