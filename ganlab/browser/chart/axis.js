// @ts-check
// An axis as numbers: from values to pixels and back, and the round values that stand along it.

import { figure, roundStep } from "../base/numbers.js";

/** @import { Axis } from "../base/types.js" */

const FARTHEST = 1e5; // pixels: what lies beyond is drawn there, where canvases still reckon rightly
const RAISED = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"];

/**
 * Pixels of an axis that goes from one pixel to another. What has no place (NaN, or 0 on a logarithmic axis) is NaN.
 *
 * @param {Axis} axis
 * @param {number} from
 * @param {number} to
 */
export function scaleOf({ range: [lo, hi], log = false }, from, to) {
  const rate = (to - from) / (hi - lo);
  return {
    /** @param {number} value */
    at(value) {
      const pixel = from + ((log ? Math.log10(value) : value) - lo) * rate;
      if (Number.isNaN(pixel) || (log && !(value > 0))) return NaN;
      return Math.max(-FARTHEST, Math.min(FARTHEST, pixel));
    },
    /**
     * The place of a pixel in the unit of the axis's range: a power of ten if it is logarithmic.
     *
     * @param {number} pixel
     */
    place: (pixel) => lo + (pixel - from) / rate,
  };
}

/**
 * Values and texts along an axis with room for about so many of them.
 *
 * @param {Axis} axis
 * @param {number} many
 * @returns {[number, string][]}
 */
export function ticksFor(axis, many) {
  const [lo, hi] = axis.range;
  if (axis.ticks) return axis.ticks.filter(([value]) => value >= lo && value <= hi);
  const written = axis.write ?? plain;
  if (axis.log) {
    const powers = steps([lo, hi], Math.max(1, Math.ceil((hi - lo) / Math.max(1, many))));
    if (powers.length > 1) return powers.map((power) => [10 ** power, `10${raised(power)}`]);
    return steps([10 ** lo, 10 ** hi], roundStep((10 ** hi - 10 ** lo) / many)).map((value) => [value, figure(value)]);
  }
  const step = roundStep((hi - lo) / Math.max(1, many));
  return steps([lo, hi], axis.whole ? Math.ceil(step) : step).map((value) => [value, written(value)]);
}

/**
 * The multiples of a step within a range.
 *
 * @param {[number, number]} range
 * @param {number} step
 */
function steps([lo, hi], step) {
  const slack = 1e-9 * (hi - lo);
  const first = Math.ceil((lo - slack) / step);
  const last = Math.floor((hi + slack) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => (first + i) * step);
}

/** @param {number} power */
const raised = (power) => (power < 0 ? "⁻" : "") + [...String(Math.abs(power))].map((digit) => RAISED[+digit]).join("");

/** @param {number} value */
const plain = (value) =>
  Math.abs(value) >= 1e4 || (value && Math.abs(value) < 1e-4)
    ? value.toExponential().replace("e+", "e").replaceAll("-", "−")
    : String(Number(value.toPrecision(6))).replace("-", "−");

/**
 * 12500 -> "12.5k", as an axis of iterations has little room.
 *
 * @param {number} value
 */
export function thousands(value) {
  const [size, unit] = value >= 1e6 ? [1e6, "M"] : value >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${Number((value / size).toPrecision(4))}${unit}`;
}

/**
 * The index of the value nearest to x among values that grow; -1 if there are none.
 *
 * @param {ArrayLike<number>} values
 * @param {number} x
 */
export function nearest(values, x) {
  let [lo, hi] = [0, values.length - 1];
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if (values[middle] < x) lo = middle;
    else hi = middle;
  }
  return hi > lo && values[hi] - x < x - values[lo] ? hi : values.length ? lo : -1;
}
