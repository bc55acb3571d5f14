// @ts-check
// The pairs of a trial over the iterations since the fork: a thin line for each training, a thick one for their mean.

import { count, figure as digits, last, roundEnd } from "../base/numbers.js";
import { write } from "../base/dom.js";
import { alpha } from "../base/theme.js";
import { title } from "../base/words.js";
import { ChartView } from "../chart/chart_view.js";
import { line, moment } from "../chart/parts.js";
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

/** @extends {ChartView<CompareRoom>} */
export class PairsView extends ChartView {
  /** @type {RunFacts[]} the twin, and the run with a remedy */
  runs = [];

  /**
   * @param {"modes" | "good"} what
   * @param {CompareRoom} room
   */
  constructor(what, room) {
    super(
      {
        id: `pairs-${what}`,
        views: ["trial"],
        title: what === "modes" ? "Modes" : "Good samples",
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
    const name = `${title(view[`${what}_name`])} since the fork`;
    write(this.heading, name);
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
    const end = roundEnd(Math.max(1, ...sides.map(({ x }) => last(x))));
    return {
      curves: sides.flatMap(({ run, x, each, mean }) => [
        ...each.map((y) => line(x, y, alpha(run.colour, 0.35), run.name, { key: run.id, width: 1, silent: true })),
        line(x, mean, run.colour, run.name, { key: run.id, width: 3 }),
      ]),
      marks: view.at ? [moment(view.at, "compared", theme.muted)] : [],
      x: { range: [0, end], read: (value) => `${count(value)} iterations after the fork` },
      y: { range: [0, 1.05 * (what === "good" ? 100 : view.total)] },
      margin: { left: 42, right: 12 },
      legend,
      text: `${name}, means over the pairs: ${readOut(legend)}.`,
    };
  }
}
