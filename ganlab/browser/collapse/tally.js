// @ts-check
// How a run stands, in numbers large enough for the last row: modes captured, good samples, evenness.

import { element, write } from "../base/dom.js";
import { count, figure as digits, last } from "../base/numbers.js";
import { MEASURES, title } from "../base/words.js";

/** @import { Coverage, Frame } from "../base/types.js" */

const CLASSES = 100; // more of them than this are called modes: the thousand of stacked digits

/**
 * The view that says how many modes a run's samples cover: known points, or classes that a classifier names.
 *
 * @param {Frame | undefined} frame
 * @returns {Coverage | undefined}
 */
export const coverageOf = (frame) =>
  frame?.views.modes ?? (frame?.views.classes?.state === "ready" ? frame.views.classes : undefined);

/**
 * What is counted of a run: modes of points, or classes of images.
 *
 * @param {Coverage} view
 */
export const counted = (view) => (view.high_quality || view.total > CLASSES ? "modes" : "classes");

/** @type {{ unit(view: Coverage): string, read(view: Coverage): string | null }[]} */
const NUMBERS = [
  { unit: (view) => `of ${count(view.total)} ${counted(view)}`, read: (view) => count(last(view.captured)) },
  {
    unit: () => `% ${MEASURES.high_quality}`,
    read: (view) => (view.high_quality ? digits(100 * last(view.high_quality)) : null),
  },
  { unit: () => MEASURES.reverse_kl, read: (view) => digits(view.reverse_kl) },
];
const TIP = `${title(MEASURES.reverse_kl)}: how far the modes' shares are from equal, in nats. 0 is best.`;

export class Tally {
  constructor() {
    this.numbers = NUMBERS.map(() => {
      const [value, unit] = [element("b"), element("i")];
      return { value, unit, node: element("span", { class: "number", hidden: "" }, value, unit) };
    });
    this.node = element("div", { class: "tally", title: TIP }, ...this.numbers.map(({ node }) => node));
  }

  /** @param {Frame | undefined} frame */
  show(frame) {
    const view = coverageOf(frame);
    if (!view) return;
    NUMBERS.forEach(({ unit, read }, i) => {
      const value = read(view);
      this.numbers[i].node.hidden = value === null;
      write(this.numbers[i].value, value ?? "");
      write(this.numbers[i].unit, unit(view));
    });
  }
}
