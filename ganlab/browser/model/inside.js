// @ts-check
// What is inside a network whose node is open: its layers, to scale, each with its weights or its feature maps.

import { sheet } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { alpha } from "../base/theme.js";
import { picture, tint } from "./maps.js";

/** @import { Drawing, Frame, Numbers, Theme } from "../base/types.js" */

/**
 * See ganlab/views/layers.py.
 *
 * @typedef {object} Layer
 * @property {string} name
 * @property {number[]} size
 * @property {number} numbers
 * @property {Numbers} [weights]
 * @property {Numbers} [maps]
 * @property {number} [of]
 */
/** @typedef {{ node: HTMLElement, bar: HTMLElement, canvas: HTMLCanvasElement }} Tile */

const GAP = 3; // pixels
const PLAYERS = ["d", "g"];

export class Inside {
  /** @type {string | null} */
  player = null;
  made = "";
  /** @type {Tile[]} */
  tiles = [];

  constructor() {
    this.layers = element("div", { class: "layers" });
    this.legend = element("p", { class: "foot" });
    this.node = element(
      "section",
      { class: "inside", hidden: "", "aria-label": "Layers of the network" },
      this.layers,
      this.legend,
    );
  }

  /**
   * @param {string | null} opened the node that is open
   */
  accept(opened) {
    const player = opened && PLAYERS.includes(opened) ? opened : null;
    if (player === this.player) return;
    this.player = player;
    this.node.hidden = true; // until there is a frame of it
  }

  wanted() {
    return this.player ? ["layers", `layers.${this.player}`] : [];
  }

  /**
   * @param {Frame | undefined} frame
   * @param {Theme} theme
   */
  take(frame, theme) {
    /** @type {Layer[] | undefined} */
    const layers = this.player && frame?.views.layers?.layers;
    this.node.hidden = !layers?.length;
    if (!layers?.length) return;
    const made = `${this.player} ${layers.map(({ name, size }) => `${name} ${size}`)}`;
    if (made !== this.made) {
      this.made = made;
      this.tiles = layers.map(tileOf);
      this.layers.replaceChildren(...this.tiles.map(({ node }) => node));
      write(this.legend, legendOf(layers, /** @type {string} */ (this.player), frame?.players.d === "D"));
    }
    const most = Math.max(...layers.map(({ numbers }) => numbers));
    const colour = this.player === "d" ? theme.discriminator : theme.generator;
    layers.forEach((layer, i) => {
      const { bar, canvas } = this.tiles[i];
      Object.assign(bar.style, { width: `${(100 * layer.numbers) / most}%`, background: colour });
      const drawing = sheet(canvas);
      if (!drawing) return;
      if (layer.weights) heat(drawing, layer.weights, theme);
      else if (layer.maps) maps(drawing, layer.maps, colour, theme);
    });
  }
}

/** @param {Layer} layer */
function tileOf({ name, size, numbers, weights, of }) {
  const [channels, ...sides] = size;
  const answers = weights ? `${channels} unit${channels === 1 ? "" : "s"}` : `${of} maps of ${sides.join("×")}`;
  const bar = element("i", { class: "share" });
  const canvas = element("canvas", { role: "img", "aria-label": `${weights ? "Weights" : "Maps"} of layer ${name}` });
  const node = element(
    "div",
    { class: "layer" },
    element("b", {}, `Layer ${name}`),
    element("span", {}, ` ${answers}`),
    element("span", { class: "numbers" }, `${numbers.toLocaleString("en")} parameters`),
    bar,
    canvas,
  );
  return { node, bar, canvas };
}

/**
 * @param {Layer[]} layers
 * @param {string} player
 * @param {boolean} judges whether D is a discriminator
 */
function legendOf(layers, player, judges) {
  const kinds = [];
  if (layers.some(({ weights }) => weights)) {
    kinds.push(
      "Weights: a row for each unit, a column for each input; blue is positive, orange negative. Of more than 48 " +
        "rows or columns, every second, third and so on.",
    );
  }
  if (layers.some(({ maps }) => maps)) {
    const of =
      player === "g"
        ? "one generated image"
        : judges
          ? "a real image (first row) and a generated one"
          : "one real image";
    kinds.push(`Maps: those that answer most, for ${of}; the stronger the colour, the larger.`);
  }
  return `${kinds.join(" ")} The bar above shows how many parameters a layer has.`;
}

/**
 * @param {Drawing} drawing
 * @param {Numbers} weights (units, inputs) in bytes, 127 for 0
 * @param {Theme} theme
 */
function heat({ context, width, height }, weights, theme) {
  const [rows, columns] = weights.shape;
  const [wide, high] = [width / columns, Math.min(height / rows, width / 2)];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const share = (weights[row * columns + column] - 127) / 127;
      context.fillStyle = alpha(share > 0 ? theme.real : theme.generated, Math.abs(share));
      context.fillRect(column * wide, row * high, wide, high);
    }
  }
}

/**
 * A row for each sample.
 *
 * @param {Drawing} drawing
 * @param {Numbers} shown (samples, maps, side, side) in bytes
 * @param {string} colour
 * @param {Theme} theme
 */
function maps({ context, width, height }, shown, colour, theme) {
  const [samples, many, rows, columns] = shown.shape;
  const side = Math.min((width - GAP * (many - 1)) / many, (height - GAP * (samples - 1)) / samples);
  context.imageSmoothingEnabled = false;
  for (let sample = 0; sample < samples; sample++) {
    for (let map = 0; map < many; map++) {
      const start = (sample * many + map) * rows * columns;
      const drawn = picture(columns, rows, (i) => tint(shown[start + i] / 255, colour, theme));
      context.drawImage(drawn, map * (side + GAP), sample * (side + GAP), side, side);
    }
  }
}
