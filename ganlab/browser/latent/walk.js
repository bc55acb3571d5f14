// @ts-check
// Walking between the picked latents: frames to play or scrub, and the length of each step in image space.

import { choice, slider, toggle } from "../base/controls.js";
import { sheet } from "../base/canvas_view.js";
import { attribute, element, write } from "../base/dom.js";
import { figure } from "../base/numbers.js";
import { COARSE } from "../drawing/mosaic.js";
import { asMosaic, paintPlace, paintTile } from "../drawing/picture.js";
import { LETTERS } from "./latent_shelf.js";
import { rowsOf } from "../base/vectors.js";
import { placeIn } from "../base/stage.js";

/** @import { Mosaic, Numbers } from "../base/types.js" */
/** @import { Samples } from "../drawing/picture.js" */
/** @import { LatentRoom } from "./latent.js" */
/** @typedef {Samples & { latents: Numbers, steps: Numbers }} Walk */

const RATE = 24; // frames a second
const NEAR = 0.03; // of the way: so near to a picked latent, the cursor snaps to it
const SHOWN = 12; // frames in the strip

export class WalkPanel {
  at = 0; // the frame that is shown
  /** @type {Walk | undefined} */
  answer;
  /** @type {Mosaic | undefined} */
  mosaic;
  /** @type {number[]} the frames of the picked latents */
  knots = [];
  playing = false;
  started = 0;
  request = 0;

  /** @param {LatentRoom} room */
  constructor(room) {
    this.room = room;
    this.latest = room.latest();
    const ask = () => this.refresh();
    this.way = choice(
      "Kind of path",
      [
        { key: "lerp", label: "lerp", title: "Straight from one latent to the next" },
        { key: "slerp", label: "slerp", title: "Along the sphere, where Gaussian latents lie" },
        { key: "spline", label: "spline", title: "One smooth curve through all of them" },
      ],
      "slerp",
      ask,
    );
    this.frames = slider("Frames", { min: 8, max: 200, step: 4, value: 60, write: String }, ask);
    this.loop = toggle("Loop", false, ask, "Goes back from the last latent to the first, and plays without end");
    this.snap = toggle("Snap", true, () => {}, "The cursor stops at the picked latents");
    this.play = element("button", { type: "button", class: "key framed play", onclick: () => this.#toggle() }, "Play");
    this.picture = element("canvas", { class: "picture", role: "img", "aria-label": "The sample at the cursor" });
    this.strip = element("canvas", { class: "strip" });
    this.steps = element("canvas", { class: "steps", role: "img", "aria-label": "Length of each step" });
    this.cursor = element("input", {
      type: "range",
      class: "cursor",
      min: 0,
      max: 1,
      step: 1,
      value: 0,
      "aria-label": "Place on the path",
    });
    this.cursor.oninput = () => this.#go(Number(this.cursor.value), true);
    for (const canvas of [this.strip, this.steps])
      canvas.onpointerdown = canvas.onpointermove = (event) => this.#point(event, canvas);
    this.told = element("span", { class: "told" }, "");
    this.keep = element(
      "button",
      { type: "button", class: "key framed", onclick: () => this.#pick() },
      "Pick this one",
    );
    this.nodes = [
      element("div", { class: "controls" }, this.way.node, this.frames.node, this.loop.node, this.snap.node),
      this.picture,
      element("div", { class: "controls" }, this.play, this.cursor, this.keep),
      this.strip,
      this.steps,
      element("div", { class: "foot hint" }, this.told),
    ];
  }

  picked() {
    this.refresh();
  }

  refresh() {
    const { latents } = this.room.shelf;
    if (latents.length < 2) return this.room.say("Pick at least two latents to walk between.");
    this.room.say("");
    this.latest.want(
      { ask: "walk", points: latents, way: this.way.value, frames: this.frames.value, closed: this.loop.value },
      (answer) => this.#take(answer, latents.length + (this.loop.value ? 1 : 0)),
    );
  }

  close() {
    this.latest.close();
    cancelAnimationFrame(this.request);
  }

  /**
   * @param {Walk} answer
   * @param {number} knots
   */
  async #take(answer, knots) {
    this.mosaic = await asMosaic(answer, this.room.extent);
    this.answer = answer;
    this.knots = Array.from({ length: knots }, (_, k) => (k / (knots - 1)) * (this.count - 1));
    attribute(this.cursor, "max", String(this.count - 1));
    this.at = Math.min(this.at, this.count - 1);
    this.paint();
    this.#tell();
  }

  get count() {
    return this.mosaic ? this.mosaic.rows * this.mosaic.columns : 0;
  }

  paint() {
    if (!this.mosaic) return;
    this.#paintAt();
    this.#paintStrip();
    this.#paintSteps();
  }

  /**
   * @param {number} index
   * @param {boolean} byHand
   */
  #go(index, byHand) {
    if (byHand && this.snap.value) {
      const knot = this.knots.find((place) => Math.abs(place - index) < NEAR * this.count);
      index = knot === undefined ? index : Math.round(knot);
    }
    this.at = Math.max(0, Math.min(this.count - 1, index));
    this.#paintAt();
    this.#paintSteps();
  }

  #paintAt() {
    if (!this.mosaic || !this.answer) return;
    this.cursor.value = String(this.at);
    if (this.answer.points)
      paintPlace(this.picture, { points: this.answer.points, path: true, at: this.at }, this.room);
    else paintTile(this.picture, this.mosaic, this.at);
    this.room.drew();
  }

  #paintStrip() {
    const drawing = sheet(this.strip);
    if (!drawing || !this.mosaic) return;
    const { context, width, height } = drawing;
    const { image, columns, height: high, width: wide } = this.mosaic;
    const across = width / SHOWN;
    const side = Math.min(across - 2, height);
    context.imageSmoothingEnabled = high >= COARSE;
    for (let i = 0; i < SHOWN; i++) {
      const index = Math.round((i / (SHOWN - 1)) * (this.count - 1));
      const left = i * across + (across - side) / 2;
      context.drawImage(image, (index % columns) * wide, 0, wide, high, left, (height - side) / 2, side, side);
    }
  }

  // One bar for each step; where bars are high, the generator jumps.
  #paintSteps() {
    const drawing = sheet(this.steps);
    if (!drawing || !this.answer) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    const { steps } = this.answer;
    const floor = height - 16;
    const highest = Math.max(...steps, 1e-9);
    /** @param {number} index */
    const x = (index) => ((index + 0.5) / this.count) * width;
    context.fillStyle = theme.generator;
    steps.forEach((length, i) => {
      const high = (length / highest) * (floor - 4);
      context.fillRect(x(i), floor - high, Math.max(1, width / this.count - 1), high);
    });
    context.strokeStyle = theme.axis;
    context.beginPath();
    context.moveTo(0, floor + 0.5);
    context.lineTo(width, floor + 0.5);
    context.stroke();
    context.fillStyle = theme.text;
    context.font = `600 12px ${theme.font}`;
    context.textAlign = "center";
    const letters = this.knots.length - (this.loop.value ? 1 : 0);
    this.knots.forEach((knot, k) =>
      context.fillText(LETTERS[k % letters], Math.min(width - 5, Math.max(5, x(knot))), height - 3),
    );
    context.fillRect(x(this.at) - 1, 0, 2, floor);
  }

  #tell() {
    const steps = [...(this.answer?.steps ?? [])];
    const total = steps.reduce((sum, length) => sum + length, 0);
    const middle = [...steps].sort((a, b) => a - b)[Math.floor(steps.length / 2)];
    const longest = Math.max(...steps);
    const where = steps.indexOf(longest) / (steps.length - 1 || 1);
    const leg = Math.min(this.knots.length - 2, Math.floor(where * (this.knots.length - 1)));
    const letters = this.knots.length - (this.loop.value ? 1 : 0);
    const ends = `${LETTERS[leg]} and ${LETTERS[(leg + 1) % letters]}`;
    const times = middle > 0 ? `, ${figure(longest / middle)} times the median, between ${ends}` : "";
    write(
      this.told,
      `Each frame moves the latent equally far. Bars: how far the sample moves (root mean square over its values). ` +
        `Whole path ${figure(total)}, longest step ${figure(longest)}${times}.`,
    );
  }

  /**
   * @param {PointerEvent} event
   * @param {HTMLCanvasElement} canvas the one that was pointed at
   */
  #point(event, canvas) {
    if (!this.mosaic || (event.type === "pointermove" && !event.buttons)) return;
    this.#go(Math.floor((placeIn(canvas, event)[0] / canvas.clientWidth) * this.count), true);
  }

  #toggle() {
    this.playing = !this.playing;
    write(this.play, this.playing ? "Pause" : "Play");
    if (!this.playing || !this.mosaic) return cancelAnimationFrame(this.request);
    if (this.at >= this.count - 1) this.at = 0;
    this.started = performance.now() - (this.at / RATE) * 1000;
    this.request = requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    const index = Math.floor(((now - this.started) / 1000) * RATE);
    if (!this.loop.value && index >= this.count - 1) {
      this.#go(this.count - 1, false);
      return this.#toggle();
    }
    if (index % this.count !== this.at) this.#go(index % this.count, false);
    this.request = requestAnimationFrame((next) => this.#tick(next));
  }

  #pick() {
    if (this.answer) this.room.shelf.add(rowsOf(this.answer.latents)[this.at]);
  }
}
