// @ts-check
// Tells Python that the teacher has changed what students may do: see ganlab/ui/rules.py.

import { mountIn } from "../base/stage.js";

/** @import { Send } from "../base/types.js" */

export const RULES = "ganlab-rules"; // the event with which the bar of the class says what the rules are

class RulesRoom {
  /** @type {string | undefined} what the page was drawn by */
  drawn;
  /** @type {string | undefined} what it shows, or is being told to show */
  shown;

  constructor() {
    this.hear = (/** @type {Event} */ event) => this.#hear(/** @type {CustomEvent<string>} */ (event).detail);
    document.addEventListener(RULES, this.hear);
  }

  /**
   * @param {{ drawn: string }} data
   * @param {Send} send
   */
  accept({ drawn }, send) {
    this.send = send;
    if (drawn !== this.drawn) this.drawn = this.shown = drawn;
  }

  close() {
    document.removeEventListener(RULES, this.hear);
  }

  /** @param {string} rules */
  #hear(rules) {
    if (rules === this.shown) return;
    this.shown = rules;
    this.send?.("rules", rules);
  }
}

export default mountIn(RulesRoom);
