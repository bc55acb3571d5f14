// @ts-check
// How strong the learning signal is that reaches each network's weights, over time.

import { figure as digits, count, last, span } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { line } from "../chart/parts.js";
import { iterations, readOut } from "../drawing/curves.js";

/** @import { Numbers, ChartSpec, TrainRoom } from "../base/types.js" */
/** @typedef {{ x: Numbers, d: Numbers, g: Numbers }} Gradients over the iterations x */

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(gradients, room)];

/** @type {ChartSpec<Gradients>} */
const gradients = {
  id: "gradients",
  slot: "gradients",
  views: ["gradients"],
  title: "Gradient norms",
  tip:
    "The size of the gradient that each network's weights get (logarithmic). If it falls by orders of magnitude, " +
    "that network learns almost nothing. Sudden peaks mean that training is unstable. The two curves can't be " +
    "compared with each other.",
  figure({ view, frame, theme, range }) {
    const logs = span(...[view.d, view.g].map((norms) => norms.map((norm) => Math.log10(norm))));
    const names = frame.players ?? { d: "D", g: "G" };
    const legend = [
      { key: "d", name: names.d, colour: theme.discriminator, value: digits(last(view.d)) },
      { key: "g", name: names.g, colour: theme.generator, value: digits(last(view.g)) },
    ];
    return {
      curves: [
        line(view.x, view.d, theme.discriminator, names.d, { key: "d" }),
        line(view.x, view.g, theme.generator, names.g, { key: "g" }),
      ],
      x: iterations(view.x),
      y: { log: true, range: range("y").fit(Math.floor(logs[0]), Math.ceil(logs[1])) },
      legend,
      text: `At iteration ${count(frame.iteration)}: ${readOut(legend)}.`,
    };
  },
};
