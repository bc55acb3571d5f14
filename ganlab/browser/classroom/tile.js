// @ts-check
// One seat on the wall: its name, and the run that it works on as small as a stamp.

import { attribute, element, write } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { textOf } from "../base/sentences.js";
import { STATES } from "../base/words.js";
import { button } from "./ask.js";
import { drawPoints } from "./points.js";

/** @import { Sentence } from "../base/sentences.js" */
/**
 * @typedef {object} SeatShown
 * @property {number} number
 * @property {string} name "" where the board shows numbers
 * @property {number} need the smaller, the more help
 * @property {string} state of its run; "none" without one, "saved" of one that is not in memory
 * @property {string} [watch] the id that watches its run
 * @property {number} [iteration]
 * @property {string} [title]
 * @property {Sentence | string | null} [headline]
 * @property {string} [severity]
 * @property {string} [points] pairs of bytes
 * @property {string} [image] an address of data
 */

const SIDE = 104; // pixels of the picture
const ICONS = /** @type {Record<string, string>} */ ({ good: "✓", info: "i", warning: "!", error: "✕" });
const SAID = /** @type {Record<string, string>} */ ({ none: "No run is open", saved: "As it was saved last" });
const WORDS = /** @type {Record<string, string>} */ ({ ...STATES, held: "Held", saved: "Saved" });

export class Tile {
  /** @type {string | undefined} the points that are drawn */
  drawn;

  /** @type {SeatShown | undefined} */
  seat;

  /** @param {Record<string, (seat: SeatShown) => void>} actions by what they are called; the last needs no run */
  constructor(actions) {
    this.canvas = element("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
    this.image = element("img", { alt: "", hidden: "" });
    this.name = element("h2");
    this.about = element("p", { class: "muted" });
    this.headline = element("p", { class: "headline" });
    this.actions = Object.entries(actions).map(([label, act]) => button(label, () => this.#do(act)));
    this.opener = element("summary", {}, "⋯");
    this.menu = element("details", { name: "of-a-seat" }, this.opener, element("div", {}, ...this.actions));
    this.node = element(
      "article",
      { class: "tile" },
      element("header", {}, this.name, this.menu),
      element("div", { class: "picture" }, this.canvas, this.image),
      element("div", {}, this.headline, this.about),
    );
  }

  /** @param {(seat: SeatShown) => void} act */
  #do(act) {
    this.menu.open = false;
    if (this.seat) act(this.seat);
  }

  /** @param {SeatShown} seat */
  show(seat) {
    this.seat = seat;
    const name = seat.name || `Seat ${seat.number}`;
    for (const button of this.actions.slice(0, -1)) button.hidden = !seat.watch;
    write(this.name, name);
    attribute(this.opener, "aria-label", `What to do with ${name}`);
    attribute(this.node, "data-severity", seat.severity ?? "info");
    attribute(this.node, "data-state", seat.state);
    const said = textOf(seat.headline);
    this.headline.title = said;
    write(this.headline, SAID[seat.state] ?? said);
    attribute(this.headline, "data-icon", SAID[seat.state] || !said ? "" : ICONS[seat.severity ?? "info"]);
    const iteration = seat.iteration === undefined ? "" : `${WORDS[seat.state]}, iteration ${count(seat.iteration)}`;
    write(this.about, iteration);
    this.about.title = seat.title ?? "";
    this.image.hidden = !seat.image;
    this.canvas.hidden = !seat.points;
    if (seat.image && this.image.src !== seat.image) this.image.src = seat.image;
    if (seat.points && seat.points !== this.drawn) drawPoints(this.canvas, seat.points);
    this.drawn = seat.points;
  }
}
