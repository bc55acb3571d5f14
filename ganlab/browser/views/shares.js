// Each mode's share of the good samples as a bar, against the share that all would have if they were equal.

import { View } from "../base/card.js";
import { element } from "../base/dom.js";
import { modeColours } from "../drawing/mode_colours.js";
import { figure } from "../base/numbers.js";

const ROOM = 2.5; // the bars' height in uniform shares; a taller one is cut off

const shares = {
  id: "shares",
  views: ["modes"],
  title: "Share of each mode",
  tip:
    "How the good samples fall on the modes. Dashed: the share that each would have if all were equally likely, as they " +
    "are in the data. A bar that reaches the top is cut off. Red: a mode that no sample is near.",
};

export class SharesView extends View {
  constructor(room) {
    super(shares, room);
    this.bars = element("div", { class: "bars" });
    this.body.append(this.bars, element("hr", { style: `bottom:${100 / ROOM}%` }));
  }

  draw() {
    if (!this.frame) return;
    const { counts, total } = this.frame.views.modes;
    const { centres } = this.frame.views.plane ?? {};
    const whole = counts.reduce((sum, hits) => sum + hits, 0);
    if (this.bars.children.length !== counts.length) {
      this.bars.replaceChildren(...Array.from(counts, () => element("i", {}, element("b"))));
    }
    const colours = centres ? modeColours(centres, this.room.theme) : [];
    counts.forEach((hits, mode) => {
      const bar = this.bars.children[mode];
      const share = whole ? hits / whole : 0;
      bar.firstChild.style.height = `${Math.min(100, (100 * share * total) / ROOM)}%`;
      bar.firstChild.style.background = colours[mode] ?? this.room.theme.generated;
      bar.title = `mode ${mode + 1}: ${figure(100 * share)} % of the good samples; an equal share is ${figure(100 / total)} %`;
      bar.classList.toggle("missed", hits === 0);
    });
    this.describe(`Good samples of each mode: ${[...counts].join(", ")}.`);
    this.shown();
  }
}
