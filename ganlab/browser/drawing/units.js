// @ts-check
// Coordinates in the numbers that a person handed in, and round values of them along the axes.

import { figure as digits, roundStep, ticksOf } from "../base/numbers.js";

/** @import { Ticks, Units } from "../base/types.js" */

/**
 * A coordinate in the numbers that were handed in, where a person's own were scaled for training.
 *
 * @param {Units | null | undefined} units
 * @param {number} value
 * @param {number} axis
 */
export const restored = (units, value, axis) => (units ? value * units.scale[axis] + units.centre[axis] : value);

/**
 * Round numbers along one axis, in the units of the data: [coordinate, text].
 *
 * @param {Units} units
 * @param {number} extent
 * @param {number} axis
 * @returns {[number, string][]}
 */
export function ticksAlong(units, extent, axis) {
  const [centre, scale] = [units.centre[axis], units.scale[axis]];
  const step = roundStep((extent * scale) / 2.5);
  const first = Math.ceil((centre - extent * scale) / step);
  const last = Math.floor((centre + extent * scale) / step);
  const places = step >= 1 ? 0 : Math.ceil(-Math.log10(step) - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const value = (first + i) * step;
    const text = step >= 1e5 || places > 5 ? digits(value) : value.toFixed(places).replace("-", "−");
    return [(value - centre) / scale, text];
  });
}

/**
 * @param {Units | null | undefined} units
 * @param {number} extent
 * @returns {number[] | Ticks}
 */
export function ticksIn(units, extent) {
  if (!units) return ticksOf(extent);
  const [across, up] = [0, 1].map((axis) => ticksAlong(units, extent, axis));
  return { across, up, names: units.names };
}
