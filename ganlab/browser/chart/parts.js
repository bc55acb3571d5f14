// @ts-check
// What a chart is made of: curves, the band between two curves, bars, and lines that mark a value or a moment.

/** @import { Band, Bars, Curve, Frame, Mark, Theme } from "../base/types.js" */

/**
 * A curve. Its key is the legend's entry that shows or hides it.
 *
 * @param {ArrayLike<number>} x grows from one to the next
 * @param {ArrayLike<number>} y
 * @param {string} colour
 * @param {string} name
 * @param {Partial<Curve>} [more]
 * @returns {Curve}
 */
export const line = (x, y, colour, name, more = {}) => ({ x, y, colour, name, width: 1.8, dash: "solid", ...more });

/**
 * The range between two curves.
 *
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} lo
 * @param {ArrayLike<number>} hi
 * @param {string} fill
 * @param {string} [key]
 * @returns {Band}
 */
export const band = (x, lo, hi, fill, key) => ({ x, lo, hi, fill, key });

/**
 * A bar around each x, from 0 up to y.
 *
 * @param {ArrayLike<number>} x
 * @param {ArrayLike<number>} y
 * @param {string} colour
 * @param {string} name
 * @param {string} [key]
 * @returns {Bars}
 */
export const bars = (x, y, colour, name, key) => ({ x, y, colour, name, key });

/**
 * A dotted line at a value, with its name in the margin at its right end, where no curve runs.
 *
 * @param {number} y
 * @param {string} label
 * @param {string} colour
 * @param {"y" | "y2"} [axis]
 * @returns {Mark}
 */
export const reference = (y, label, colour, axis = "y") => ({ y, label, colour, axis });

/**
 * A dotted line at a moment, with its name beside its upper end.
 *
 * @param {number} x
 * @param {string} label
 * @param {string} colour
 * @returns {Mark}
 */
export const moment = (x, label, colour) => ({ x, label, colour });

/**
 * The moments at which settings were changed while it trained. Only the newest is named: names would lie over names.
 *
 * @param {Frame} frame
 * @param {Theme} theme
 * @returns {Mark[]}
 */
export const changeMarks = ({ changes = [] }, theme) =>
  changes.map(([at, what], i) => moment(at, i === changes.length - 1 ? what : "", theme.muted));
