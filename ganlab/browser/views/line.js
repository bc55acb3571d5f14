// @ts-check
// The big view of 1-D data: two densities and D(x) over one axis, as in the first GAN paper's figure 1.

import { figure as digits, count, isNumber, span } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { line, reference } from "../chart/parts.js";
import { alpha } from "../base/theme.js";
import { restored, ticksAlong } from "../drawing/units.js";

/** @import { Axis, ChartSpec, Curve, Numbers, TrainRoom, Units } from "../base/types.js" */
/**
 * @typedef {object} Densities
 * @property {Numbers} x
 * @property {Numbers} data
 * @property {Numbers} samples
 * @property {Numbers} [score] of D, where there is one
 * @property {Numbers | null} [best] D*, NaN where hardly any samples are
 * @property {number | null} [boundary]
 * @property {Units | null} [units]
 */

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(room.data.model === "vae" ? densities : density, room)];

/** @type {ChartSpec<Densities>} */
export const density = {
  id: "big",
  views: ["line"],
  period: 150,
  title: "Densities and D(x)",
  tip:
    "Where real and generated samples lie on the line, and D's score at each place. In the ideal game, the orange " +
    "curve moves onto the blue one, and D(x) becomes flat at the value where D is undecided. The dotted curve is the " +
    "best that D could say against G as it trains: the share of the real density in both together.",
  figure({ view, frame, theme, range }) {
    const peak = span(view.data, view.samples)[1];
    const [lo, hi] = span(view.score);
    const probability = view.score && view.boundary === 0.5 && lo >= 0 && hi <= 1;
    /** @type {"y" | "y2"} */
    const axis = probability || !view.score ? "y" : "y2";
    const top = Math.max(range("y").fit(0, peak * 1.05)[1], probability ? 1 : 0);
    /** @type {(y: Numbers, colour: string, name: string, key: string) => Curve} */
    const filled = (y, colour, name, key) =>
      line(view.x, y, colour, name, { fill: alpha(colour, 0.15), width: 2.5, key });
    const curves = [
      filled(view.data, theme.real, "real", "real"),
      filled(view.samples, theme.generated, "generated", "fake"),
    ];
    const legend = [
      { key: "real", name: "real density", colour: theme.real },
      { key: "fake", name: "generated density", colour: theme.generated },
    ];
    if (view.score) {
      curves.push(
        line(view.x, view.score, theme.discriminator, "D(x)", { key: "score", width: 2.5, dash: "dash", axis }),
      );
      legend.push({ key: "score", name: "D(x)", colour: theme.discriminator });
    }
    if (view.best) {
      curves.push(line(view.x, view.best, theme.text, "D*, the best", { key: "best", dash: "dot", axis }));
      legend.push({ key: "best", name: "D*, the best", colour: theme.text });
    }
    return {
      curves,
      marks: isNumber(view.boundary) ? [reference(view.boundary, "", theme.discriminator, axis)] : [],
      margin: { left: 44, right: axis === "y2" ? 44 : 12, top: 10, bottom: 30 },
      x: { range: [view.x[0], view.x[view.x.length - 1]], grid: true, size: 13, ...own(view) },
      y: { range: [0, top], size: 13 },
      ...(axis === "y2" ? { y2: { range: range("score").fit(lo, hi), size: 13 } } : {}),
      legend,
      text:
        `Iteration ${count(frame.iteration)}.` +
        (view.score ? ` D(x) lies between ${digits(lo)} and ${digits(hi)}.` : ""),
    };
  },
};

/**
 * Where a person's own numbers were scaled for training, the axis shows theirs.
 *
 * @param {Pick<Densities, "units" | "x">} view
 * @returns {Partial<Axis>}
 */
function own({ units, x }) {
  if (!units) return {};
  const read = (/** @type {number} */ value) => digits(restored(units, value, 0));
  return { ticks: ticksAlong(units, x[x.length - 1], 0), title: units.names[0], read };
}

/** @type {ChartSpec<Densities>} */
const densities = {
  ...density,
  title: "Densities",
  tip: "Where real and generated samples lie on the line. A VAE has no D. Its two densities should become alike.",
};
