// @ts-check
// The big view of images: what the generator makes of the same latents in every frame, over a strip of real ones.

import { CanvasView, pen } from "../base/canvas_view.js";
import { decodeMosaic, drawMosaic, fitMosaic, GAP, mosaicSize, stripOf } from "../drawing/mosaic.js";
import { count } from "../base/numbers.js";

/** @import { Mosaic, PackedMosaic, TrainRoom } from "../base/types.js" */
/** @typedef {PackedMosaic & { labels?: string[] }} Samples */

const LABEL = 20; // pixels for a line of text
const SPACE = 10;

/** @param {TrainRoom} room */
export const train = (room) => [new SamplesView(room)];

const samples = {
  id: "big",
  views: ["samples"],
  period: 150,
  title: "Samples",
  tip:
    "The generator's samples from latents that stay the same, above some real images. Look for images that repeat " +
    "(collapse), and for what real images have and these do not. A few dozen samples can't show every fault.",
};

class SamplesView extends CanvasView {
  /** @param {TrainRoom} room */
  constructor(room) {
    super(samples, room);
  }

  // JPEGs are decoded off the main thread; a picture that comes out after a newer one is dropped.
  async draw() {
    const { frame } = this;
    /** @type {Samples | undefined} */
    const view = frame?.views.samples;
    if (!frame || !view) return;
    const turn = (this.turn += 1);
    const strips = [stripOf(view, "real"), stripOf(view, "reconstructed")];
    const [generated, ...beneath] = await Promise.all([
      decodeMosaic(view),
      ...strips.map((strip) => strip && decodeMosaic(strip)),
    ]);
    if (turn < this.painted) return;
    this.painted = turn;
    this.#paint(view.labels ?? [], generated, beneath[0], beneath[1]);
    const rows = view.labels?.length ? `, a row for each of ${view.labels.join(", ")}` : "";
    this.describe(`Iteration ${count(frame.iteration)}: ${view.rows * view.columns} generated images${rows}.`);
  }

  /**
   * @param {string[]} names
   * @param {Mosaic} generated
   * @param {Mosaic | null} real
   * @param {Mosaic | null} reconstructed
   */
  #paint(names, generated, real, reconstructed) {
    const drawing = this.clear();
    if (!drawing) return;
    const { context, width, height, ratio } = drawing;
    const { theme } = this.room;
    const labels = LABEL + [real, reconstructed].filter(Boolean).length * (LABEL + SPACE);
    // All at one scale, so that they compare: as if the strips were more rows of the same mosaic.
    const rows = generated.rows + (real?.rows ?? 0) + (reconstructed?.rows ?? 0);
    const columns = Math.max(generated.columns, real?.columns ?? 0);
    context.font = `600 12px ${theme.font}`;
    const margin = Math.max(0, ...names.map((name) => context.measureText(name).width + SPACE));
    const scale = fitMosaic({ ...generated, rows, columns }, { width: width - margin, height: height - labels }, ratio);
    const size = mosaicSize({ ...generated, rows, columns }, scale);
    const left = Math.round((width - margin - size.width) / 2 + margin);
    const top = Math.round((height - labels - size.height) / 2);
    const said = names.length
      ? "generated: each row has one class, each column one noise"
      : "generated, always from the same latents";
    this.#label(said, left, top, theme.generated);
    drawMosaic(context, generated, left, top + LABEL, scale);
    this.#names(names, left - SPACE, top + LABEL, mosaicSize({ ...generated, rows: 1 }, scale).height);
    let below = top + LABEL + mosaicSize(generated, scale).height + SPACE;
    for (const { strip, name, colour } of [
      { strip: real, name: "real", colour: theme.real },
      { strip: reconstructed, name: "the same images, encoded and decoded", colour: theme.discriminator },
    ]) {
      if (!strip) continue;
      this.#label(name, left, below, colour);
      drawMosaic(context, strip, left, below + LABEL, scale);
      below += LABEL + mosaicSize(strip, scale).height + SPACE;
    }
  }

  /**
   * The class of each row, at its left.
   *
   * @param {string[]} names
   * @param {number} right
   * @param {number} top
   * @param {number} height
   */
  #names(names, right, top, height) {
    const context = pen(this.canvas);
    context.save();
    context.fillStyle = this.room.theme.text;
    context.textAlign = "right";
    context.textBaseline = "middle";
    names.forEach((name, row) => context.fillText(name, right, top + row * (height + GAP) + height / 2));
    context.restore();
  }

  /**
   * @param {string} text
   * @param {number} left
   * @param {number} top
   * @param {string} colour
   */
  #label(text, left, top, colour) {
    const context = pen(this.canvas);
    context.fillStyle = colour;
    context.font = `600 12px ${this.room.theme.font}`;
    context.textBaseline = "top";
    context.fillText(text, left, top + 3);
  }
}
