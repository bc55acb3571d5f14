// The big view of images: what the generator makes of the same latents in every frame, over a strip of real ones.

import { CanvasView } from "./canvas_view.js";
import { element } from "./dom.js";
import { decodeMosaic, drawMosaic, fitMosaic, realStrip } from "./mosaic.js";
import { count } from "./numbers.js";

const LABEL = 20; // pixels for a line of text

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
    this.legend.append(
      element("span", { class: "key" }, element("i", { style: "background:var(--generated)" }), "generated"),
      element("span", { class: "key" }, element("i", { style: "background:var(--real)" }), "real"),
    );
  }

  // JPEGs are decoded off the main thread; a picture that comes out after a newer one is dropped.
  async draw() {
    const { frame } = this;
    if (!frame) return;
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const view = frame.views.samples;
    const strip = realStrip(view);
    const [generated, real] = await Promise.all([decodeMosaic(view), strip && decodeMosaic(strip)]);
    if (turn < this.painted) return;
    this.painted = turn;
    this.#paint(generated, real);
    this.describe(`Iteration ${count(frame.iteration)}: ${view.rows * view.columns} generated images.`);
  }

  #paint(generated, real) {
    const drawing = this.clear();
    if (!drawing) return;
    const { context, width, height, ratio } = drawing;
    const { theme } = this.room;
    const realScale = real && fitMosaic(real, { width, height: height * 0.2 }, ratio);
    const realHeight = real ? real.rows * real.height * realScale + LABEL + 10 : 0;
    const scale = fitMosaic(generated, { width, height: height - realHeight - LABEL }, ratio);
    const middle = (mosaic, size) => Math.round((width - mosaic.columns * (mosaic.width * size + 2)) / 2);
    const left = middle(generated, scale);
    this.#label("generated, from the same latents every time", left, 0, theme.generated);
    const { height: used } = drawMosaic(context, generated, left, LABEL, scale);
    if (!real) return;
    const top = LABEL + used + 10;
    const realLeft = middle(real, realScale);
    this.#label("real", realLeft, top, theme.real);
    drawMosaic(context, real, realLeft, top + LABEL, realScale);
  }

  #label(text, left, top, colour) {
    const context = this.canvas.getContext("2d");
    context.fillStyle = colour;
    context.font = `600 12px ${this.room.theme.font}`;
    context.textBaseline = "top";
    context.fillText(text, left, top + 3);
  }
}
