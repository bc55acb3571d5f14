// The modes' chart over time, with a small bar for each mode below it: how evenly the samples hit them.

import { modes } from "./curves.js";
import { element } from "../base/dom.js";
import { PlotView } from "../base/plot_view.js";

export class ModesView extends PlotView {
  constructor(room) {
    super(modes, room);
    this.foot.classList.add("mode-bars");
    this.foot.setAttribute("role", "img");
  }

  draw() {
    super.draw();
    const counts = this.frame.views.modes.counts;
    if (this.foot.children.length !== counts.length) {
      this.foot.replaceChildren(...Array.from(counts, () => element("i", {}, element("b"))));
    }
    const most = Math.max(1, ...counts);
    counts.forEach((hits, mode) => {
      const bar = this.foot.children[mode];
      bar.firstChild.style.transform = `scaleY(${hits / most})`;
      bar.title = `mode ${mode + 1}: ${hits} good samples`;
      bar.classList.toggle("missed", hits === 0);
    });
    this.foot.setAttribute("aria-label", `Good samples of each mode: ${[...counts].join(", ")}`);
  }
}
