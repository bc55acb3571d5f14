// Which of the known modes the samples cover: over time, with a bar for each mode; beside a remedy, the bars alone.

import { View } from "../base/card.js";
import { element } from "../base/dom.js";
import { figure as digits, last } from "../base/numbers.js";
import { PlotView } from "../base/plot_view.js";
import { line, reference } from "../base/plotly.js";
import { iterations } from "../drawing/curves.js";
import { modeColours } from "../drawing/mode_colours.js";

export const train = (room) => [new ModesView(room)];
export const collapse = (room) => [new SharesView(room)];

const modes = {
  id: "modes",
  views: ["modes"],
  title: "Modes",
  tip:
    "How many of the data's modes are captured, and what share of the samples is good (within 3 sigma of a mode). A mode " +
    "is captured when more good samples are near it than chance puts there. Together they tell collapse from blur; the " +
    "bars show how evenly the modes are hit.",
  figure({ view, frame, theme }) {
    const share = view.high_quality.map((value) => value * 100);
    const captured = last(view.captured);
    const perfect = Number.isFinite(view.perfect_high_quality) ? view.perfect_high_quality * 100 : null;
    const marks = perfect === null ? [] : [reference(perfect, "", theme.real, "y2")];
    const legend = [
      { key: "captured", name: "captured", colour: theme.generator, value: `${captured} of ${view.total}` },
      { key: "share", name: "good", colour: theme.generated, value: `${digits(last(share))} %` },
    ];
    return {
      traces: [
        line(view.x, view.captured, theme.generator, "captured", { meta: "captured", shape: "hv" }),
        line(view.x, share, theme.generated, "good samples, %", { meta: "share", yaxis: "y2" }),
      ],
      legend,
      layout: {
        xaxis: iterations(view.x),
        yaxis: { range: [0, view.total * 1.05], nticks: 4 },
        yaxis2: { range: [0, 105], tickvals: [0, 50, 100], ticktext: ["0", "50", "100%"] },
        shapes: marks.map(({ shape }) => shape),
      },
      text: `${captured} of ${view.total} modes captured, ${legend[1].value} of the samples good.`,
    };
  },
};

// How evenly the samples hit the modes, below the curves.
class ModesView extends PlotView {
  constructor(room) {
    super(modes, room);
    this.foot.classList.add("mode-bars");
    this.foot.setAttribute("role", "img");
  }

  draw() {
    super.draw();
    const { counts, needed } = this.frame.views.modes;
    if (this.foot.children.length !== counts.length) {
      this.foot.replaceChildren(...Array.from(counts, () => element("i", {}, element("b"))));
    }
    const most = Math.max(1, ...counts);
    counts.forEach((hits, mode) => {
      const bar = this.foot.children[mode];
      bar.firstChild.style.transform = `scaleY(${hits / most})`;
      bar.title = `mode ${mode + 1}: ${hits} good samples`;
      bar.classList.toggle("missed", hits < needed);
    });
    this.foot.setAttribute("aria-label", `Good samples of each mode: ${[...counts].join(", ")}`);
  }
}

const ROOM = 2.5; // the bars' height in uniform shares; a taller one is cut off

const shares = {
  id: "shares",
  views: ["modes"],
  title: "Share of each mode",
  tip:
    "How the good samples fall on the modes. Dashed: the share that each would have if all were equally likely, as they " +
    "are in the data. A bar that reaches the top is cut off. Red: a mode that is not captured.",
};

class SharesView extends View {
  constructor(room) {
    super(shares, room);
    this.bars = element("div", { class: "bars" });
    this.body.append(this.bars, element("hr", { style: `bottom:${100 / ROOM}%` }));
  }

  draw() {
    if (!this.frame) return;
    const { counts, needed, total } = this.frame.views.modes;
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
      bar.title = `mode ${mode + 1}: ${digits(100 * share)} % of the good samples; an equal share is ${digits(100 / total)} %`;
      bar.classList.toggle("missed", hits < needed);
    });
    this.describe(`Good samples of each mode: ${[...counts].join(", ")}.`);
    this.shown();
  }
}
