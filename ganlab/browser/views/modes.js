// @ts-check
// Which of the known modes the samples cover: over time, with a bar for each mode; beside a remedy, the bars alone.

import { View } from "../base/card.js";
import { element } from "../base/dom.js";
import { figure as digits, isNumber, last } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { line, reference } from "../chart/parts.js";
import { iterations } from "../drawing/curves.js";
import { MEASURES, title } from "../base/words.js";
import { modeColours } from "../drawing/mode_colours.js";

/** @import { Coverage, ChartSpec, TrainRoom, ViewRoom } from "../base/types.js" */

/** @param {TrainRoom} room */
export const train = (room) => [new ModesView(room)];
/** @param {ViewRoom} room */
export const collapse = (room) => [new SharesView(room)];

const NONE = new Float32Array();
/** @type {[number, string][]} */
const PERCENT = [
  [0, "0"],
  [50, "50"],
  [100, "100%"],
];

/** @type {ChartSpec<Coverage>} */
const modes = {
  id: "modes",
  views: ["modes"],
  title: "Modes",
  tip:
    "How many of the data's modes are captured, and what share of the samples is good (within 3 standard deviations " +
    "of a mode). A mode is captured when it gets more good samples than chance would give it. Many good samples on " +
    "few modes mean collapse; few good samples on many modes mean blur. The bars show how evenly the good samples " +
    "are shared among the modes.",
  figure({ view, theme }) {
    const share = (view.high_quality ?? NONE).map((value) => value * 100);
    const captured = last(view.captured);
    const perfect = isNumber(view.perfect_high_quality) ? view.perfect_high_quality * 100 : null;
    const marks = perfect === null ? [] : [reference(perfect, "", theme.real, "y2")];
    const legend = [
      { key: "captured", name: "captured", colour: theme.generator, value: `${captured} of ${view.total}` },
      { key: "share", name: "good", colour: theme.generated, value: `${digits(last(share))} %` },
    ];
    return {
      curves: [
        line(view.x, view.captured, theme.generator, "captured", { key: "captured", steps: true }),
        line(view.x, share, theme.generated, `${MEASURES.high_quality}, %`, { key: "share", axis: "y2" }),
      ],
      marks,
      x: iterations(view.x),
      y: { range: [0, view.total * 1.05], whole: true },
      y2: { range: [0, 105], ticks: PERCENT },
      legend,
      text: `${captured} of ${view.total} modes captured, ${legend[1].value} of the samples good.`,
    };
  },
};

/**
 * So many bars in a row, in place of those before: the inner part of each.
 *
 * @param {HTMLElement} row
 * @param {number} count
 */
function barsIn(row, count) {
  const inner = Array.from({ length: count }, () => element("b"));
  row.replaceChildren(...inner.map((bar) => element("i", {}, bar)));
  return inner;
}

// How evenly the samples hit the modes, below the curves.
class ModesView extends ChartView {
  /** @type {HTMLElement[]} the inner part of each bar */
  bars = [];

  /** @param {TrainRoom} room */
  constructor(room) {
    super(modes, room);
    this.foot.classList.add("mode-bars");
    this.foot.setAttribute("role", "img");
  }

  draw() {
    super.draw();
    const { modes } = this.frame?.views ?? {};
    if (!modes) return;
    const { counts, needed = 1 } = modes;
    if (this.bars.length !== counts.length) this.bars = barsIn(this.foot, counts.length);
    const most = Math.max(1, ...counts);
    counts.forEach((hits, mode) => {
      this.bars[mode].style.transform = `scaleY(${hits / most})`;
      const bar = /** @type {HTMLElement} */ (this.foot.children[mode]);
      bar.title = `mode ${mode + 1}: ${hits} ${MEASURES.high_quality}`;
      bar.classList.toggle("missed", hits < needed);
    });
    this.foot.setAttribute("aria-label", `${title(MEASURES.high_quality)} of each mode: ${[...counts].join(", ")}`);
  }
}

const HIGHEST = 2.5; // the bars' height in uniform shares; a taller one is cut off

const shares = {
  id: "shares",
  views: ["modes"],
  title: "Share of each mode",
  tip:
    "The share of the good samples that each mode gets. Dashed: the share if all modes were equally likely, as in " +
    "the data. A bar that reaches the top is cut off there. Red: a mode that is not captured.",
};

class SharesView extends View {
  /** @type {HTMLElement[]} the inner part of each bar */
  bars = [];

  /** @param {ViewRoom} room */
  constructor(room) {
    super(shares, room);
    this.row = element("div", { class: "bars" });
    this.body.append(this.row, element("hr", { style: `bottom:${100 / HIGHEST}%` }));
  }

  draw() {
    const { modes, plane } = this.frame?.views ?? {};
    if (!modes) return;
    const { counts, needed = 1, total } = modes;
    const centres = plane?.centres;
    const whole = counts.reduce((sum, hits) => sum + hits, 0);
    if (this.bars.length !== counts.length) this.bars = barsIn(this.row, counts.length);
    const colours = centres ? modeColours(centres, this.room.theme) : [];
    counts.forEach((hits, mode) => {
      const bar = /** @type {HTMLElement} */ (this.row.children[mode]);
      const share = whole ? hits / whole : 0;
      this.bars[mode].style.height = `${Math.min(100, (100 * share * total) / HIGHEST)}%`;
      this.bars[mode].style.background = colours[mode] ?? this.room.theme.generated;
      const equal = `an equal share is ${digits(100 / total)} %`;
      bar.title = `mode ${mode + 1}: ${digits(100 * share)} % of the ${MEASURES.high_quality}; ${equal}`;
      bar.classList.toggle("missed", hits < needed);
    });
    this.describe(`${title(MEASURES.high_quality)} of each mode: ${[...counts].join(", ")}.`);
    this.shown();
  }
}
