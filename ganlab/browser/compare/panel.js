// @ts-check
// What one of several runs looks like: a picture of its samples under its name, small enough to stand beside others.

import { textOf } from "../base/sentences.js";
import { CanvasView, drawAxes } from "../base/canvas_view.js";
import { density } from "../views/line.js";
import { attribute, element, write } from "../base/dom.js";
import { dots, rings } from "../drawing/layers.js";
import { reachOf, Surface } from "../drawing/surface.js";
import { decodeMosaic, drawMosaic, fitMosaic, mosaicSize } from "../drawing/mosaic.js";
import { count, SteadyRange } from "../base/numbers.js";
import { ticksIn } from "../drawing/units.js";
import { phase, PhaseView } from "../views/phase.js";
import { ChartView } from "../chart/chart_view.js";

/** @import { View } from "../base/card.js" */
/** @import { Frame, Kind, RunFacts } from "../base/types.js" */
/** @import { CompareRoom } from "./compare.js" */

/** @param {string[]} views */
const spec = (views) => ({ id: "panel", views, period: 150, title: "Samples", tip: " " });

/**
 * Points of the plane over D's surface. Panels ask the room for their extent, so that axes agree.
 *
 * @extends {CanvasView<CompareRoom>}
 */
class PlanePanel extends CanvasView {
  /** @param {CompareRoom} room */
  constructor(room) {
    super(spec(["plane"]), room);
    this.surface = new Surface();
    this.reach = new SteadyRange();
  }

  reset() {
    super.reset();
    this.reach.reset();
  }

  draw() {
    const { frame } = this;
    const view = frame?.views.plane;
    const drawing = view && this.clear();
    if (!drawing) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    const extent = this.room.extent(view.extent);
    const side = Math.max(40, Math.min(width - 36, height - 26));
    const area = { left: 28 + (width - 36 - side) / 2, top: 4, width: side, height: side };
    /** @param {number} value */
    const x = (value) => area.left + ((value + extent) / (2 * extent)) * side;
    /** @param {number} value */
    const y = (value) => area.top + ((extent - value) / (2 * extent)) * side;
    const own = { left: x(-view.extent), top: y(view.extent), width: x(view.extent) - x(-view.extent) };
    context.save();
    context.beginPath();
    context.rect(area.left, area.top, side, side);
    context.clip();
    const { surface, level } = view;
    if (this.room.surface && surface && level !== undefined) {
      const half = reachOf(frame, this.reach);
      this.surface.draw(context, { ...own, height: own.width }, { surface, level }, half, theme);
    }
    if (view.real) dots(context, view.real, x, y, theme.real, theme.background);
    if (view.fake) dots(context, view.fake, x, y, theme.generated, theme.background);
    const { modes } = frame.views;
    if (view.centres && modes) rings(context, view.centres, modes, x, y, theme);
    context.restore();
    drawAxes(context, area, x, y, ticksIn(view.units, extent), theme);
    this.describe(`Iteration ${count(frame.iteration)}: real and generated points over D's scores.`);
  }
}

// A mosaic of images.
class ImagesPanel extends CanvasView {
  /** @param {CompareRoom} room */
  constructor(room) {
    super(spec(["samples"]), room);
  }

  async draw() {
    const { frame } = this;
    if (!frame?.views.samples) return;
    const turn = (this.turn += 1);
    const mosaic = await decodeMosaic(frame.views.samples);
    if (turn < this.painted) return; // a newer one came out first
    this.painted = turn;
    const drawing = this.clear();
    if (!drawing) return;
    const { context, width, height, ratio } = drawing;
    const scale = fitMosaic(mosaic, { width, height }, ratio);
    const size = mosaicSize(mosaic, scale);
    drawMosaic(context, mosaic, Math.round((width - size.width) / 2), Math.round((height - size.height) / 2), scale);
    this.describe(`Iteration ${count(frame.iteration)}: ${mosaic.rows * mosaic.columns} generated images.`);
  }
}

/** @type {Record<Kind, (room: CompareRoom) => View<any>>} */
const KINDS = {
  plane: (room) => new PlanePanel(room),
  line: (room) => new ChartView({ ...density, id: "panel" }, room),
  phase: (room) => new PhaseView(room, { ...phase, id: "panel" }),
  images: (room) => new ImagesPanel(room),
};

// The picture of a run with its name and colour above it and what is to be said about it below.
export class Panel {
  /** @type {string | null} where the run began, in a sentence */
  origin = null;
  note = "";
  running = false;

  /**
   * @param {Kind} kind
   * @param {CompareRoom} room
   * @param {(what: "play" | "pause") => void} act called when the button is pressed
   */
  constructor(kind, room, act) {
    this.room = room;
    this.view = KINDS[kind](room);
    this.node = this.view.node;
    this.swatch = element("i", { class: "swatch" });
    this.iteration = element("span", { class: "iteration" }, "–");
    this.state = element("button", { type: "button", class: "quiet play" }, "▶");
    this.state.onclick = () => act(this.running ? "pause" : "play");
    this.view.head.prepend(this.swatch);
    this.view.head.append(this.iteration, this.state);
    this.remark = element("div", { class: "remark" });
    this.node.append(this.remark);
    this.view.legend.remove();
  }

  /** @param {RunFacts} run */
  call({ name, colour, note, held }) {
    this.state.hidden = held ?? false;
    attribute(this.node, "aria-label", name);
    attribute(this.swatch, "style", `background:${colour}`);
    this.node.style.setProperty("--run", colour);
    write(this.view.heading, name);
    this.view.spec = { ...this.view.spec, title: name };
    this.note = note;
    this.#tip();
  }

  /** @param {Frame} frame */
  take(frame) {
    this.origin = textOf(frame.origin);
    this.#tip();
    this.running = frame.state === "running";
    write(this.iteration, count(frame.iteration));
    write(this.state, this.running ? "❚❚" : "▶");
    attribute(this.state, "aria-label", this.running ? "Pause this run" : "Train this run");
    this.state.disabled = ["failed", "stopped", "finished"].includes(frame.state);
    const said = frame.views.commentary;
    const explained = frame.state === "failed" || (this.room.explains && !this.running);
    const trouble = explained ? textOf(frame.message) : "";
    attribute(this.remark, "data-severity", frame.state === "failed" ? "error" : (said?.severity ?? "none"));
    write(this.remark, trouble || textOf(said?.headline));
    this.remark.title = trouble || textOf(said?.evidence);
  }

  /** @param {string} words */
  say(words) {
    write(this.remark, words);
  }

  /**
   * @param {string} words
   * @param {string} severity
   */
  judge(words, severity) {
    attribute(this.remark, "data-severity", severity);
    this.say(words);
  }

  close() {
    this.view.close();
  }

  #tip() {
    write(this.view.tip, [this.note, this.origin].filter(Boolean).join(" "));
  }
}
