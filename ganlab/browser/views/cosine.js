// @ts-check
// How alike D's responses to real and to generated samples are, over time, by three ways of comparing them.

import { figure as digits, count, last } from "../base/numbers.js";
import { line, reference } from "../chart/parts.js";
import { ChartView } from "../chart/chart_view.js";
import { iterations, readOut } from "../drawing/curves.js";

/** @import { Numbers, ChartSpec, TrainRoom } from "../base/types.js" */

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(cosine, room)];

/** @type {[number, string][]} */
const TICKS = [
  [-1, "−1"],
  [-0.5, ""],
  [0, "0"],
  [0.5, ""],
  [1, "1"],
];

/** @type {ChartSpec<Record<string, Numbers>>} */
const cosine = {
  id: "cosine",
  slot: "gradients",
  views: ["cosine"],
  title: "Cosine",
  tip:
    "The cosine between D's responses to real and to generated samples: their vector product over the product of " +
    "their norms. For raw outputs that are all positive, such as probabilities, it is never negative, and near 1 " +
    "where they differ little. Two versions tell more. For centred scores, −1 means that D separates all samples, " +
    "and 0 that it can't. For D's last hidden features, 1 means that both kinds look alike to D.",
  figure({ view, frame, theme }) {
    const lines = /** @type {const} */ ([
      { key: "outputs", name: "raw", colour: theme.muted, dash: "dot" },
      { key: "centred", name: "centred", colour: theme.discriminator, dash: "solid" },
      { key: "features", name: "features", colour: theme.text, dash: "dash" },
    ]).map((each) => ({ ...each, value: digits(last(view[each.key])) }));
    return {
      curves: lines.map(({ key, name, colour, dash }) => line(view.x, view[key], colour, name, { key, dash })),
      marks: [reference(0, "", theme.muted)],
      x: iterations(view.x),
      y: { range: [-1.08, 1.08], ticks: TICKS },
      legend: lines,
      text: `At iteration ${count(frame.iteration)}: ${readOut(lines)}.`,
    };
  },
};
