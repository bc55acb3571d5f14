// @ts-check
// A view that is a chart. Its spec says what to draw; this class keeps its zoom, its axes and its pointer.

import { CanvasView } from "../base/canvas_view.js";
import { isNumber, last, roundEnd, roundStep, SteadyRange } from "../base/numbers.js";
import { textOf } from "../base/sentences.js";
import { paint } from "./paint.js";
import { changeMarks } from "./parts.js";
import { Pointer } from "./pointer.js";

/** @import { Axis, ChartSpec, Curve, Figure, Frame, ViewRoom, Zoom } from "../base/types.js" */
/** @import { Shown } from "./pointer.js" */

/**
 * @template {ViewRoom} [In=ViewRoom]
 * @extends {CanvasView<In>}
 */
export class ChartView extends CanvasView {
  /** @type {Shown | undefined} */
  drawn;

  /**
   * The view's ranges live as long as its run.
   *
   * @param {ChartSpec} spec
   * @param {In} room
   */
  constructor(spec, room) {
    super(spec, room);
    this.figure = spec.figure;
    /** @type {Record<string, SteadyRange>} */
    this.ranges = {};
    /** @type {Zoom} of each axis, the range that a person chose */
    this.zoom = {};
    this.pointer = new Pointer(this.body, {
      shown: () => this.drawn,
      zoom: () => this.zoom,
      zoomed: (zoom) => this.#zoomTo(zoom),
    });
  }

  reset() {
    super.reset();
    this.ranges = {};
    this.zoom = {}; // the old run's does not fit the new one
  }

  draw() {
    const drawing = this.frame && this.clear();
    if (!this.frame || !drawing) return;
    const told = this.figure({
      view: this.frame.views[this.spec.views[0]],
      frame: this.frame,
      theme: this.room.theme,
      range: (name) => this.rangeOf(name),
    });
    const figure = { ...told, x: sinceKnown(told, this.frame) };
    const changes = figure.x.iterations ? changeMarks(this.frame, this.room.theme) : [];
    const note = figure.note ?? whyEmpty(figure, this.frame);
    const seen = { ...this.#without(figure), marks: [...(figure.marks ?? []), ...changes], note };
    this.drawn = { figure: seen, plot: paint(drawing, seen, this.zoom, this.room.theme) };
    this.canvas.dataset.across = this.drawn.plot.axes.x.range.join(" ");
    this.canvas.dataset.points = seen.curves.flatMap(({ silent, x }) => (silent ? [] : x.length)).join(" ");
    this.pointer.read();
    this.writeLegend(figure.legend);
    this.describe(note ?? figure.text);
  }

  /** @param {string} name */
  rangeOf(name) {
    return (this.ranges[name] ??= new SteadyRange());
  }

  /**
   * Without what a person has hidden.
   *
   * @param {Figure} figure
   * @returns {Figure}
   */
  #without(figure) {
    /** @param {{ key?: string }} part */
    const shown = ({ key }) => key === undefined || !this.hiddenKeys.has(key);
    const { curves, bands = [], bars = [] } = figure;
    return { ...figure, curves: curves.filter(shown), bands: bands.filter(shown), bars: bars.filter(shown) };
  }

  /** @param {Zoom} zoom */
  #zoomTo(zoom) {
    this.zoom = zoom;
    this.room.painter.mark(this);
  }
}

/**
 * The axis along a figure. Of a run that was trained elsewhere before, it begins at a round number just before its
 * curves do: from 0 on, they would be pressed together at its end.
 *
 * @param {Figure} figure
 * @param {Frame} frame
 * @returns {Axis}
 */
export function sinceKnown({ x, curves }, frame) {
  const range = x.iterations && frame.before_the_curves ? knownRange(curves) : null;
  return range ? { ...x, range } : x;
}

/**
 * The iterations of which curves say something, from a round number to another; null while they say nothing.
 *
 * @param {Pick<Curve, "x" | "y">[]} curves
 * @returns {[number, number] | null}
 */
export function knownRange(curves) {
  const firsts = curves.map(({ x, y }) => x[Array.from(y).findIndex(isNumber)]).filter(isNumber);
  if (!firsts.length) return null;
  const [first, end] = [Math.min(...firsts), Math.max(...curves.map(({ x }) => last(x)).filter(isNumber))];
  const step = roundStep(Math.max(20, end - first) / 4);
  const begin = Math.floor(first / step) * step;
  return [begin, begin + roundEnd(end - begin)];
}

/**
 * Why there is nothing to see yet in the curves of a run that was trained elsewhere before; undefined once there is.
 *
 * @param {Figure} figure
 * @param {Frame} frame
 * @returns {string | undefined}
 */
export function whyEmpty({ x, curves }, frame) {
  const empty = x.iterations && curves.every(({ y }) => !Array.from(y).some(isNumber)); // what is not known is NaN
  return (empty && textOf(frame.before_the_curves)) || undefined;
}
