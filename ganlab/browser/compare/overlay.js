// @ts-check
// One scalar of several runs in one chart: which scalar is chosen in its head; smoothing and the x axis by the room.

import { element, remember, remembered } from "../base/dom.js";
import { count, figure as digits, isNumber, last, roundEnd, span } from "../base/numbers.js";
import { thousands } from "../chart/axis.js";
import { line, moment } from "../chart/parts.js";
import { ChartView, knownRange } from "../chart/chart_view.js";
import { alpha } from "../base/theme.js";
import { MEASURES, title } from "../base/words.js";

/** @import { Axis, Clock, Curve as Line, Figure, Frame, RunFacts } from "../base/types.js" */
/** @import { CompareRoom } from "./compare.js" */

/**
 * Something that can be compared: the view, and the curve in it, that hold it.
 *
 * @typedef {object} Scalar
 * @property {string} name
 * @property {string} view
 * @property {string} curve
 * @property {string} [x] where the curve has iterations of its own
 * @property {boolean} [log] whether it is drawn to a logarithmic scale
 * @property {boolean} [percent] whether it is a share
 * @property {boolean} [counted] whether it counts modes or classes: then it moves in steps
 */

/** @typedef {RunFacts & { frame?: Frame }} ShownRun */
/** @typedef {ShownRun & { x: ArrayLike<number>, y: Float32Array, raw: Float32Array, total?: number }} Curve */

/** @type {Record<string, Scalar>} */
export const SCALARS = {
  loss_d: { name: MEASURES.loss_d, view: "losses", curve: "d" },
  loss_g: { name: MEASURES.loss_g, view: "losses", curve: "g" },
  score_real: { name: MEASURES.score_real, view: "scores", curve: "real" },
  score_fake: { name: MEASURES.score_fake, view: "scores", curve: "fake" },
  grad_norm_d: { name: MEASURES.grad_norm_d, view: "gradients", curve: "d", log: true },
  grad_norm_g: { name: MEASURES.grad_norm_g, view: "gradients", curve: "g", log: true },
  captured: { name: MEASURES.modes, view: "modes", curve: "captured", counted: true },
  high_quality: { name: MEASURES.high_quality, view: "modes", curve: "high_quality", percent: true },
  reverse_kl: { name: MEASURES.reverse_kl, view: "modes", curve: "kl", x: "kl_x" },
  classes: { name: MEASURES.classes, view: "classes", curve: "captured", counted: true },
  classes_kl: { name: MEASURES.classes_kl, view: "classes", curve: "kl" },
  frechet: { name: MEASURES.frechet, view: "quality", curve: "frechet", log: true },
  precision: { name: MEASURES.precision, view: "quality", curve: "precision", percent: true },
  coverage: { name: MEASURES.coverage, view: "quality", curve: "coverage", percent: true },
};

const NOTHING = new Float32Array();
const TIP =
  "The same scalar of every run. Losses of different kinds have different scales, and a lower loss need not mean " +
  "better samples; modes and good samples can be compared. The numbers are the latest measured values, not " +
  "smoothed. Click a name to hide its curve.";

/** @extends {ChartView<CompareRoom>} */
export class OverlayView extends ChartView {
  /**
   * @param {string} place names the chart; the choice of scalar is remembered under it
   * @param {string} otherwise the scalar that is shown before there was a choice
   * @param {CompareRoom} room
   * @param {() => void} changed called when another scalar is chosen
   */
  constructor(place, otherwise, room, changed) {
    const figure = () => this.#figure();
    super({ id: `overlay-${place}`, views: [], title: "Curves", tip: TIP, period: 300, figure }, room);
    this.place = place;
    this.changed = changed;
    const chosen = choices()[place];
    this.scalar = chosen && chosen in SCALARS ? chosen : otherwise;
    this.box = this.#offer();
  }

  get chosen() {
    return SCALARS[this.scalar];
  }

  // Counts are not smoothed: there is no half of a mode.
  get weight() {
    return this.chosen.counted ? 0 : this.room.smoothing;
  }

  /** @param {Frame} frame */
  take(frame) {
    if (!frame.views[this.chosen.view]) return false;
    this.frame = frame;
    return true;
  }

  // The curves' names, colours or number have changed, or how they are drawn.
  redraw() {
    if (this.frame) this.room.painter.mark(this);
  }

  // The runs have changed, and with them what there is to compare.
  offerAgain() {
    const runs = this.room.runs();
    if (!runs.length) return;
    for (const option of this.box.options) option.disabled = !isMeasured(SCALARS[option.value], runs);
    if (!isMeasured(this.chosen, runs)) this.#choose("loss_g");
  }

  rescale() {
    this.ranges = {};
    this.zoom = {};
    this.redraw();
  }

  #offer() {
    const options = Object.entries(SCALARS).map(([key, { name }]) =>
      element("option", { value: key, ...(key === this.scalar ? { selected: "" } : {}) }, title(name)),
    );
    const box = element("select", { class: "scalar", "aria-label": `Scalar of the ${this.place} chart` }, ...options);
    box.onchange = () => {
      remember("overlays", { ...choices(), [this.place]: box.value });
      this.#choose(box.value);
    };
    this.heading.replaceWith(box);
    return box;
  }

  /** @param {string} scalar */
  #choose(scalar) {
    this.scalar = this.box.value = scalar;
    this.reset();
    this.changed();
  }

  /** @returns {Figure} */
  #figure() {
    const { chosen, room } = this;
    /** @type {Curve[]} */
    const curves = room.runs().map((run) => ({ ...run, ...this.#curve(run.frame) }));
    const drawn = curves.filter(({ id, y }) => y.length && !this.hiddenKeys.has(id));
    const raw = { width: 1, silent: true };
    const faint = this.weight > 0 ? drawn.map((run) => this.#line(run, run.raw, alpha(run.colour, 0.2), raw)) : [];
    const elsewhere = !this.room.seconds && drawn.every(({ frame }) => frame?.before_the_curves);
    const end = roundEnd(Math.max(0, ...drawn.map(({ x }) => last(x))));
    return {
      curves: [...faint, ...drawn.map((run) => this.#line(run, run.y, run.colour, { dash: run.dash, width: 2 }))],
      marks: this.#forks(drawn),
      x: {
        range: (elsewhere && knownRange(drawn)) || [0, end],
        write: thousands,
        read: (value) => this.#where(value),
      },
      y: this.#yaxis(drawn),
      margin: { left: 42, right: 12 },
      legend: curves
        .filter(({ y }) => y.length)
        .map(({ id, name, colour, raw }) => ({ key: id, name, colour, value: this.#read(last(raw)) })),
      text: `${title(chosen.name)}: ${drawn.map(({ name, raw }) => `${name} ${this.#read(last(raw))}`).join(", ")}.`,
    };
  }

  /**
   * Where runs went on from another one.
   *
   * @param {Curve[]} drawn
   */
  #forks(drawn) {
    const at = new Set(this.room.seconds ? [] : drawn.map(({ frame }) => frame?.forked_at).filter(isNumber));
    return [...at].map((x) => moment(x, "fork", this.room.theme.muted));
  }

  /**
   * @param {Curve} curve
   * @param {Float32Array} y
   * @param {string} colour
   * @param {Partial<Line>} more
   */
  #line({ id, name, x }, y, colour, more) {
    return line(x, y, colour, name, { key: id, steps: this.chosen.counted, ...more });
  }

  /** @param {number} x */
  #where(x) {
    return this.room.seconds ? `${x.toFixed(1)} s` : `iteration ${count(x)}`;
  }

  /**
   * @param {Curve[]} drawn
   * @returns {Axis}
   */
  #yaxis(drawn) {
    const range = this.rangeOf("y");
    const values = drawn.map(({ y }) => y);
    if (this.chosen.log) {
      const [lo, hi] = span(...values.map((norms) => norms.map((norm) => Math.log10(norm))));
      return { log: true, range: range.fit(Math.floor(lo), Math.ceil(hi)) };
    }
    if (this.chosen.counted)
      return { range: [0, 1.05 * Math.max(1, ...drawn.map(({ total }) => total ?? 1))], whole: true };
    if (this.chosen.percent) return { range: [0, 105] };
    return { range: range.fit(...span(...values)) };
  }

  /**
   * x and y of the run's curve, y as measured and smoothed.
   *
   * @param {Frame | undefined} frame
   */
  #curve(frame) {
    const view = frame?.views[this.chosen.view];
    if (!frame || !view?.[this.chosen.curve]?.length) return { x: [], y: NOTHING, raw: NOTHING };
    const sign = this.scalar === "loss_d" ? (frame.loss.plot_sign_d ?? 1) : 1; // as on the train page
    const scale = this.chosen.percent ? 100 : sign;
    const raw = Float32Array.from(view[this.chosen.curve], (value) => value * scale);
    const at = view[this.chosen.x ?? "x"];
    const x = this.room.seconds ? secondsAt(at, frame.views.clock) : at;
    return { x, raw, total: view.total, y: smoothed(raw, this.weight) };
  }

  /** @param {number} value */
  #read(value) {
    return this.chosen.percent ? `${digits(value)} %` : this.chosen.counted ? count(value) : digits(value);
  }
}

/**
 * Whether any of the runs can have this scalar: modes are counted only where the data's are known, as images' are not.
 *
 * @param {Scalar} scalar
 * @param {Pick<RunFacts, "modes_known">[]} runs
 */
export const isMeasured = ({ view }, runs) => view !== "modes" || runs.some(({ modes_known: known }) => known);

/**
 * The scalar that was chosen at each place.
 *
 * @returns {Record<string, string>}
 */
const choices = () => remembered("overlays", {});

/**
 * Exponential moving average that starts without bias (Kingma and Ba 2015, section 3); weight 0: the values themselves.
 *
 * @param {Float32Array} values
 * @param {number} weight
 */
export function smoothed(values, weight) {
  let [sum, norm] = [0, 0];
  return Float32Array.from(values, (value) => {
    if (!Number.isFinite(value)) return value;
    sum = weight * sum + (1 - weight) * value;
    norm = weight * norm + (1 - weight);
    return sum / norm;
  });
}

/**
 * Seconds of training at these iterations, between those at which the clock was read.
 *
 * @param {ArrayLike<number>} iterations
 * @param {Clock | undefined} clock
 */
export function secondsAt(iterations, clock) {
  if (!clock) return new Float32Array();
  let at = 0;
  return Float32Array.from(iterations, (iteration) => {
    while (at + 2 < clock.x.length && clock.x[at + 1] < iteration) at += 1;
    const [from, to] = [clock.x[at], clock.x[at + 1]];
    if (to === undefined) return clock.seconds[at];
    return clock.seconds[at] + ((iteration - from) / (to - from)) * (clock.seconds[at + 1] - clock.seconds[at]);
  });
}
