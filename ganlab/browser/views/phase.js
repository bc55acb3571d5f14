// @ts-check
// The big view of the Dirac game: both players as one point, its path so far, and where the rules push it.

import { CanvasView, drawAxes } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { iterations } from "../drawing/curves.js";
import { arrows } from "../drawing/layers.js";
import { count, figure as digits, last, span, ticksOf } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { line } from "../chart/parts.js";
import { alpha } from "../base/theme.js";

/** @import { Area, Numbers, ChartSpec, Scale, Theme, TrainRoom, ViewRoom, ViewSpec } from "../base/types.js" */
/** @typedef {CanvasRenderingContext2D} Context */

/**
 * The two players of the Dirac game.
 *
 * @typedef {object} PhaseState
 * @property {number} extent
 * @property {Numbers} trail theta and psi, pair by pair
 * @property {Numbers} distance to the equilibrium, over the iterations x
 * @property {Numbers} x
 * @property {number | null} clip
 * @property {Numbers} arrows_from
 * @property {Numbers} arrows
 */

const PARTS = 12; // the path gets stronger towards its end, in so many steps

/** @param {TrainRoom} room */
export const train = (room) => [new PhaseView(room), new ChartView(distance, room)];

export const phase = {
  id: "big",
  views: ["phase"],
  period: 150,
  title: "The game in its plane",
  tip:
    "Horizontal: theta, where G puts its point; the data are a point at 0. Vertical: psi, D's slope, D(x) = psi x. " +
    "Arrows: the direction in which gradient descent moves both players from each place, if their learning rates " +
    "are equal. In the middle, neither can gain anything. Real GANs play the same game in millions of dimensions.",
};

export class PhaseView extends CanvasView {
  /**
   * @param {ViewRoom} room
   * @param {ViewSpec} [spec]
   */
  constructor(room, spec = phase) {
    super(spec, room);
    /** @type {(name: string, colour: string) => HTMLElement} */
    const key = (name, colour) =>
      element("span", { class: "key" }, element("i", { style: `background:var(--${colour})` }), name);
    this.legend.append(
      key("both players' path", "generated"),
      key("gradients", "generator"),
      key("equilibrium", "real"),
    );
    this.where = element("span", { class: "where" });
    this.foot.append(this.where);
  }

  draw() {
    const { frame } = this;
    const drawing = frame && this.clear();
    if (!drawing) return;
    const { context, width, height } = drawing;
    /** @type {PhaseState} */
    const view = frame.views.phase;
    const { theme } = this.room;
    const side = Math.max(40, Math.min(width - 76, height - 50));
    const area = { left: 60 + (width - 76 - side) / 2, top: 6, width: side, height: side };
    /** @param {number} value */
    const x = (value) => area.left + ((value + view.extent) / (2 * view.extent)) * side;
    /** @param {number} value */
    const y = (value) => area.top + ((view.extent - value) / (2 * view.extent)) * side;

    context.save();
    context.beginPath();
    context.rect(area.left, area.top, side, side);
    context.clip();
    if (view.clip) this.#box(context, x, y, view.clip, theme);
    context.globalAlpha = 0.45;
    arrows(context, view, x, y, theme);
    context.globalAlpha = 1;
    path(context, view.trail, x, y, theme);
    this.#equilibrium(context, x(0), y(0), theme);
    this.#players(context, view.trail, x, y, theme);
    context.restore();

    drawAxes(context, area, x, y, ticksOf(view.extent), theme);
    this.#names(context, area, theme);
    const [theta, psi] = view.trail.slice(-2);
    write(this.where, `θ ${digits(theta)}, ψ ${digits(psi)}: ${digits(last(view.distance))} from the equilibrium`);
    this.describe(
      `Iteration ${count(frame.iteration)}: theta ${digits(theta)}, psi ${digits(psi)}, ` +
        `${digits(last(view.distance))} from the equilibrium.`,
    );
  }

  /**
   * Clipping keeps D's slope between two lines.
   *
   * @param {Context} context
   * @param {Scale} x
   * @param {Scale} y
   * @param {number} clip
   * @param {Theme} theme
   */
  #box(context, x, y, clip, theme) {
    context.strokeStyle = theme.discriminator;
    context.setLineDash([4, 4]);
    context.beginPath();
    for (const edge of [-clip, clip]) {
      context.moveTo(x(-1e6), y(edge));
      context.lineTo(x(1e6), y(edge));
    }
    context.stroke();
    context.setLineDash([]);
  }

  /**
   * @param {Context} context
   * @param {number} px
   * @param {number} py
   * @param {Theme} theme
   */
  #equilibrium(context, px, py, theme) {
    context.strokeStyle = theme.real;
    context.lineWidth = 2.5;
    context.beginPath();
    context.moveTo(px - 8, py);
    context.lineTo(px + 8, py);
    context.moveTo(px, py - 8);
    context.lineTo(px, py + 8);
    context.stroke();
  }

  /**
   * A ring where they began, a dot where they are.
   *
   * @param {Context} context
   * @param {Numbers} trail
   * @param {Scale} x
   * @param {Scale} y
   * @param {Theme} theme
   */
  #players(context, trail, x, y, theme) {
    context.lineWidth = 1.8;
    context.strokeStyle = theme.generated;
    context.beginPath();
    context.arc(x(trail[0]), y(trail[1]), 5, 0, 2 * Math.PI);
    context.stroke();
    const [theta, psi] = trail.slice(-2);
    for (const { radius, colour } of [
      { radius: 8, colour: theme.background },
      { radius: 6, colour: theme.generated },
    ]) {
      context.fillStyle = colour;
      context.beginPath();
      context.arc(x(theta), y(psi), radius, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /**
   * @param {Context} context
   * @param {Area} area
   * @param {Theme} theme
   */
  #names(context, area, theme) {
    context.save();
    context.fillStyle = theme.text;
    context.font = `600 12px ${theme.font}`;
    context.textAlign = "center";
    context.fillText("θ: where G puts its point", area.left + area.width / 2, area.top + area.height + 38);
    context.translate(area.left - 46, area.top + area.height / 2);
    context.rotate(-Math.PI / 2);
    context.fillText("ψ: D's slope", 0, 0);
    context.restore();
  }
}

/**
 * @param {Context} context
 * @param {Numbers} trail
 * @param {Scale} x
 * @param {Scale} y
 * @param {Theme} theme
 */
function path(context, trail, x, y, theme) {
  const states = trail.length / 2;
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  for (let part = 0; part < PARTS; part++) {
    const [from, to] = [part, part + 1].map((step) => Math.round((step / PARTS) * (states - 1)));
    if (to <= from) continue;
    context.strokeStyle = alpha(theme.generated, 0.3 + (0.7 * (part + 1)) / PARTS);
    context.beginPath();
    for (let i = from; i <= to; i++) context.lineTo(x(trail[2 * i]), y(trail[2 * i + 1]));
    context.stroke();
  }
}

const SMALLEST = 1e-12; // distances below are drawn here: they are rounding

/** @type {ChartSpec<PhaseState>} */
const distance = {
  id: "distance",
  views: ["phase"],
  title: "Distance to the equilibrium",
  tip:
    "On a logarithmic scale. A straight line that falls: linear convergence, the best possible here. A line that " +
    "flattens: the players come closer more and more slowly. A level line: the players circle.",
  figure({ view, frame, theme, range }) {
    const far = [...view.distance].map((value) => Math.max(value, SMALLEST));
    const [lo, hi] = span(far);
    return {
      curves: [line(view.x, far, theme.generated, "distance", { key: "distance" })],
      x: iterations(view.x),
      y: { log: true, range: range("y").fit(Math.floor(Math.log10(lo)), Math.ceil(Math.log10(hi))) },
      margin: { left: 44, right: 12 },
      legend: [{ key: "distance", name: "distance", colour: theme.generated, value: digits(last(view.distance)) }],
      text: `${digits(last(view.distance))} at iteration ${count(frame.iteration)}.`,
    };
  },
};
