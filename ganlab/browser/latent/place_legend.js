// @ts-check
// What the colours of points mean: the square, or the line, that samples land in, with real ones as specks.

import { sheet } from "../base/canvas_view.js";
import { element } from "../base/dom.js";
import { placeColour } from "../drawing/picture.js";

/** @import { Theme } from "../base/types.js" */
/** @import { RealSamples } from "../drawing/picture.js" */

const ACROSS = 24; // tiles a side
const SAID = {
  line: "The colour of a tile shows where on the axis its sample lies. Dots: real data.",
  plane:
    "The colour of a tile shows where in the plane its sample lies: the hue shows its direction, and a deeper tone " +
    "means farther out. Dots: real data.",
};

export class PlaceLegend {
  constructor() {
    this.canvas = element("canvas", {
      role: "img",
      "aria-label": "The colour of each place, with real samples as dots",
    });
    this.told = element("span", { class: "hint" });
    this.node = element("div", { class: "places", hidden: "" }, this.canvas, this.told);
  }

  /**
   * Of images there is nothing to explain.
   *
   * @param {RealSamples} real
   * @param {Theme} theme
   */
  paint({ points, extent }, theme) {
    this.node.hidden = !points;
    const drawing = points && sheet(this.canvas);
    if (!drawing) return;
    const dimension = points.shape[1];
    this.told.textContent = dimension === 1 ? SAID.line : SAID.plane;
    const { context, width, height } = drawing;
    const rows = dimension === 2 ? ACROSS : 1;
    /** @param {number} share */
    const place = (share) => (2 * share - 1) * extent;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < ACROSS; column++) {
        const at = [place((column + 0.5) / ACROSS), place(1 - (row + 0.5) / rows)].slice(0, dimension);
        context.fillStyle = placeColour(Object.assign(at, { shape: [1, dimension] }), 0, extent);
        context.fillRect((column * width) / ACROSS, (row * height) / rows, width / ACROSS + 0.5, height / rows + 0.5);
      }
    }
    context.fillStyle = theme.background;
    for (let i = 0; i < points.shape[0]; i++) {
      const x = ((points[i * dimension] / extent + 1) / 2) * width;
      const y = dimension === 2 ? ((1 - points[2 * i + 1] / extent) / 2) * height : (3 * height) / 4;
      context.fillRect(x - 0.75, y - 0.75, 1.5, dimension === 2 ? 1.5 : height / 4);
    }
  }
}
