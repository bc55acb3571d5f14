// @ts-check
// Which groups of settings students can't change, as the teacher sets it. A change takes effect at once.

import { element } from "../base/dom.js";

/** @typedef {Record<string, { label: string, on: boolean }>} Locks by group */

export class LocksForm {
  /** @type {Map<string, HTMLInputElement>} */
  boxes = new Map();

  /** @param {(groups: string[]) => void} change */
  constructor(change) {
    const onchange = () => change([...this.boxes].filter(([, box]) => box.checked).map(([group]) => group));
    this.node = element("form", { onchange }, element("p", { class: "muted" }, "Students can't change:"));
  }

  /** @param {Locks} locks */
  show(locks) {
    for (const [group, { label, on }] of Object.entries(locks)) {
      let box = this.boxes.get(group);
      if (!box) {
        box = element("input", { type: "checkbox", name: group });
        this.boxes.set(group, box);
        this.node.append(element("label", {}, box, ` ${label[0].toUpperCase()}${label.slice(1)}`));
      }
      box.checked = on;
    }
  }
}
