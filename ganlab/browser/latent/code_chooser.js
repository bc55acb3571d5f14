// @ts-check
// What a conditional generator is asked for beside noise: a class, a category, dials; it holds for every panel.

import { slider } from "../base/controls.js";
import { element } from "../base/dom.js";
import { zeros } from "../base/vectors.js";

/** @typedef {{ classes: string[], categories: number, dials: number }} Codes what the generator can be asked for */
/** @typedef {{ y: number, category: number, dials: number[] }} AskedCodes */

/** @param {Codes} codes */
export const isConditional = ({ classes, categories, dials }) => classes.length + categories + dials > 0;
/** @param {Pick<Codes, "categories">} codes */
export const categoryNames = ({ categories }) => Array.from({ length: categories }, (_, i) => String(i));

export class CodeChooser {
  /** @type {{ y?: HTMLSelectElement, category?: HTMLSelectElement }} */
  boxes = {};

  /**
   * @param {Codes} codes
   * @param {() => void} changed called at another class, category or dial
   */
  constructor({ classes, categories, dials }, changed) {
    /** @type {AskedCodes} */
    this.codes = { y: 0, category: 0, dials: zeros(dials) };
    this.changed = changed;
    const rows = [];
    if (classes.length) rows.push(this.#box("Class", "y", classes));
    if (categories) rows.push(this.#box("Category", "category", categoryNames({ categories })));
    this.codes.dials.forEach((_, i) => rows.push(this.#dial(i)));
    const head = element("header", {}, element("h3", {}, "CodeChooser for"));
    this.node = element("section", { class: "card asked", "aria-label": "CodeChooser for" }, head, ...rows);
  }

  /**
   * @param {"y" | "category"} code
   * @param {number} value
   */
  set(code, value) {
    this.codes[code] = value;
    const box = this.boxes[code];
    if (box) box.value = String(value);
    this.changed();
  }

  /**
   * @param {string} label
   * @param {"y" | "category"} code
   * @param {string[]} names
   */
  #box(label, code, names) {
    const options = names.map((name, i) => element("option", { value: i }, name));
    const box = (this.boxes[code] = element("select", { "aria-label": label }, ...options));
    box.onchange = () => this.set(code, Number(box.value));
    return element("label", { class: "slider" }, element("span", {}, label), box);
  }

  /** @param {number} i */
  #dial(i) {
    /** @param {number} value */
    const turned = (value) => {
      this.codes.dials[i] = value;
      this.changed();
    };
    return slider(`Dial ${i + 1}`, { min: -2, max: 2, step: 0.05, value: 0, title: "Trained on -1 to 1" }, turned).node;
  }
}
