// @ts-check
// The plane of a 2-D latent, each place in the colour of the mode that G sends it to: grey where no mode is near.

import { CanvasView, pen } from "../base/canvas_view.js";
import { modeColours } from "../drawing/mode_colours.js";
import { count } from "../base/numbers.js";
import { alpha, rgb } from "../base/theme.js";

/** @import { Numbers, Theme, ViewRoom } from "../base/types.js" */
/** @typedef {{ modes: Numbers, centres: Numbers, reach: number, normal: boolean }} LatentMap */

/** @param {ViewRoom} room */
export const collapse = (room) => [new LatentMapView(room)];

const NOWHERE = 255;

const latentMap = {
  id: "latent-map",
  views: ["latent_map"],
  period: 300,
  title: "Latents by mode",
  tip:
    "Every latent z of two numbers, in the colour of the mode that G(z) is near; grey: near none. The circles " +
    "contain 39 % and 86 % of the latents that are drawn. If G covers all modes, they share the plane. If G has " +
    "collapsed, one colour fills it.",
};

class LatentMapView extends CanvasView {
  /** @param {ViewRoom} room */
  constructor(room) {
    super(latentMap, room);
  }

  draw() {
    const { frame } = this;
    const drawing = frame && this.clear();
    if (!drawing) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    /** @type {LatentMap} */
    const { modes, centres, reach, normal } = frame.views.latent_map;
    const side = Math.min(width, height) - 2;
    const [left, top] = [(width - side) / 2, (height - side) / 2];
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#picture(modes, centres, theme), left, top, side, side);
    context.strokeStyle = alpha(theme.text, 0.55);
    for (const radius of normal ? [1, 2] : []) {
      context.beginPath();
      context.arc(left + side / 2, top + side / 2, (radius / reach) * (side / 2), 0, 2 * Math.PI);
      context.stroke();
    }
    context.strokeStyle = theme.axis;
    context.strokeRect(left, top, side, side);
    const named = modes.filter((mode) => mode !== NOWHERE);
    this.describe(
      `${count(new Set(named).size)} modes; ` +
        `${count((100 * named.length) / modes.length)} in 100 of the square's latents near one.`,
    );
  }

  /**
   * @param {Numbers} modes
   * @param {Numbers} centres
   * @param {Theme} theme
   */
  #picture(modes, centres, theme) {
    const side = Math.sqrt(modes.length);
    const colours = modeColours(centres, theme).map(rgb);
    const nowhere = rgb(theme.dark ? "#4a4a50" : "#c9c9cf");
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: side, height: side });
    const context = pen(canvas);
    const picture = context.createImageData(side, side);
    modes.forEach((mode, i) => picture.data.set([...(colours[mode] ?? nowhere), 255], 4 * i));
    context.putImageData(picture, 0, 0);
    return canvas;
  }
}
