// @ts-check
// From noise to data: each latent moves to the sample that G makes of it. The way between is only drawn: G jumps.

import { CanvasView } from "../base/canvas_view.js";
import { slider } from "../base/controls.js";
import { count } from "../base/numbers.js";
import { warp } from "../drawing/layers.js";
import { blend, gridOfLatents } from "../drawing/morph.js";
import { placeColour } from "../drawing/picture.js";
import { squares, within } from "../drawing/square.js";

/** @import { Numbers, ViewRoom } from "../base/types.js" */

/** @param {ViewRoom & { data: { kind: string } }} room */
export const model = (room) => (room.data.kind === "plane" ? [new MorphView(room)] : []);

const ROOM = 1.5; // around the square grid of latents

const morph = {
  id: "morph",
  views: ["model", "plane"],
  period: 150,
  title: "From noise to samples",
  tip:
    "Two coordinates of each latent at the left end of the slider, the sample that G makes of it at the right end. " +
    "In between, each point is drawn on a straight line; G itself makes one jump. A point keeps the colour of its " +
    "latent: so you see who goes where, and how G bends the square grid.",
};

class MorphView extends CanvasView {
  share = 1;

  /** @param {ViewRoom} room */
  constructor(room) {
    super(morph, room);
    const written = (/** @type {number} */ value) => (value === 0 ? "noise" : value === 1 ? "samples" : "between");
    const control = slider(
      "From noise to samples",
      { min: 0, max: 1, step: 0.02, value: 1, write: written },
      (share) => {
        this.share = share;
        this.draw(); // at once: whoever moves the slider waits for it
      },
    );
    this.foot.append(control.node);
  }

  draw() {
    const { frame, share } = this;
    const { plane } = frame?.views ?? {};
    const fake = plane?.fake;
    const drawing = frame && fake && this.clear();
    if (!drawing || !plane) return;
    const { theme } = this.room;
    const latents = /** @type {Numbers} */ (frame.views.model.latents);
    const reach = plane.warp_reach ?? 2;
    const extent = (1 - share) * ROOM * reach + share * plane.extent;
    const [square] = squares(1, drawing.width, drawing.height, extent);
    within(drawing.context, square, share < 0.5 ? "Noise z" : "Samples G(z)", theme, () => {
      const { context } = drawing;
      if (plane.warp)
        warp(context, blend(gridOfLatents(plane.warp, reach), plane.warp, share), square.x, square.y, theme);
      const places = blend(pairs(latents), fake, share);
      for (let i = 0; i < places.length / 2; i++) {
        context.beginPath();
        context.arc(square.x(places[2 * i]), square.y(places[2 * i + 1]), 3, 0, 2 * Math.PI);
        context.fillStyle = placeColour(pairs(latents), i, ROOM * reach);
        context.fill();
        context.strokeStyle = theme.background;
        context.lineWidth = 0.7;
        context.stroke();
      }
    });
    this.describe(`${count(latents.shape[0])} latents, ${Math.round(100 * share)} % of the way to their samples.`);
  }
}

/**
 * Latents of one number lie on a line.
 *
 * @param {Numbers} latents (n, 1 or 2)
 * @returns {Numbers} (n, 2)
 */
function pairs(latents) {
  if (latents.shape[1] === 2) return latents;
  return Object.assign(
    Float32Array.from({ length: 2 * latents.length }, (_, i) => (i % 2 ? 0 : latents[i / 2])),
    {
      shape: [latents.length, 2],
    },
  );
}
