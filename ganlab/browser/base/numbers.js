// @ts-check
// Numbers as people read them, and axis ranges that keep still.

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** @param {number} value */
export const count = (value) => whole.format(value);

/**
 * 12,300 parameters -> "12.3 k"
 *
 * @param {number} value
 */
export function short(value) {
  if (value < 1e3) return String(value);
  const digits = (value / (value < 1e6 ? 1e3 : 1e6)).toPrecision(3).replace(/\.?0+$/, "");
  return digits + (value < 1e6 ? " k" : " M");
}

/**
 * Three significant digits, a true minus sign, and a power of ten only where it helps.
 *
 * @param {number | null | undefined} value
 */
export function figure(value) {
  if (!isNumber(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 1e-3 || size >= 1e5) return minus(value.toExponential(1).replace("e+", "e"));
  return minus(size >= 100 ? value.toFixed(0) : size >= 10 ? value.toFixed(1) : value.toFixed(size < 0.1 ? 3 : 2));
}

/** @param {string} text */
const minus = (text) => text.replaceAll("-", "−");

/**
 * Whether there is a finite number.
 *
 * @param {unknown} value
 * @returns {value is number}
 */
export function isNumber(value) {
  return Number.isFinite(value);
}

/** @param {ArrayLike<number> | null | undefined} values */
export function last(values) {
  return values && values.length ? values[values.length - 1] : NaN;
}

/**
 * Smallest and largest finite value over some arrays (null ones are skipped).
 *
 * @param {...(Iterable<number> | null | undefined)} arrays
 * @returns {[number, number]}
 */
export function span(...arrays) {
  let [lo, hi] = [Infinity, -Infinity];
  for (const values of arrays) {
    for (const value of values ?? []) {
      if (value < lo && value > -Infinity) lo = value;
      if (value > hi && value < Infinity) hi = value;
    }
  }
  return lo <= hi ? [lo, hi] : [0, 1];
}

// A range that takes in new data at once, on round bounds, and shrinks only when it has become far too wide: so axes
// stay still while curves wobble.
export class SteadyRange {
  /** @type {[number, number] | undefined} */
  range;

  /**
   * @param {number} lo
   * @param {number} hi
   * @returns {[number, number]}
   */
  fit(lo, hi) {
    const step = roundStep((hi - lo || Math.abs(hi) || 1) / 4);
    /** @type {[number, number]} */
    const wanted = [Math.floor(lo / step) * step, Math.ceil(hi / step) * step];
    if (wanted[0] === wanted[1]) wanted[1] += step;
    const [from, to] = this.range ?? [NaN, NaN];
    const holds = lo >= from && hi <= to;
    if (!this.range || !holds || to - from > 2.5 * (wanted[1] - wanted[0])) this.range = wanted;
    return this.range;
  }

  reset() {
    this.range = undefined;
  }
}

/**
 * The end of an axis of iterations: it moves in steps of about a quarter, not with every frame.
 *
 * @param {number} value
 */
export function roundEnd(value) {
  if (!(value > 20)) return 20; // no history yet, or next to none
  const power = 10 ** Math.floor(Math.log10(value));
  return power * firstOf([1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10], value / power);
}

/** @param {number} rough */
export function roundStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * firstOf([1, 2, 2.5, 5, 10], (rough * 0.999) / power);
}

/**
 * Some round values from -extent to extent, 0 in the middle.
 *
 * @param {number} extent
 */
export function ticksOf(extent) {
  const step = roundStep(extent / 2.5);
  const reach = Math.floor(extent / step);
  return Array.from({ length: 2 * reach + 1 }, (_, i) => (i - reach) * step);
}

/**
 * The first of these steps that is large enough, or the last.
 *
 * @param {number[]} steps
 * @param {number} least
 */
function firstOf(steps, least) {
  return steps.find((step) => step >= least) ?? steps[steps.length - 1];
}
