// @ts-check
// The little linear algebra that sliders and cursors need at once, without asking the server.

/** @import { Numbers } from "./types.js" */

/** @param {number} count */
export const zeros = (count) => new Array(count).fill(0);

/**
 * a + s * b, element by element.
 *
 * @param {number[]} a
 * @param {number[]} b
 */
export const plus = (a, b, s = 1) => a.map((value, i) => value + s * b[i]);

/**
 * The rows of a matrix that came as one array.
 *
 * @param {Numbers} array
 */
export function rowsOf(array) {
  const [count, length] = array.shape;
  return Array.from({ length: count }, (_, i) => Array.from(array.subarray(i * length, (i + 1) * length)));
}

/**
 * The latent at (across, up) of a plane.
 *
 * @param {{ origin: number[], directions: number[][] }} plane
 * @param {number} across
 * @param {number} up
 */
export const onPlane = ({ origin, directions: [u, v] }, across, up) => plus(plus(origin, u, across), v, up);
