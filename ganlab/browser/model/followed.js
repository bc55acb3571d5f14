// @ts-check
// The picture beside a step in slow motion: the batch, the followed samples in it, what D asked of them at the end and
// where they went.

import { sheet } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { figure as digits, SteadyRange } from "../base/numbers.js";
import { alpha } from "../base/theme.js";
import { reachOf, Surface } from "../drawing/surface.js";
import { decodeMosaic } from "../drawing/mosaic.js";
import { placeIn } from "../base/stage.js";

/** @import { Frame, Mosaic, Numbers, Scale, Theme } from "../base/types.js" */
/** @typedef {CanvasRenderingContext2D} Context */

/**
 * What became of the followed samples: see `_samples` in ganlab/views/tracing/trace.py.
 *
 * @typedef {object} Samples
 * @property {number} count
 * @property {number} rate
 * @property {number} extent
 * @property {Numbers} z
 * @property {Numbers} fake
 * @property {Numbers} after
 * @property {Numbers} [real]
 * @property {Numbers} [slope] of G's loss
 * @property {Numbers} [asked] -lr times the slope
 * @property {Numbers} [cloud_real]
 * @property {Numbers} [cloud_fake]
 */

const LONGEST = 54; // pixels of the longest arrow
const NEAR = 24; // pixels from a sample at which a click means it

export class Followed {
  chosen = 0;
  surface = new Surface();
  reach = new SteadyRange();
  /** @type {Samples | undefined} */
  samples;
  /** @type {Mosaic[]} of images: before and after */
  mosaics = [];
  /** @type {[number, number][]} where each sample is on the canvas */
  places = [];
  /** @type {string} the step that is shown */
  key = "";
  /** @type {Set<string>} steps that are over */
  past = new Set();
  /** @type {Frame | undefined} */
  frame;
  /** @type {Theme | undefined} */
  theme;

  /** @param {() => void} changed called when another sample is followed */
  constructor(changed) {
    this.changed = changed;
    this.canvas = element("canvas", { class: "followed", role: "img", "aria-label": "The followed samples" });
    this.legend = element("p", { class: "hint" });
    this.which = element("output", {}, "");
    const previous = element(
      "button",
      {
        type: "button",
        class: "key framed",
        "aria-label": "Follow the previous sample",
        onclick: () => this.#turn(-1),
      },
      "‹",
    );
    const next = element(
      "button",
      { type: "button", class: "key framed", "aria-label": "Follow the next sample", onclick: () => this.#turn(1) },
      "›",
    );
    this.node = element(
      "div",
      { class: "picture-of" },
      element("div", { class: "controls" }, previous, this.which, next),
      this.canvas,
      this.legend,
    );
    this.canvas.onclick = (event) => this.#point(...placeIn(this.canvas, event));
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.canvas);
  }

  close() {
    this.observer.disconnect();
  }

  /** @param {Samples} samples */
  async follow(samples) {
    this.samples = samples;
    this.chosen = Math.min(this.chosen, samples.count - 1);
    this.mosaics = [];
    if (samples.fake.shape.length === 4) {
      this.mosaics = await Promise.all([samples.fake, samples.after].map(asMosaic));
    }
    this.paint();
  }

  /**
   * @param {string} key
   * @param {string[]} past
   * @param {Frame | undefined} frame
   * @param {Theme} theme
   */
  show(key, past, frame, theme) {
    Object.assign(this, { key, past: new Set([...past, key]), frame, theme });
    this.paint();
  }

  paint() {
    const { samples, theme } = this;
    if (!samples || !theme) return;
    write(this.which, `sample ${this.chosen + 1} of ${samples.count}`);
    const drawing = sheet(this.canvas);
    if (!drawing) return;
    if (this.mosaics.length) this.#images(drawing, samples, theme);
    else this.#points(drawing, samples, theme);
  }

  /**
   * @param {import("../base/types.js").Drawing} drawing
   * @param {Samples} samples
   * @param {Theme} theme
   */
  #points({ context, width, height }, samples, theme) {
    const { extent } = samples;
    const dimension = samples.fake.shape[1];
    const side = Math.min(width, height);
    const [left, top] = [(width - side) / 2, (height - side) / 2];
    /** @type {Scale} */
    const x = (value) => left + ((value + extent) / (2 * extent)) * side;
    /** @type {Scale} */
    const y = (value) => top + ((extent - value) / (2 * extent)) * side;
    /** @type {(of: Numbers, i: number) => [number, number]} */
    const place = (of, i) =>
      dimension === 1
        ? [x(of[i]), top + side * (0.25 + (0.5 * (i % 16)) / 16)]
        : [x(of[dimension * i]), y(of[dimension * i + 1])];
    const { frame, past } = this;
    const { plane } = frame?.views ?? {};
    context.save();
    context.beginPath();
    context.rect(left, top, side, side);
    context.clip();
    if (frame && plane?.surface && past.has("scores_d")) {
      const { surface, level = 0 } = plane;
      const area = { left, top, width: side, height: side };
      this.surface.draw(context, area, { surface, level }, reachOf(frame, this.reach), theme);
    }
    /** @type {(of: Numbers | undefined, colour: string) => void} */
    const cloud = (of, colour) => {
      context.fillStyle = alpha(colour, 0.4);
      for (let i = 0; of && i < of.shape[0]; i++) {
        const [px, py] = place(of, i);
        context.fillRect(px - 1.5, py - 1.5, 3, 3);
      }
    };
    if (past.has("real")) cloud(samples.cloud_real, theme.real);
    const made = past.has("fake") || past.has("reconstruction");
    if (made) cloud(samples.cloud_fake, theme.generated);
    this.places = Array.from({ length: samples.count }, (_, i) => place(samples.fake, i));
    if (made) this.#marks(context, samples, theme, place, side / (2 * extent));
    else if (samples.real && past.has("real")) dot(context, place(samples.real, this.chosen), theme.real, true, theme);
    context.restore();
    context.strokeStyle = theme.axis;
    context.strokeRect(left + 0.5, top + 0.5, side - 1, side - 1);
  }

  /**
   * The followed samples, and at the end the arrows of what was asked and what came of it.
   *
   * @param {Context} context
   * @param {Samples} samples
   * @param {Theme} theme
   * @param {(of: Numbers, i: number) => [number, number]} place
   * @param {number} scale pixels a unit
   */
  #marks(context, samples, theme, place, scale) {
    const { past } = this;
    const { asked, fake, after, count } = samples;
    const dimension = fake.shape[1];
    const went = Float32Array.from(after, (value, i) => value - fake[i]);
    /** @type {(of: ArrayLike<number>, i: number) => [number, number]} */
    const along = (of, i) => [of[dimension * i], dimension > 1 ? -of[dimension * i + 1] : 0];
    /** @param {ArrayLike<number>} of */
    const magnified = (of) => {
      const lengths = Array.from({ length: count }, (_, i) => Math.hypot(...along(of, i)) * scale);
      const longest = Math.max(...lengths.filter(Number.isFinite), 0);
      return longest > 0 ? LONGEST / longest : 0;
    };
    /** @type {string[]} */
    const told = [];
    const arrows = [];
    if (asked && past.has("gradient_g")) {
      arrows.push({ of: asked, colour: theme.discriminator, times: magnified(asked), width: 2 });
      told.push("asked by D (−η ∂L/∂x)");
    }
    if (past.has("step_g")) {
      arrows.push({ of: went, colour: theme.generated, times: magnified(went), width: 3 });
      told.push("went (G(z) before → after)");
    }
    for (const { of, colour, times, width } of arrows) {
      for (let i = 0; i < count; i++) {
        const [dx, dy] = along(of, i).map((value) => value * scale * times);
        context.globalAlpha = i === this.chosen ? 1 : 0.55;
        arrow(context, this.places[i], dx, dy, colour, i === this.chosen ? width + 1 : width);
      }
    }
    context.globalAlpha = 1;
    for (let i = 0; i < count; i++) {
      if (i !== this.chosen) dot(context, this.places[i], theme.generated, false, theme);
    }
    dot(context, place(fake, this.chosen), theme.generated, true, theme);
    this.legend.replaceChildren(
      ...arrows.flatMap(({ colour, times }, i) => [
        element("i", { style: `background:${colour}` }),
        element("span", {}, `${told[i]}, drawn ${digits(times)} times as long `),
      ]),
    );
  }

  /**
   * Images in rows: before the step, what would raise D's score, after the step.
   *
   * @param {import("../base/types.js").Drawing} drawing
   * @param {Samples} samples
   * @param {Theme} theme
   */
  #images({ context, width, height }, samples, theme) {
    const { past } = this;
    const rows = [
      { name: "G(z) before", shown: past.has("fake") || past.has("reconstruction"), mosaic: this.mosaics[0] },
      { name: "−∂L/∂x", shown: past.has("gradient_g") && samples.slope, mosaic: undefined },
      { name: "G(z) after", shown: past.has("step_g"), mosaic: this.mosaics[1] },
    ];
    const side = Math.min((width - 6) / samples.count - 6, height / 3 - 26);
    this.places = Array.from({ length: samples.count }, (_, i) => [i * (side + 6) + side / 2 + 3, 20 + side / 2]);
    context.font = `14px ${theme.font}`;
    rows.forEach(({ name, shown, mosaic }, row) => {
      if (!shown) return;
      const top = row * (side + 26) + 20;
      context.fillStyle = theme.text;
      context.fillText(name, 3, top - 5);
      for (let i = 0; i < samples.count; i++) {
        const left = i * (side + 6) + 3;
        if (mosaic) {
          context.imageSmoothingEnabled = mosaic.height >= 24;
          const { image, width: wide, height: high } = mosaic;
          context.drawImage(image, i * wide, 0, wide, high, left, top, side, side);
        } else if (samples.slope) heat(context, samples.slope, i, left, top, side, theme);
        context.strokeStyle = i === this.chosen ? theme.generated : theme.axis;
        context.lineWidth = i === this.chosen ? 3 : 1;
        context.strokeRect(left, top, side, side);
      }
    });
  }

  /** @param {number} by */
  #turn(by) {
    const count = this.samples?.count ?? 1;
    this.#choose((this.chosen + by + count) % count);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #point(x, y) {
    const far = this.places.map(([px, py]) => Math.hypot(px - x, py - y));
    const nearest = far.indexOf(Math.min(...far));
    const reach = this.mosaics.length ? Infinity : NEAR;
    if (nearest >= 0 && far[nearest] < reach) this.#choose(nearest);
  }

  /** @param {number} i */
  #choose(i) {
    this.chosen = i;
    this.paint();
    this.changed();
  }
}

/**
 * Images of a trace, (n, height, width, channels), side by side.
 *
 * @param {Numbers} pixels
 */
function asMosaic(pixels) {
  const [count, height, width, channels] = pixels.shape;
  return decodeMosaic({ rows: 1, columns: count, height, width, channels, pixels });
}

/**
 * @param {Context} context
 * @param {[number, number]} place
 * @param {string} colour
 * @param {boolean} chosen
 * @param {Theme} theme
 */
function dot(context, [x, y], colour, chosen, theme) {
  context.beginPath();
  context.arc(x, y, chosen ? 6.5 : 4, 0, 2 * Math.PI);
  context.fillStyle = colour;
  context.fill();
  context.strokeStyle = chosen ? theme.text : theme.background;
  context.lineWidth = chosen ? 2 : 1;
  context.stroke();
}

/**
 * @param {Context} context
 * @param {[number, number]} from
 * @param {number} dx
 * @param {number} dy
 * @param {string} colour
 * @param {number} width
 */
function arrow(context, [x, y], dx, dy, colour, width) {
  const length = Math.hypot(dx, dy);
  if (!(length > 1)) return;
  const head = Math.min(8, length * 0.6) / length;
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x + dx, y + dy);
  context.moveTo(x + dx - (dx + dy * 0.6) * head, y + dy - (dy - dx * 0.6) * head);
  context.lineTo(x + dx, y + dy);
  context.lineTo(x + dx - (dx - dy * 0.6) * head, y + dy - (dy + dx * 0.6) * head);
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

/**
 * Minus the slope of a pixel as a colour: where brighter would please D, in the colour of real samples.
 *
 * @param {Context} context
 * @param {Numbers} slope (n, height, width)
 * @param {number} image
 * @param {number} left
 * @param {number} top
 * @param {number} side
 * @param {Theme} theme
 */
function heat(context, slope, image, left, top, side, theme) {
  const [, height, width] = slope.shape;
  const most = slope.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const asked = -slope[(image * height + row) * width + column] / most;
      context.fillStyle = alpha(asked > 0 ? theme.real : theme.generated, Math.abs(asked));
      context.fillRect(
        left + (column / width) * side,
        top + (row / height) * side,
        side / width + 0.5,
        side / height + 0.5,
      );
    }
  }
}
