// How a run stands, in numbers large enough for the last row: modes captured, good samples, evenness.

import { element, write } from "../base/dom.js";
import { count, figure as digits, last } from "../base/numbers.js";

// The view that says how many modes a run's samples cover: known points, or classes that a classifier names.
export const coverageOf = (frame) =>
  frame?.views.modes ?? (frame?.views.classes?.state === "ready" ? frame.views.classes : undefined);

const NUMBERS = [
  {
    unit: (view) => `of ${count(view.total)} ${view.high_quality ? "modes" : view.total > 100 ? "modes" : "classes"}`,
    read: (view) => count(last(view.captured)),
  },
  { unit: () => "% good samples", read: (view) => (view.high_quality ? digits(100 * last(view.high_quality)) : null) },
  { unit: () => "reverse KL", read: (view) => digits(view.reverse_kl ?? NaN) },
];
const TIP = "Reverse KL: how far the modes' shares are from equal, in nats. 0 is best.";

export class Tally {
  constructor() {
    this.numbers = NUMBERS.map(() => element("span", { class: "number", hidden: "" }, element("b"), element("i")));
    this.node = element("div", { class: "tally", title: TIP }, ...this.numbers);
  }

  show(frame) {
    const view = coverageOf(frame);
    if (!view) return;
    NUMBERS.forEach(({ unit, read }, i) => {
      const value = read(view);
      this.numbers[i].hidden = value === null;
      write(this.numbers[i].firstChild, value ?? "");
      write(this.numbers[i].lastChild, unit(view));
    });
  }
}
