// @ts-check
// The runs' latest figures, a row each, so that digits stand under digits.

import { element, write } from "../base/dom.js";
import { withFloor } from "../views/quality.js";
import { count, figure as digits, last, short } from "../base/numbers.js";
import { MEASURES } from "../base/words.js";

/** @import { Coverage, Frame, RunFacts } from "../base/types.js" */

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {(frame: Frame, run: RunFacts) => string} read
 * @property {boolean} [ofModes] whether only known modes give it sense
 * @property {string} [hint]
 */

/** @param {number} share */
const percent = (share) => `${digits(share * 100)} %`;

/**
 * Reads something of the modes, where they are watched.
 *
 * @param {(view: Coverage) => string} read
 * @returns {(frame: Frame) => string}
 */
const modes =
  (read) =>
  ({ views: { modes: view } }) =>
    view ? read(view) : "–";

/** @type {Column[]} */
const COLUMNS = [
  { title: "iteration", read: (frame) => count(frame.iteration) },
  { title: "training, s", read: (frame) => digits(frame.seconds) },
  { title: "iterations/s", read: (frame) => (frame.rate > 0 ? count(frame.rate) : "–") },
  { title: "modes", ofModes: true, read: modes((view) => `${count(last(view.captured))} of ${view.total}`) },
  { title: MEASURES.high_quality, ofModes: true, read: modes((view) => percent(last(view.high_quality))) },
  {
    title: MEASURES.reverse_kl,
    ofModes: true,
    read: modes((view) => digits(view.reverse_kl)),
    hint: "how far the modes' shares are from equal shares, in nats: 0 is best; no value if no sample is good",
  },
  {
    title: "Fréchet",
    read: ({ views: { quality: view } }) => (view?.frechet?.length ? withFloor(view, "frechet") : "–"),
    hint:
      "Fréchet distance / its value for other real samples. For points it uses their coordinates, for images our own " +
      "classifier's features: don't compare it with Inception FID or between data sets",
  },
  { title: "G parameters", read: (_, run) => short(run.parameters.generator) },
  { title: "D parameters", read: (_, run) => short(run.parameters.discriminator) },
];

export class ScoreTable {
  /** @type {Column[]} */
  columns = [];
  /** @type {Map<string, HTMLTableRowElement>} by the run's id */
  rows = new Map();

  constructor() {
    this.body = element("tbody");
    this.heads = element("tr");
    const table = element(
      "table",
      { class: "scores", "aria-label": "Latest figures" },
      element("thead", {}, this.heads),
      this.body,
    );
    this.node = element("div", { class: "figures", tabindex: "0", role: "region", "aria-label": "Figures" }, table);
  }

  /** @param {RunFacts[]} runs */
  list(runs) {
    this.columns = COLUMNS.filter(({ ofModes }) => !ofModes || runs.some((run) => run.modes_known));
    this.heads.replaceChildren(
      element("th", { scope: "col" }, "run"),
      ...this.columns.map(({ title, hint }) => element("th", { scope: "col", title: hint }, title)),
    );
    this.rows = new Map(
      runs.map((run) => {
        const name = element(
          "th",
          { scope: "row" },
          element("i", { class: "swatch", style: `background:${run.colour}` }),
          run.name,
        );
        return [run.id, element("tr", { "data-run": run.id }, name, ...this.columns.map(() => element("td", {}, "–")))];
      }),
    );
    this.body.replaceChildren(...this.rows.values());
  }

  /**
   * @param {RunFacts} run
   * @param {Frame} frame
   */
  show(run, frame) {
    const row = this.rows.get(run.id);
    if (row) this.columns.forEach(({ read }, i) => write(row.children[i + 1], read(frame, run)));
  }
}
