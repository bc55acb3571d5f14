// @ts-check
// A plane to draw points on with mouse, finger or pen, mounted by Streamlit: see ganlab/ui/train/drawing.py.

import { drawAxes, pen } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { readTheme } from "../base/theme.js";

/** @import { Area, Mounting, Palettes, Send } from "../base/types.js" */
/** @typedef {[number, number]} Place */

const REACH = 2; // the plane shows -REACH to REACH
const SPACING = 0.03; // of points along a stroke
const EACH = 2; // points at each place: a stroke is a band, not a thread
const DAB = 8; // points where the pen comes down
const SPREAD = 0.04; // standard deviation of a point around the pen
const MOST = 20000;
const MARGIN = 26;

/** @type {WeakMap<HTMLElement, DrawnPlane>} */
const planes = new WeakMap(); // Streamlit calls again with the same element whenever data or theme change

/** @param {Mounting<{ colours: Palettes }>} mounting */
export default function mount({ data, parentElement, setStateValue }) {
  const plane = planes.get(parentElement) ?? new DrawnPlane(parentElement);
  planes.set(parentElement, plane);
  plane.accept(data, setStateValue);
  const call = (plane.calls += 1);
  return () => {
    if (call !== plane.calls) return; // Streamlit also cleans up after a call that a later one has overtaken
    plane.close();
    planes.delete(parentElement);
  };
}

const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());

class DrawnPlane {
  calls = 0;
  /** @type {number[][]} each stroke a flat list x, y, x, y, ... */
  strokes = [];
  /** @type {Palettes | undefined} */
  colours;
  /** @type {Send} */
  send = () => {};
  /** @type {Area} where the plane is on the canvas */
  area = { left: 0, top: 0, width: 1, height: 1 };
  /** @type {Place | undefined} where the pen is, while it is down */
  at;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.canvas = element("canvas", { role: "img", "aria-label": "A plane to draw points on" });
    this.told = element("span", { role: "status" }, "");
    /** @type {(name: string, action: () => void) => HTMLButtonElement} */
    const button = (name, action) => element("button", { type: "button", onclick: action }, name);
    this.undo = button("Undo", () => this.#change(() => this.strokes.pop()));
    this.clear = button("Clear", () => this.#change(() => (this.strokes = [])));
    this.node = element(
      "div",
      { class: "draw" },
      this.canvas,
      element("div", { class: "foot" }, this.told, this.undo, this.clear),
    );
    root.append(this.node);
    this.canvas.onpointerdown = (event) => this.#begin(event);
    this.canvas.onpointermove = (event) => this.#follow(event);
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.#end();
    this.observer = new ResizeObserver(() => this.#paint());
    this.observer.observe(this.canvas);
  }

  /**
   * @param {{ colours: Palettes }} data
   * @param {Send} setStateValue
   */
  accept({ colours }, setStateValue) {
    this.colours = colours;
    this.send = setStateValue;
    this.#paint();
  }

  close() {
    this.observer.disconnect();
    this.node.remove();
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.at = this.#place(event);
    this.strokes.push([]);
    this.#add(this.at, DAB);
    this.#paint();
  }

  /**
   * Points at even distances, however fast the pen moves.
   *
   * @param {PointerEvent} event
   */
  #follow(event) {
    if (!this.at) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) {
      const to = this.#place(move);
      const length = Math.hypot(to[0] - this.at[0], to[1] - this.at[1]);
      const steps = Math.floor(length / SPACING);
      if (!steps) continue;
      const from = this.at;
      for (let step = 1; step <= steps; step++) {
        const share = (step * SPACING) / length;
        /** @type {Place} */
        const place = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
        this.at = place;
        this.#add(place, EACH);
      }
    }
    this.#paint();
  }

  #end() {
    if (!this.at) return;
    this.at = undefined;
    this.#change(() => {});
  }

  /** @param {() => void} act */
  #change(act) {
    act();
    this.#paint();
    this.send("points", this.strokes.flat());
  }

  /**
   * Points around a place, in the newest stroke.
   *
   * @param {Place} place
   * @param {number} many
   */
  #add([x, y], many) {
    if (this.#count() + many > MOST) return;
    /** @type {(value: number) => number} */
    const round = (value) => Math.round(value * 1e4) / 1e4;
    for (let i = 0; i < many; i++)
      this.strokes[this.strokes.length - 1].push(round(x + SPREAD * normal()), round(y + SPREAD * normal()));
  }

  #count() {
    return this.strokes.reduce((sum, { length }) => sum + length, 0) / 2;
  }

  /**
   * @param {PointerEvent} event
   * @returns {Place}
   */
  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    const { left, top, width, height } = this.area;
    return [
      (((event.clientX - box.left - left) / width) * 2 - 1) * REACH,
      (1 - ((event.clientY - box.top - top) / height) * 2) * REACH,
    ];
  }

  #paint() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height || !this.colours) return;
    const ratio = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: Math.round(width * ratio), height: Math.round(height * ratio) });
    this.area = { left: MARGIN, top: 6, width: width - MARGIN - 6, height: height - MARGIN - 6 };
    const { left, top } = this.area;
    const theme = readTheme(this.node, this.colours);
    /** @param {number} value */
    const x = (value) => left + ((value / REACH + 1) / 2) * this.area.width;
    /** @param {number} value */
    const y = (value) => top + ((1 - value / REACH) / 2) * this.area.height;
    const context = pen(this.canvas);
    context.scale(ratio, ratio);
    drawAxes(context, this.area, x, y, [-2, -1, 0, 1, 2], theme);
    context.fillStyle = theme.real;
    for (const stroke of this.strokes) {
      for (let i = 0; i < stroke.length; i += 2) {
        context.beginPath();
        context.arc(x(stroke[i]), y(stroke[i + 1]), 1.8, 0, 2 * Math.PI);
        context.fill();
      }
    }
    const points = this.#count();
    write(this.told, points ? `${count(points)} points` : "Draw here: each stroke adds points.");
    this.undo.disabled = this.clear.disabled = !points;
  }
}
