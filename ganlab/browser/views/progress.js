// @ts-check
// What became of the same latents from pass to pass through the data: a column for each moment, the newest last.

import { CanvasView } from "../base/canvas_view.js";
import { COARSE, GAP } from "../drawing/mosaic.js";
import { count } from "../base/numbers.js";

/** @import { TrainRoom } from "../base/types.js" */

/** @typedef {{ passes: number, iteration: number, picture: Uint8Array<ArrayBuffer> }} Still */
/** @typedef {{ stills: Still[], rows: number, most: number, labels: string[] }} Progress */

const LABEL = 16; // pixels for a line of text
const SPACE = 8;

/** @param {TrainRoom} room */
export const train = (room) => [new ProgressView(room)];

const progress = {
  id: "progress",
  views: ["progress"],
  slot: "interpolation",
  title: "Progress",
  tip:
    "The generator's samples from the same latents after each pass through the data (at most one picture each " +
    "second). Later, some pictures are left out, but never the first or the newest. Look for the moment when shapes " +
    "appear, and for samples that keep changing although they no longer get better.",
};

class ProgressView extends CanvasView {
  /** @type {Map<number, Promise<ImageBitmap>>} by iteration: a moment does not change any more */
  decoded = new Map();

  /** @param {TrainRoom} room */
  constructor(room) {
    super(progress, room);
  }

  reset() {
    super.reset();
    this.decoded.clear();
  }

  async draw() {
    const { frame } = this;
    if (!frame) return;
    /** @type {Progress} */
    const view = frame.views.progress;
    const turn = (this.turn += 1);
    const images = await Promise.all(view.stills.map((still) => this.#decode(still)));
    if (turn < this.painted) return;
    this.painted = turn;
    for (const iteration of this.decoded.keys()) {
      if (!view.stills.some((still) => still.iteration === iteration)) this.decoded.delete(iteration);
    }
    this.#paint(view, images);
    const passes = view.stills.map(({ passes }) => passes);
    this.describe(
      `Iteration ${count(frame.iteration)}: samples after ${passes.join(", ") || "no"} passes through the data.`,
    );
  }

  /** @param {Still} still */
  #decode({ iteration, picture }) {
    const image = this.decoded.get(iteration) ?? createImageBitmap(new Blob([picture], { type: "image/webp" }));
    this.decoded.set(iteration, image);
    return image;
  }

  /**
   * As many latents as fit if a full strip has all of the width; columns stay where they are while more are added.
   *
   * @param {Progress} view
   * @param {ImageBitmap[]} images
   */
  #paint({ stills, rows, most, labels }, images) {
    const drawing = this.clear();
    if (!drawing) return;
    const { context, width, height, ratio } = drawing;
    const { theme } = this.room;
    context.font = `12px ${theme.font}`;
    const margin =
      Math.max(context.measureText("pass").width, ...labels.map((name) => context.measureText(name).width)) + SPACE;
    const across = (width - margin) / most - GAP;
    const shown = Math.min(rows, Math.max(1, Math.round((height - LABEL) / (across + GAP))));
    const side = Math.floor(Math.min(across, (height - LABEL) / shown - GAP) * ratio) / ratio;
    if (side <= 0) return;
    context.textBaseline = "middle";
    context.fillStyle = theme.muted;
    context.textAlign = "right";
    context.fillText("pass", margin - SPACE, LABEL / 2);
    labels
      .slice(0, shown)
      .forEach((name, row) => context.fillText(name, margin - SPACE, LABEL + row * (side + GAP) + side / 2));
    context.textAlign = "center";
    images.forEach((image, i) => {
      const left = margin + i * (side + GAP);
      context.fillText(String(stills[i].passes), left + side / 2, LABEL / 2);
      const pixels = image.height / rows;
      context.imageSmoothingEnabled = pixels >= COARSE;
      for (let row = 0; row < shown; row++) {
        context.drawImage(image, 0, row * pixels, image.width, pixels, left, LABEL + row * (side + GAP), side, side);
      }
    });
  }
}
