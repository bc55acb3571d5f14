// @ts-check
// How D's scores are spread now, real against generated.

import { figure as digits, isNumber, span } from "../base/numbers.js";
import { alpha } from "../base/theme.js";
import { ChartView } from "../chart/chart_view.js";
import { bars, moment } from "../chart/parts.js";

/** @import { ChartSpec, Numbers, TrainRoom } from "../base/types.js" */
/** @typedef {{ edges: Numbers, real: Numbers, fake: Numbers, boundary: number | null }} Histograms */

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(histograms, room)];

/** @type {ChartSpec<Histograms>} */
const histograms = {
  id: "histograms",
  slot: "histograms",
  views: ["histograms"],
  title: "Scores now",
  tip:
    "How many real and generated samples get each score from D at this moment. If the two heaps are separate, D is " +
    "winning. If one covers the other, D can't tell real from generated. D is asked in evaluation mode. If it has " +
    "BatchNorm, it uses running averages then, so its scores can be far from those of its training batches, which " +
    "the chart of D's scores shows.",
  figure({ view, theme, range }) {
    const centres = [...view.edges.subarray(0, -1)].map((edge, i) => (edge + view.edges[i + 1]) / 2);
    return {
      curves: [],
      bars: [
        bars(centres, view.real, alpha(theme.real, 0.62), "real", "real"),
        bars(centres, view.fake, alpha(theme.generated, 0.62), "generated", "fake"),
      ],
      marks: isNumber(view.boundary) ? [moment(view.boundary, "", theme.muted)] : [],
      x: { range: [view.edges[0], view.edges[view.edges.length - 1]], read: (score) => `score ${digits(score)}` },
      y: { range: [0, range("y").fit(0, span(view.real, view.fake)[1])[1]] },
      legend: [
        { key: "real", name: "real", colour: theme.real, value: "" },
        { key: "fake", name: "generated", colour: theme.generated, value: "" },
      ],
      text:
        `Mean score of real samples ${digits(mean(centres, view.real))}, ` +
        `of generated ${digits(mean(centres, view.fake))}.`,
    };
  },
};

/**
 * @param {number[]} centres
 * @param {Numbers} counts
 */
function mean(centres, counts) {
  let [sum, total] = [0, 0];
  counts.forEach((count, i) => {
    sum += count * centres[i];
    total += count;
  });
  return sum / total;
}
