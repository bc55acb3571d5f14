// @ts-check
// The colours and fonts in force: Streamlit's theme variables, and our own palette for what the data mean.

/** @import { Palettes, Theme } from "./types.js" */
/** @typedef {[number, number, number]} Rgb */

/** @type {CanvasRenderingContext2D | null} */
let pixel = null;
/** @type {Map<string, Rgb>} a page has a few dozen colours, and asks for them at every drawing */
const known = new Map();

/**
 * Any CSS colour as [red, green, blue]; a canvas knows every notation.
 *
 * @param {string} colour
 * @returns {Rgb}
 */
export function rgb(colour) {
  const found = known.get(colour) ?? measured(colour);
  known.set(colour, found);
  return found;
}

/**
 * @param {string} colour
 * @returns {Rgb}
 */
function measured(colour) {
  pixel ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!pixel) throw new Error("This browser gives no canvas to draw on.");
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/**
 * @param {Rgb} from
 * @param {Rgb} to
 * @param {number} share
 * @returns {Rgb}
 */
export function mix(from, to, share) {
  const [red, green, blue] = from.map((value, i) => Math.round(value + (to[i] - value) * share));
  return [red, green, blue];
}

/**
 * @param {string} colour
 * @param {number} opacity
 */
export function alpha(colour, opacity) {
  return `rgba(${rgb(colour).join(",")},${opacity})`;
}

/**
 * What charts and canvases need to know, read from the element's computed style.
 *
 * @param {Element} element
 * @param {Palettes} palettes
 * @returns {Theme}
 */
export function readTheme(element, palettes) {
  const style = getComputedStyle(element);
  /** @type {(name: string, otherwise: string) => string} */
  const variable = (name, otherwise) => {
    const value = style.getPropertyValue(name).trim();
    return value && value !== "unset" ? value : otherwise;
  };
  const background = variable("--st-background-color", "#ffffff");
  const [red, green, blue] = rgb(background);
  const dark = 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  const text = variable("--st-text-color", dark ? "#fafafa" : "#31333f");
  return {
    ...palettes[dark ? "dark" : "light"],
    dark,
    background,
    text,
    muted: alpha(text, dark ? 0.66 : 0.7),
    grid: alpha(text, 0.1),
    axis: alpha(text, 0.3),
    font: variable("--st-font", "sans-serif"),
  };
}

/**
 * @param {Theme} a
 * @param {Theme} b
 */
export function sameTheme(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The colour of a class or a code: hues a golden angle apart, so that neighbours differ however many there are.
 *
 * @param {number} group
 * @param {Theme} theme
 */
export function groupColour(group, theme) {
  return `hsl(${(20 + group * 137.508) % 360} ${theme.dark ? "75% 65%" : "75% 38%"})`;
}
