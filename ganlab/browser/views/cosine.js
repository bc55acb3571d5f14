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
    "their norms. Of raw outputs that are all positive, as probabilities are, it stays near 1 whatever happens. Two " +
    "versions mean something: of the centred scores, −1 means that D tells all apart and 0 that it can't; of " +
    "D's last hidden features, 1 means that both look alike to it.",
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
