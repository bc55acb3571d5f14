// @ts-check
// InfoGAN's codes by hand: a category, a slider for each dial, and what G makes of them from the same noise.

import { CanvasView } from "../base/canvas_view.js";
import { attribute, element } from "../base/dom.js";
import { dots } from "../drawing/layers.js";
import { COARSE, decodeMosaic, fitMosaic, GAP, mosaicSize } from "../drawing/mosaic.js";
import { count } from "../base/numbers.js";
import { groupColour } from "../base/theme.js";

/** @import { Area, CodesData, Drawing, Mosaic, MosaicShape, Numbers } from "../base/types.js" */
/** @import { PackedMosaic, PlaneView, TrainRoom } from "../base/types.js" */

/** @typedef {{ category: number, dials: Numbers, categories: number, points?: Numbers } & PackedMosaic} CodesShown */

const EVERY = 120; // ms between two words to Python while a slider moves
const SPACE = 8;

/** @param {TrainRoom} room */
export const train = (room) => [new CodesView(room)];

const codes = {
  id: "codes",
  views: ["codes"],
  over: ["plane"], // its real points
  title: "Codes",
  tip:
    "The samples that G makes from the code that you choose here, with noise that stays the same. With images, the " +
    "first row shows that code. The rows below have a single noise: the category changes from row to row, and the " +
    "dial that you moved last changes from left to right. A code has a meaning once it changes the same thing for " +
    "every noise.",
};

/** @extends {CanvasView<TrainRoom>} */
class CodesView extends CanvasView {
  /** @type {{ category: number, dials: number[], turned: number }} */
  chosen = { category: 0, dials: [], turned: 0 };
  /** @type {HTMLButtonElement[]} one for each category */
  buttons = [];
  /** @type {number | undefined} set while Python is about to be told */
  waiting;

  /** @param {TrainRoom} room */
  constructor(room) {
    super(codes, room);
    if (room.data.codes) this.#build(room.data.codes);
  }

  async draw() {
    const { frame } = this;
    if (!frame) return;
    /** @type {CodesShown} */
    const view = frame.views.codes;
    const turn = (this.turn += 1);
    const mosaic = view.points ? null : await decodeMosaic(view);
    if (turn < this.painted) return;
    this.painted = turn;
    const drawing = this.clear();
    if (!drawing) return;
    if (mosaic) this.#mosaic(drawing, mosaic);
    else if (view.points?.shape[1] === 2) this.#plane(drawing, view, view.points, frame.views.plane);
    else if (view.points) this.#line(drawing, view.points);
    const dials = Array.from(view.dials, (value) => value.toFixed(2)).join(", ");
    this.describe(`Iteration ${count(frame.iteration)}: category ${view.category + 1}, dials ${dials || "none"}.`);
  }

  /** @param {CodesData} codes */
  #build({ categories, continuous, category, dials, turned }) {
    this.chosen = { category, dials: [...dials], turned };
    const controls = element("div", { class: "dials" });
    if (categories) {
      this.buttons = Array.from({ length: categories }, (_, i) =>
        element(
          "button",
          {
            type: "button",
            class: "choice",
            "aria-label": `Category ${i + 1}`,
            onclick: () => this.#choose({ category: i }),
          },
          String(i + 1),
        ),
      );
      controls.append(element("span", { class: "choices", role: "group", "aria-label": "Category" }, ...this.buttons));
    }
    for (let i = 0; i < continuous; i++) {
      const slider = element("input", {
        type: "range",
        min: "-1",
        max: "1",
        step: "0.05",
        value: String(dials[i] ?? 0),
        "aria-label": `Dial ${i + 1}`,
      });
      slider.oninput = () => {
        this.chosen.dials[i] = Number(slider.value);
        this.#choose({ turned: i });
      };
      controls.append(element("label", { class: "dial" }, `dial ${i + 1}`, slider));
    }
    if (!this.room.data.watching) this.legend.replaceWith(controls);
    this.#press();
  }

  /** @param {{ category?: number, turned?: number }} choice */
  #choose(choice) {
    Object.assign(this.chosen, choice);
    this.#press();
    this.waiting ??= setTimeout(() => {
      this.waiting = undefined;
      this.room.send("codes", { ...this.chosen, dials: [...this.chosen.dials] });
    }, EVERY);
  }

  #press() {
    this.buttons.forEach((button, i) => attribute(button, "aria-pressed", String(i === this.chosen.category)));
  }

  /**
   * The dialled code's row above the grid; in a low card, as a block of two rows beside it.
   *
   * @param {Drawing} drawing
   * @param {Mosaic} mosaic
   */
  #mosaic({ context, width, height, ratio }, mosaic) {
    const grid = { ...mosaic, rows: mosaic.rows - 1 };
    const beside = width > 1.5 * height;
    const chosen = { ...mosaic, rows: beside ? 2 : 1, columns: mosaic.columns / (beside ? 2 : 1) };
    const room = beside ? { width: (width - SPACE) / 2, height } : { width, height: (height - SPACE) / mosaic.rows };
    this.#block(context, mosaic, 0, chosen, { left: 0, top: 0, ...room }, ratio);
    const rest = beside
      ? { left: room.width + SPACE, top: 0, ...room }
      : { left: 0, top: room.height + SPACE, width, height: height - room.height - SPACE };
    this.#block(context, mosaic, mosaic.columns, grid, rest, ratio);
  }

  /**
   * Some of the mosaic's images, from the one numbered `first` on, as a block of other rows in the middle of a box.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Mosaic} mosaic
   * @param {number} first
   * @param {MosaicShape} block
   * @param {Area} box
   * @param {number} ratio
   */
  #block(context, mosaic, first, block, box, ratio) {
    const scale = fitMosaic(block, box, ratio);
    const size = mosaicSize(block, scale);
    const [left, top] = [box.left + (box.width - size.width) / 2, box.top + (box.height - size.height) / 2];
    const [across, down] = [mosaic.width * scale, mosaic.height * scale];
    for (let i = 0; i < block.rows * block.columns; i++) {
      const [column, row] = [(first + i) % mosaic.columns, Math.floor((first + i) / mosaic.columns)];
      const [x, y] = [i % block.columns, Math.floor(i / block.columns)];
      context.imageSmoothingEnabled = mosaic.height >= COARSE;
      context.drawImage(
        mosaic.image,
        column * mosaic.width,
        row * mosaic.height,
        mosaic.width,
        mosaic.height,
        Math.round(left) + x * (across + GAP),
        Math.round(top) + y * (down + GAP),
        across,
        down,
      );
    }
  }

  /**
   * @param {Drawing} drawing
   * @param {CodesShown} view
   * @param {Numbers} points
   * @param {PlaneView} [plane]
   */
  #plane({ context, width, height }, view, points, plane) {
    const { theme } = this.room;
    const extent = plane?.extent ?? 1.5;
    const side = Math.min(width, height) - 8;
    /** @param {number} value */
    const x = (value) => width / 2 + (value / extent) * (side / 2);
    /** @param {number} value */
    const y = (value) => height / 2 - (value / extent) * (side / 2);
    context.strokeStyle = theme.grid;
    context.strokeRect(width / 2 - side / 2, height / 2 - side / 2, side, side);
    if (plane?.real) dots(context, plane.real, x, y, theme.grid, theme.background);
    const colour = view.categories ? groupColour(view.category, theme) : theme.generated;
    dots(context, points, x, y, colour, theme.background);
  }

  /**
   * @param {Drawing} drawing
   * @param {Numbers} points
   */
  #line({ context, width, height }, points) {
    const { theme } = this.room;
    const reach = Math.max(1.5, ...Array.from(points, Math.abs));
    const pairs = Array.from(points).flatMap((value) => [value, 0]);
    dots(
      context,
      pairs,
      (v) => width / 2 + (v / reach) * (width / 2 - 12),
      () => height / 2,
      theme.generated,
      theme.background,
    );
  }
}
