// What a conditional generator is asked for beside noise: a class, a category, dials; it holds for every panel.

import { slider } from "../base/controls.js";
import { element } from "../base/dom.js";
import { zeros } from "../base/vectors.js";

export const isConditional = ({ classes, categories, dials }) => classes.length + categories + dials > 0;
export const categoryNames = ({ categories }) => Array.from({ length: categories }, (_, i) => String(i));

export class Asked {
  // changed(): another class, category or dial
  constructor({ classes, categories, dials }, changed) {
    this.codes = { y: 0, category: 0, dials: zeros(dials) };
    this.changed = changed;
    this.boxes = {};
    const rows = [];
    if (classes.length) rows.push(this.#box("Class", "y", classes));
    if (categories) rows.push(this.#box("Category", "category", categoryNames({ categories })));
    this.codes.dials.forEach((_, i) => rows.push(this.#dial(i)));
    const head = element("header", {}, element("h3", {}, "Asked for"));
    this.node = element("section", { class: "card asked", "aria-label": "Asked for" }, head, ...rows);
  }

  set(code, value) {
    this.codes[code] = value;
    this.boxes[code].value = String(value);
    this.changed();
  }

  #box(label, code, names) {
    const options = names.map((name, i) => element("option", { value: i }, name));
    const box = (this.boxes[code] = element("select", { "aria-label": label }, ...options));
    box.onchange = () => this.set(code, Number(box.value));
    return element("label", { class: "slider" }, element("span", {}, label), box);
  }

  #dial(i) {
    const turned = (value) => {
      this.codes.dials[i] = value;
      this.changed();
    };
    return slider(`Dial ${i + 1}`, { min: -2, max: 2, step: 0.05, value: 0, title: "Trained on -1 to 1" }, turned).node;
  }
}
