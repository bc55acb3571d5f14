// @ts-check
// A sample's share of a loss as people write it: in symbols, and with the numbers put in.

import { figure as digits } from "../base/numbers.js";

const SYMBOLS = { real: "D(x)", fake: "D(G(z))" };

/**
 * "-log(real) - log(1 - fake)" -> "−log D(x) − log(1 − D(G(z)))"; with numbers "−log 0.73 − log(1 − 0.20)".
 *
 * @param {string} formula
 * @param {Record<string, number>} options numbers that stand for themselves
 * @param {{ real: number, fake: number }} [numbers]
 */
export function written(formula, options, numbers) {
  /** @type {Record<string, string>} */
  const names = numbers ? { real: figured(numbers.real), fake: figured(numbers.fake) } : SYMBOLS;
  return formula
    .replaceAll("-", "−")
    .replaceAll("^2", "²")
    .replaceAll(" * ", " · ")
    .replace(/log\((\w+)\)/g, "log $1")
    .replace(
      /\b(?!log|exp|max)[a-z]\w*\b/gi,
      (name) => names[name] ?? (name in options ? digits(options[name]) : name),
    );
}

/** @param {number} value */
const figured = (value) => (value < 0 ? `(${digits(value)})` : digits(value));
