// @ts-check
// The pairs of a trial over the iterations since the fork: a thin line for each training, a thick one for their mean.

import { figure as digits, last, roundEnd } from "../base/numbers.js";
import { line } from "../base/plotly.js";
import { PlotView } from "../base/plot_view.js";
import { alpha } from "../base/theme.js";
import { MEASURES, title } from "../base/words.js";
import { readOut } from "../drawing/curves.js";

/** @import { Figure, Numbers, RunFacts, Theme, TrialView } from "../base/types.js" */
/** @import { CompareRoom } from "../compare/compare.js" */

const TIP =
  "Every pair began at the same moment with chance of its own. Thin: each training. Thick: the mean of all pairs. " +
  "Compare the two colours at the same iteration.";

/**
 * Columns of an array (looks, pairs), and after them their mean.
 *
 * @param {Numbers} rows
 * @param {number} factor
 */
export function columns(rows, factor) {
  const [looks, pairs] = rows.shape;
  const at = Array.from({ length: pairs }, (_, pair) =>
    Array.from({ length: looks }, (_, look) => factor * rows[look * pairs + pair]),
  );
  const mean = Array.from({ length: looks }, (_, look) => at.reduce((sum, y) => sum + y[look], 0) / pairs);
  return { each: at, mean };
}

/** @extends {PlotView<CompareRoom>} */
export class PairsView extends PlotView {
  /** @type {RunFacts[]} the twin, and the run with a remedy */
  runs = [];

  /**
   * @param {"modes" | "good"} what
   * @param {CompareRoom} room
   */
  constructor(what, room) {
    const name = title(what === "modes" ? MEASURES.modes : MEASURES.high_quality);
    super(
      {
        id: `pairs-${what}`,
        views: ["trial"],
        title: `${name} since the fork`,
        tip: TIP,
        period: 500,
        figure: ({ view, theme }) => this.#figure(what, view, theme),
      },
      room,
    );
  }

  /**
   * @param {"modes" | "good"} what
   * @param {TrialView} view
   * @param {Theme} theme
   * @returns {Figure}
   */
  #figure(what, view, theme) {
    const [twin, remedied] = this.runs;
    const factor = what === "good" ? 100 : 1;
    const unit = what === "good" ? " %" : ` of ${view.total}`;
    const sides = [
      { run: twin, x: view.twin_x, rows: what === "good" ? view.twin_good : view.twin_modes },
      { run: remedied, x: view.x, rows: view[what] },
    ].flatMap(({ run, x, rows }) => (run && x && rows ? [{ run, x, ...columns(rows, factor) }] : []));
    const legend = sides.map(({ run, mean }) => ({
      key: run.id,
      name: run.name,
      colour: run.colour,
      value: `${digits(last(mean))}${unit}`,
    }));
    return {
      traces: sides.flatMap(({ run, x, each, mean }) => [
        ...each.map((y) =>
          line(x, y, alpha(run.colour, 0.35), run.name, { meta: run.id, width: 1, hoverinfo: "skip" }),
        ),
        line(x, mean, run.colour, run.name, { meta: run.id, width: 3 }),
      ]),
      legend,
      layout: {
        margin: { l: 40, r: 10, t: 6, b: 22 },
        xaxis: { range: [0, roundEnd(Math.max(1, ...sides.map(({ x }) => last(x))))], hoverformat: ",d" },
        yaxis: { range: [0, 1.05 * (what === "good" ? 100 : view.total)], nticks: 4 },
        shapes: view.at ? [now(view.at, theme)] : [],
      },
      text: `${this.spec.title}, means over the pairs: ${readOut(legend)}.`,
    };
  }
}

/**
 * The iteration at which both are compared.
 *
 * @param {number} x
 * @param {Theme} theme
 */
const now = (x, theme) => ({
  type: "line",
  xref: "x",
  yref: "paper",
  x0: x,
  x1: x,
  y0: 0,
  y1: 1,
  line: { color: theme.axis, width: 1, dash: "dot" },
});
