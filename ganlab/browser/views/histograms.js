// @ts-check
// How D's scores are spread now, real against generated.

import { figure as digits, span } from "../base/numbers.js";
import { alpha } from "../base/theme.js";
import { PlotView } from "../base/plot_view.js";

/** @import { Numbers, PlotSpec, Trace, TrainRoom } from "../base/types.js" */
/** @typedef {{ edges: Numbers, real: Numbers, fake: Numbers, boundary: number | null }} Histograms */

/** @param {TrainRoom} room */
export const train = (room) => [new PlotView(histograms, room)];

/** @type {PlotSpec<Histograms>} */
const histograms = {
  id: "histograms",
  slot: "histograms",
  views: ["histograms"],
  title: "Scores now",
  tip:
    "How many real and generated samples get which score from D at this moment. Two separate heaps: D wins. One on " +
    "top of the other: it cannot tell them apart.",
  figure({ view, theme, range }) {
    const centres = [...view.edges.subarray(0, -1)].map((edge, i) => (edge + view.edges[i + 1]) / 2);
    /** @type {(y: Numbers, colour: string, name: string, key: string) => Trace} */
    const bars = (y, colour, name, key) => ({
      type: "bar",
      x: centres,
      y,
      name,
      meta: key,
      marker: { color: alpha(colour, 0.62), line: { width: 0 } },
    });
    const boundary = Number.isFinite(view.boundary) ? view.boundary : null;
    return {
      traces: [bars(view.real, theme.real, "real", "real"), bars(view.fake, theme.generated, "generated", "fake")],
      legend: [
        { key: "real", name: "real", colour: theme.real, value: "" },
        { key: "fake", name: "generated", colour: theme.generated, value: "" },
      ],
      layout: {
        barmode: "overlay",
        bargap: 0.04,
        xaxis: { range: [view.edges[0], view.edges[view.edges.length - 1]] },
        yaxis: { range: [0, range("y").fit(0, span(view.real, view.fake)[1])[1]], nticks: 4 },
        shapes:
          boundary === null
            ? []
            : [
                {
                  type: "line",
                  x0: boundary,
                  x1: boundary,
                  yref: "paper",
                  y0: 0,
                  y1: 1,
                  line: { color: theme.muted, width: 1, dash: "dot" },
                },
              ],
      },
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
