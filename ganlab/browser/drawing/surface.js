// @ts-check
// D's scores all over the plane, which lie under its other layers.

import { contour } from "./contour.js";
import { pen } from "../base/canvas_view.js";
import { mix, rgb } from "../base/theme.js";

/** @import { Area, Frame, Numbers, SteadyRange, Theme } from "../base/types.js" */
/** @typedef {CanvasRenderingContext2D} Context */

const SHADES = 256;
const STRENGTH = 0.5; // how far the surface's ends go towards the palette's colours: points must stay legible on it

/**
 * The colour of a score: from the generated hue (0) over the background (0.5) to the real hue (1).
 *
 * @param {number} share
 * @param {Theme} theme
 * @param {number} [strength] how far the ends go towards the palette's colours
 */
export function shade(share, theme, strength = 1) {
  const side = 2 * Math.max(0, Math.min(1, Number.isNaN(share) ? 0.5 : share)) - 1;
  return mix(rgb(theme.background), rgb(side < 0 ? theme.generated : theme.real), Math.abs(side) * strength);
}

// D's scores as a smooth image, from the generated hue (low) over the background to the real hue (high).
export class Surface {
  /** @type {Theme | undefined} the one that the table is for */
  theme;
  /** @type {Uint32Array} a colour for each shade */
  table = new Uint32Array();

  constructor() {
    this.image = document.createElement("canvas");
  }

  /**
   * @param {Context} context
   * @param {Area} area
   * @param {{ surface: Numbers, level: number }} view
   * @param {number} half the score's distance from the level that takes the full hue
   * @param {Theme} theme
   */
  draw(context, area, { surface, level }, half, theme) {
    const [rows, columns] = surface.shape;
    this.#paint(surface, rows, columns, level, half, theme);
    // Grid nodes lie on the area's very edges, so half a pixel is cut from each side of the image.
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.image, 0.5, 0.5, columns - 1, rows - 1, area.left, area.top, area.width, area.height);
    this.#boundary(context, area, surface, rows, columns, level, theme);
  }

  /**
   * D's score at a place given as shares of the plot's width and height, between the four nearest nodes.
   *
   * @param {Numbers} surface
   * @param {number} across
   * @param {number} up
   */
  at(surface, across, up) {
    const [rows, columns] = surface.shape;
    const [column, row] = [across * (columns - 1), up * (rows - 1)];
    const [left, low] = [Math.min(Math.floor(column), columns - 2), Math.min(Math.floor(row), rows - 2)];
    const [dx, dy] = [column - left, row - low];
    const corner = low * columns + left;
    const lower = surface[corner] * (1 - dx) + surface[corner + 1] * dx;
    const upper = surface[corner + columns] * (1 - dx) + surface[corner + columns + 1] * dx;
    return lower * (1 - dy) + upper * dy;
  }

  /**
   * @param {Numbers} surface
   * @param {number} rows
   * @param {number} columns
   * @param {number} level
   * @param {number} half
   * @param {Theme} theme
   */
  #paint(surface, rows, columns, level, half, theme) {
    const shades = this.#shades(theme);
    if (this.image.width !== columns || this.image.height !== rows) {
      Object.assign(this.image, { width: columns, height: rows });
    }
    const context = pen(this.image);
    const picture = context.createImageData(columns, rows);
    const pixels = new Uint32Array(picture.data.buffer);
    for (let row = 0; row < rows; row++) {
      const line = (rows - 1 - row) * columns; // images start at the top, the grid at the bottom
      for (let column = 0; column < columns; column++) {
        const share = 0.5 + (surface[row * columns + column] - level) / (2 * half);
        const shade = Number.isNaN(share) ? SHADES / 2 : Math.round(share * (SHADES - 1));
        pixels[line + column] = shades[Math.max(0, Math.min(SHADES - 1, shade))];
      }
    }
    context.putImageData(picture, 0, 0);
  }

  /** @param {Theme} theme */
  #shades(theme) {
    if (this.theme === theme) return this.table;
    this.theme = theme;
    this.table = Uint32Array.from({ length: SHADES }, (_, i) => {
      const [red, green, blue] = shade(i / (SHADES - 1), theme, STRENGTH);
      return (255 << 24) | (blue << 16) | (green << 8) | red;
    });
    return this.table;
  }

  /**
   * @param {Context} context
   * @param {Area} area
   * @param {Numbers} surface
   * @param {number} rows
   * @param {number} columns
   * @param {number} level
   * @param {Theme} theme
   */
  #boundary(context, area, surface, rows, columns, level, theme) {
    /** @param {number} column */
    const x = (column) => area.left + (column / (columns - 1)) * area.width;
    /** @param {number} row */
    const y = (row) => area.top + (1 - row / (rows - 1)) * area.height;
    context.beginPath();
    contour(surface, rows, columns, level, (x1, y1, x2, y2) => {
      context.moveTo(x(x1), y(y1));
      context.lineTo(x(x2), y(y2));
    });
    context.strokeStyle = theme.discriminator;
    context.lineWidth = 1.8;
    context.lineCap = "round";
    context.stroke();
  }
}

/**
 * How far scores reach from the undecided value to either side: 0.5 for probabilities, steady for others.
 *
 * @param {Frame} frame
 * @param {SteadyRange} steady
 */
export function reachOf({ loss, views: { plane } }, steady) {
  const { surface, level = 0 } = plane ?? {};
  if (!surface) return 1;
  const [lo, hi] = extremes(surface);
  if (loss?.boundary === 0.5 && lo >= 0 && hi <= 1) return 0.5;
  // Energies grow with the square of the distance: drawn to their full height, the corners would hide the valleys.
  const most = loss?.reach ?? Infinity;
  return steady.fit(0, Math.min(most, Math.max(hi - level, level - lo, 1e-6)))[1];
}

/** @param {Numbers} values */
function extremes(values) {
  let [lo, hi] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  return [lo, hi];
}
