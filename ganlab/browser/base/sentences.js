// @ts-check
// What Python says, put together where it is read: a template with a place for each value, and its format.
// Numbers are written as Python's own formats write them, to the last digit.

/** @typedef {{ template: string, values: Record<string, string | number | Sentence> }} Sentence */

/**
 * A sentence as text; any other text, and nothing, as it is.
 *
 * @param {Sentence | string | null | undefined} said
 * @returns {string}
 */
export function textOf(said) {
  if (!said) return "";
  if (typeof said === "string") return said;
  return said.template.replace(/\{(\w+)(?::([^}]*))?\}/g, (_, name, format = "") => written(said.values[name], format));
}

/**
 * @param {string | number | Sentence} value
 * @param {string} format "", ",", ".2f", ",.0f", ".3g" or ".0%"
 */
function written(value, format) {
  const percent = format.endsWith("%");
  if (typeof value === "object") return textOf(value);
  if (typeof value === "string") return percent ? `${value}%` : value; // a name, or "nan"
  const digits = Number(/\.(\d+)/.exec(format)?.[1] ?? 6);
  if (percent) return `${fixed(100 * value, digits)}%`;
  if (format.endsWith("g")) return general(value, digits);
  const text = format.endsWith("f") ? fixed(value, digits) : String(value);
  return format.startsWith(",") ? text.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",") : text;
}

/**
 * With so many decimals. What lies exactly between two of them goes to the even one, as in Python; in JavaScript it
 * goes away from zero.
 *
 * @param {number} value
 * @param {number} decimals
 */
function fixed(value, decimals) {
  const between = /^50*$/.test(Math.abs(value).toFixed(100).split(".")[1]?.slice(decimals));
  return signed(value, between ? toEven(value.toFixed(decimals)) : value.toFixed(decimals));
}

/**
 * With so many digits, without zeros at its end, and with an exponent where it is very large or small.
 *
 * @param {number} value
 * @param {number} digits
 */
function general(value, digits) {
  const [mantissa, power] = value.toExponential(digits - 1).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < digits) return withoutZeros(fixed(value, digits - 1 - exponent));
  const between = /^50*$/.test(
    Math.abs(value)
      .toExponential(100)
      .split("e")[0]
      .slice(1 + digits),
  );
  const shown = withoutZeros(between ? toEven(mantissa) : mantissa);
  return `${signed(value, shown)}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** @param {string} text whose last digit was rounded away from zero */
const toEven = (text) => (Number(text.at(-1)) % 2 ? text.slice(0, -1) + (Number(text.at(-1)) - 1) : text);

/** @param {string} text */
const withoutZeros = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/**
 * @param {number} value
 * @param {string} text
 */
const signed = (value, text) => (Object.is(value, -0) && !text.startsWith("-") ? `-${text}` : text);
