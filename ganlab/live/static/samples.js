// The big view of images: what the generator makes of the same latents in every frame, over a strip of real ones.

import { CanvasView } from "./canvas_view.js";
import { decodeMosaic, drawMosaic, fitMosaic, mosaicSize, stripOf } from "./mosaic.js";
import { count } from "./numbers.js";

const LABEL = 20; // pixels for a line of text
const SPACE = 10;

export const samples = {
  id: "big",
  views: ["samples"],
  period: 150,
  title: "Samples",
  tip:
    "What the generator makes of the same latents in every frame, above some real images. Look for images that repeat " +
    "(collapse) and for what real images have that these lack; a few dozen samples cannot show every fault.",
};

export class SamplesView extends CanvasView {
  constructor(room) {
    super(samples, room);
  }

  // JPEGs are decoded off the main thread; a picture that comes out after a newer one is dropped.
  async draw() {
    const { frame } = this;
    if (!frame) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const view = frame.views.samples;
    const strips = ["real", "reconstructed"].map((of) => stripOf(view, of));
    const [generated, ...beneath] = await Promise.all([view, ...strips].map((each) => each && decodeMosaic(each)));
    if (turn < this.painted) return;
    this.painted = turn;
    this.#paint(generated, ...beneath);
    this.describe(`Iteration ${count(frame.iteration)}: ${view.rows * view.columns} generated images.`);
  }

  #paint(generated, real, reconstructed) {
    const drawing = this.clear();
    if (!drawing) return;
    const { context, width, height, ratio } = drawing;
    const { theme } = this.room;
    const labels = LABEL + [real, reconstructed].filter(Boolean).length * (LABEL + SPACE);
    // All at one scale, so that they compare: as if the strips were more rows of the same mosaic.
    const rows = generated.rows + (real?.rows ?? 0) + (reconstructed?.rows ?? 0);
    const columns = Math.max(generated.columns, real?.columns ?? 0);
    const scale = fitMosaic({ ...generated, rows, columns }, { width, height: height - labels }, ratio);
    const size = mosaicSize({ ...generated, rows, columns }, scale);
    const left = Math.round((width - size.width) / 2);
    const top = Math.round((height - labels - size.height) / 2);
    this.#label("generated, from the same latents in every frame", left, top, theme.generated);
    drawMosaic(context, generated, left, top + LABEL, scale);
    let below = top + LABEL + mosaicSize(generated, scale).height + SPACE;
    for (const [strip, name, colour] of [[real, "real", theme.real], [reconstructed, "the same, encoded and decoded", theme.discriminator]]) {
      if (!strip) continue;
      this.#label(name, left, below, colour);
      drawMosaic(context, strip, left, below + LABEL, scale);
      below += LABEL + mosaicSize(strip, scale).height + SPACE;
    }
  }

  #label(text, left, top, colour) {
    const context = this.canvas.getContext("2d");
    context.fillStyle = colour;
    context.font = `600 12px ${this.room.theme.font}`;
    context.textBaseline = "top";
    context.fillText(text, left, top + 3);
  }
}
