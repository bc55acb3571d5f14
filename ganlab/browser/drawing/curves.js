// @ts-check
// What charts over time share: their axis of iterations, and the names of values that theory knows.

import { count, figure as digits, last, roundEnd } from "../base/numbers.js";
import { thousands } from "../chart/axis.js";

/** @import { Axis, LegendItem } from "../base/types.js" */

/** @type {[number, string][]} */
const NAMED_VALUES = [
  [Math.log(4), "log 4"],
  [Math.log(2), "log 2"],
  [0.5, "½"],
];

/** @param {number} value */
export function nameOf(value) {
  return NAMED_VALUES.find(([named]) => Math.abs(named - value) < 1e-4)?.[1] ?? digits(value);
}

/**
 * The axis of iterations, from the first to a round number beyond the last.
 *
 * @param {ArrayLike<number>} x
 * @returns {Axis}
 */
export function iterations(x) {
  return {
    range: [0, roundEnd(last(x))],
    write: thousands,
    read: (value) => `iteration ${count(value)}`,
    iterations: true,
  };
}

/**
 * A legend's names and latest values, as a screen reader says them.
 *
 * @param {LegendItem[]} legend
 */
export const readOut = (legend) => legend.map(({ name, value }) => `${name} ${value}`).join(", ");
