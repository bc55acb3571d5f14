// @ts-check
// Which classes the samples fall into: of labelled images with samples of each, of stacked digits by their colours.

import { CanvasView } from "../base/canvas_view.js";
import { write } from "../base/dom.js";
import { decodeMosaic, drawMosaic, GAP } from "../drawing/mosaic.js";
import { count, figure, last } from "../base/numbers.js";
import { alpha } from "../base/theme.js";

/** @import { Coverage, Drawing, Mosaic, Numbers, PackedMosaic, RunFacts, ViewRoom } from "../base/types.js" */

/**
 * How the samples fall on the classes, by a classifier that is right on so many of its test images.
 *
 * @typedef {Coverage & PackedMosaic & {
 *   state: "training" | "ready", labels: string[], digits: Numbers, counted: number, whole: number,
 *   unreadable: number, refused: number, accuracy: number, held_out: number }} Classes
 */

/**
 * @param {ViewRoom} room
 * @param {RunFacts} run
 */
export const collapse = (room, run) => [run.stacked ? new StackedView(room) : new ClassesView(room)];

const ROW = 34; // the highest row, in pixels
const NAME = 58;

const TIP =
  "A small classifier, trained here on the real images, reads each sample. A sample that no real image resembles, " +
  "or that lies between two classes, counts for no class. The classifier is sometimes wrong, so look at the " +
  "pictures too. Dashed: the count that each class would have if all were equally likely.";

const WAITING = "A classifier is being trained on the real images…";

// What both have in common: bars of counts in rows, and what to say while there is no classifier.
class CountsView extends CanvasView {
  /**
   * @param {Drawing} _drawing
   * @param {Classes} _view
   * @param {Mosaic | null} _mosaic
   */
  paint(_drawing, _view, _mosaic) {
    throw new Error(`The view ${this.id} does not say how its classes are drawn.`);
  }

  async draw() {
    if (!this.frame) return;
    const view = /** @type {Classes} */ (this.frame.views.classes);
    const turn = (this.turn += 1);
    const mosaic = view.state === "ready" && (view.pixels || view.jpeg) ? await decodeMosaic(view) : null;
    if (turn < this.painted) return;
    this.painted = turn;
    const drawing = this.clear();
    if (!drawing) return;
    if (view.state === "ready") this.paint(drawing, view, mosaic);
    else this.#wait(drawing);
  }

  /**
   * One row: a name, a bar from `left`, and a mark at the equal share.
   *
   * @param {Drawing} drawing
   * @param {{ name: string, hits: number, equal: number }} row
   * @param {{ top: number, height: number, left: number, width: number }} place
   */
  row({ context }, { name, hits, equal }, { top, height, left, width }) {
    const { theme } = this.room;
    /** @param {number} value */
    const reach = (value) => Math.min(1, value / (2.5 * equal)) * width;
    context.fillStyle = hits ? theme.text : theme.muted;
    context.font = `600 13px ${theme.font}`;
    context.textBaseline = "middle";
    context.textAlign = "right";
    context.fillText(name, left - 8, top + height / 2);
    context.fillStyle = theme.generated;
    context.fillRect(left, top + 2, reach(hits), height - 4);
    context.strokeStyle = theme.muted;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(left + reach(equal), top);
    context.lineTo(left + reach(equal), top + height);
    context.stroke();
    context.setLineDash([]);
  }

  /** @param {Drawing} drawing */
  #wait(drawing) {
    drawing.context.fillStyle = alpha(this.room.theme.text, 0.8);
    drawing.context.font = `14px ${this.room.theme.font}`;
    drawing.context.textBaseline = "top";
    drawing.context.fillText(WAITING, 8, 10, drawing.width - 16);
    this.describe(WAITING);
  }
}

/** @param {Classes} view */
const judged = ({ counted, whole, unreadable, refused, accuracy, held_out: out }) =>
  `${count(counted)}${counted < whole ? ` of ${count(whole)}` : ""} samples; ` +
  `${figure((100 * unreadable) / counted)} % can't be read (of real images: ${figure(100 * refused)} %). ` +
  `The classifier is right on ${figure(100 * accuracy)} % of ${count(out)} test images.`;

/**
 * The count that each of so many classes would have if all were equally likely.
 *
 * @param {Classes} view
 * @param {number} classes
 */
const equalShare = ({ counted, unreadable }, classes) => Math.max(1, counted - unreadable) / classes;

class ClassesView extends CountsView {
  /** @param {ViewRoom} room */
  constructor(room) {
    super({ id: "classes", views: ["classes"], period: 300, title: "Samples by class", tip: TIP }, room);
  }

  /**
   * @param {Drawing} drawing
   * @param {Classes} view
   * @param {Mosaic | null} mosaic
   */
  paint(drawing, view, mosaic) {
    const { context, width, height } = drawing;
    const rows = view.counts.length;
    const step = Math.min(ROW, height / rows);
    const scale = Math.max(0.5, (step - GAP) / view.height);
    const bars = Math.max(60, width - NAME - view.columns * (view.width * scale + GAP) - 12);
    view.counts.forEach((hits, i) => {
      const place = { top: i * step, height: step, left: NAME, width: bars };
      this.row(drawing, { name: view.labels[i], hits, equal: equalShare(view, rows) }, place);
      const shown = Math.min(hits, view.columns);
      context.save();
      context.beginPath();
      context.rect(NAME + bars + 10, i * step, shown * (view.width * scale + GAP), step);
      context.clip();
      if (mosaic) drawMosaic(context, mosaic, NAME + bars + 10, 0, scale);
      context.restore();
    });
    write(this.foot, judged(view));
    this.describe(`${view.labels.map((name, i) => `${name}: ${view.counts[i]}`).join(", ")}.`);
  }
}

const COLOURS = ["red", "green", "blue"];

class StackedView extends CountsView {
  /** @param {ViewRoom} room */
  constructor(room) {
    const tip =
      TIP +
      " Modes and reverse KL use the samples of the last ten measurements, up to the 26,000 of the papers' " +
      "protocol; G changes a little between the first and the last of them.";
    super({ id: "classes", views: ["classes"], period: 300, title: "Digits of each colour", tip }, room);
  }

  /**
   * @param {Drawing} drawing
   * @param {Classes} view
   */
  paint(drawing, view) {
    const { context, width, height } = drawing;
    const step = (height - 22) / 10;
    const third = (width - 10) / 3;
    COLOURS.forEach((colour, c) => {
      context.fillStyle = this.room.theme.text;
      context.font = `600 13px ${this.room.theme.font}`;
      context.textAlign = "left";
      context.textBaseline = "top";
      context.fillText(colour, c * third + 24, 2);
      for (let digit = 0; digit < 10; digit++) {
        const place = { top: 20 + digit * step, height: step, left: c * third + 24, width: third - 36 };
        this.row(
          drawing,
          { name: String(digit), hits: view.digits[10 * c + digit], equal: equalShare(view, 10) },
          place,
        );
      }
    });
    write(this.foot, judged(view));
    this.describe(`${count(last(view.captured))} of 1,000 modes.`);
  }
}
