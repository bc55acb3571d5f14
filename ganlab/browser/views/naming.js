// @ts-check
// How much of what the generator was asked for can be told from its samples, over time.

import { count, last } from "../base/numbers.js";
import { line } from "../chart/parts.js";
import { ChartView } from "../chart/chart_view.js";
import { iterations, readOut } from "../drawing/curves.js";

/** @import { Curve, Numbers, Palette, ChartSpec, TrainRoom } from "../base/types.js" */
/** @typedef {keyof Palette | "text"} Colour a colour of the theme */

/** @type {Record<string, { name: string, colour: Colour, dash: Curve["dash"] }>} */
const NAMES = {
  class_real: { name: "D: class, real", colour: "real", dash: "solid" },
  class_fake: { name: "D: class, generated", colour: "generated", dash: "solid" },
  obeyed: { name: "at the mode asked for", colour: "generator", dash: "solid" },
  category: { name: "Q: category", colour: "discriminator", dash: "solid" },
  dials: { name: "Q: dials (R²)", colour: "text", dash: "dash" },
};

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(naming, room)];

/** @type {[number, string][]} */
const TICKS = [
  [0, "0"],
  [0.5, "50 %"],
  [1, "100 %"],
];

/** @type {ChartSpec<Record<string, Numbers>>} */
const naming = {
  id: "naming",
  slot: "gradients",
  views: ["naming"],
  title: "As asked",
  tip:
    "How well G's samples show what G was asked for: the share of samples whose class D recognises, of points that " +
    "lie nearest to the mode asked for, and of categories that Q recognises. For dials: the share of their variance " +
    "that Q explains.",
  figure({ view, frame, theme }) {
    const lines = Object.keys(NAMES)
      .filter((key) => view[key])
      .map((key) => ({ key, ...NAMES[key], colour: theme[NAMES[key].colour], value: percent(last(view[key])) }));
    return {
      curves: lines.map(({ key, name, colour, dash }) => line(view.x, view[key], colour, name, { key, dash })),
      x: iterations(view.x),
      y: { range: [-0.04, 1.04], ticks: TICKS },
      legend: lines,
      text: `At iteration ${count(frame.iteration)}: ${readOut(lines)}.`,
    };
  },
};

/** @param {number} share */
const percent = (share) => (Number.isFinite(share) ? `${Math.round(100 * share)} %` : "–");
