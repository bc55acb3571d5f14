// @ts-check
// On the way from latents to their samples.

/** @import { Numbers } from "../base/types.js" */

/**
 * Points a share of the way from some to others: as many as there are of the fewer.
 *
 * @param {Numbers} from
 * @param {Numbers} to
 * @param {number} share
 * @returns {Numbers} of the first's shape
 */
export function blend(from, to, share) {
  const places = Float32Array.from({ length: from.length }, (_, i) => (1 - share) * from[i] + share * to[i]);
  return Object.assign(places, { shape: from.shape });
}

/**
 * The latents behind a bent grid: two coordinates, or one along a line. See `_bent_grid` in ganlab/views/plane.py.
 *
 * @param {Numbers} grid (rows, columns, 2)
 * @param {number} reach of the square of latents
 * @returns {Numbers} of the same shape
 */
export function gridOfLatents({ shape }, reach) {
  const [rows, columns] = shape;
  /** @type {(i: number, many: number) => number} */
  const along = (i, many) => (many > 1 ? reach * ((2 * i) / (many - 1) - 1) : 0);
  const places = Float32Array.from({ length: rows * columns * 2 }, (_, i) => {
    const [row, column] = [Math.floor(i / 2 / columns), Math.floor(i / 2) % columns];
    return i % 2 ? along(column, columns) : along(row, rows);
  });
  return Object.assign(places, { shape });
}
