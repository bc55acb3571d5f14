// @ts-check
// What D says of real and of generated samples, over time.

import { figure as digits, count, isNumber, last, span } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { band, line, reference } from "../chart/parts.js";
import { alpha } from "../base/theme.js";
import { iterations, nameOf } from "../drawing/curves.js";

/** @import { Numbers, ChartSpec, SteadyRange, TrainRoom } from "../base/types.js" */
/**
 * The means over the iterations x; lo and hi are the smallest and largest, where steps are thinned.
 *
 * @typedef {object} Scores
 * @property {Numbers} x
 * @property {Numbers} real
 * @property {Numbers} fake
 * @property {Numbers} [real_lo]
 * @property {Numbers} [real_hi]
 * @property {Numbers} [fake_lo]
 * @property {Numbers} [fake_hi]
 * @property {number | null} boundary
 */

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(scores, room)];

/** @type {ChartSpec<Scores>} */
const scores = {
  id: "scores",
  views: ["scores"],
  title: "D's scores",
  tip:
    "D's average score of real and of generated samples, at every iteration. The closer the two are, the less D can " +
    "tell them apart. Either the samples are good or D is weak: look at the samples to see which.",
  figure({ view, frame, theme, range }) {
    /** @param {string} colour */
    const fill = (colour) => alpha(colour, 0.16);
    const bands = [];
    if (view.real_lo && view.real_hi) bands.push(band(view.x, view.real_lo, view.real_hi, fill(theme.real), "real"));
    if (view.fake_lo && view.fake_hi)
      bands.push(band(view.x, view.fake_lo, view.fake_hi, fill(theme.generated), "fake"));
    const boundary = isNumber(view.boundary) ? [reference(view.boundary, nameOf(view.boundary), theme.muted)] : [];
    const legend = [
      { key: "real", name: "D(x)", colour: theme.real, value: digits(last(view.real)) },
      { key: "fake", name: "D(G(z))", colour: theme.generated, value: digits(last(view.fake)) },
    ];
    return {
      bands,
      curves: [
        line(view.x, view.real, theme.real, "D(x)", { key: "real" }),
        line(view.x, view.fake, theme.generated, "D(G(z))", { key: "fake" }),
      ],
      marks: boundary,
      x: iterations(view.x),
      y: { range: scoreRange(span(view.real, view.fake), view.boundary, range("y")) },
      legend,
      text: `At iteration ${count(frame.iteration)}: D(x) ${legend[0].value}, D(G(z)) ${legend[1].value}.`,
    };
  },
};

// Probabilities keep the whole of 0 to 1 in view; other scores take the room they need.
/**
 * @param {[number, number]} ends
 * @param {number | null} boundary
 * @param {SteadyRange} steady
 * @returns {[number, number]}
 */
function scoreRange([lo, hi], boundary, steady) {
  if (boundary === 0.5 && lo >= 0 && hi <= 1) return [0, 1];
  return steady.fit(Math.min(lo, boundary ?? lo), Math.max(hi, boundary ?? hi));
}
