// @ts-check
// What a pointer does over a chart: it reads the values beneath it, and a drag zooms in. A finger scrolls the page.

import { nearest } from "./axis.js";
import { attribute, element } from "../base/dom.js";
import { figure as digits } from "../base/numbers.js";
import { placeIn } from "../base/stage.js";

/** @import { Area, Axis, Figure, Plot, Zoom } from "../base/types.js" */
/** @typedef {{ name: string, colour: string, value: string }} Reading */
/** @typedef {{ figure: Figure, plot: Plot }} Shown what is on the canvas, and where */
/** @typedef {{ shown(): Shown | undefined, zoom(): Zoom, zoomed(zoom: Zoom): void }} Chart */
/** @typedef {[number, number]} Place pixels from the drawing's left and top */

const NEAR = 20; // pixels across within which a curve has something to say
const MEANT = 6; // pixels: a drag that is shorter, along an axis, does not zoom along it

/**
 * What the curves and bars say near a pixel: where, in words, and the value of each; null where there are none.
 *
 * @param {Figure} figure
 * @param {Plot} plot
 * @param {number} pixel
 * @returns {{ at: number, where: string, readings: Reading[] } | null}
 */
export function readingsAt({ curves, bars = [], x: axis }, { x, area }, pixel) {
  if (pixel < area.left || pixel > area.left + area.width) return null;
  const sought = x.place(pixel);
  const said = [...curves, ...bars]
    .filter((each) => !("silent" in each && each.silent))
    .map((each) => ({ ...each, i: nearest(each.x, sought) }))
    .map((each) => ({ ...each, px: each.i < 0 ? NaN : x.at(each.x[each.i]) }))
    .filter(({ px }) => Math.abs(px - pixel) <= NEAR);
  if (!said.length) return null;
  const [first] = said.toSorted((one, other) => Math.abs(one.px - pixel) - Math.abs(other.px - pixel));
  const value = first.x[first.i];
  return {
    at: first.px,
    where: axis.read ? axis.read(value) : digits(value),
    readings: said.map(({ name, colour, y, i }) => ({ name, colour, value: digits(y[i]) })),
  };
}

/**
 * The ranges that a drag from one place to another picks; those before, where it was too short to mean anything.
 *
 * @param {Plot} plot
 * @param {Place} from
 * @param {Place} to
 * @param {Zoom} before
 * @returns {Zoom}
 */
export function zoomOf({ axes, x, y, y2 }, from, to, before) {
  const zoom = { ...before };
  if (Math.abs(to[0] - from[0]) >= MEANT) zoom.x = ordered(x.place(from[0]), x.place(to[0]));
  if (Math.abs(to[1] - from[1]) >= MEANT) {
    zoom.y = ordered(y.place(from[1]), y.place(to[1]));
    if (axes.y2) zoom.y2 = ordered(y2.place(from[1]), y2.place(to[1]));
  }
  return zoom;
}

/** @type {(one: number, other: number) => [number, number]} */
const ordered = (one, other) => [Math.min(one, other), Math.max(one, other)];

/**
 * @param {Area} area
 * @param {Place} place
 * @returns {Place}
 */
const within = ({ left, top, width, height }, [x, y]) => [
  Math.max(left, Math.min(left + width, x)),
  Math.max(top, Math.min(top + height, y)),
];

export class Pointer {
  hair = element("i", { class: "hair", hidden: "" });
  picked = element("i", { class: "picked", hidden: "" });
  readout = element("div", { class: "readout", hidden: "" });
  /** @type {Place | undefined} where it is, while it is over the chart */
  at;
  /** @type {Place | undefined} where a drag began */
  from;

  /**
   * @param {HTMLElement} body where the chart is drawn
   * @param {Chart} chart
   */
  constructor(body, chart) {
    this.body = body;
    this.chart = chart;
    body.append(this.hair, this.picked, this.readout);
    body.onpointermove = (event) => this.#move(event);
    body.onpointerdown = (event) => this.#begin(event);
    body.onpointerup = (event) => this.#end(event);
    body.onpointercancel = body.onpointerleave = () => this.#leave();
    body.ondblclick = () => this.chart.zoomed({});
  }

  // What is under the pointer has changed, or the pointer has moved.
  read() {
    const shown = this.at && !this.from ? this.chart.shown() : undefined;
    const found = shown && this.at ? readingsAt(shown.figure, shown.plot, this.at[0]) : null;
    this.hair.hidden = this.readout.hidden = !found;
    if (!found || !shown) return;
    const { area } = shown.plot;
    this.hair.style.cssText = `left:${found.at}px;top:${area.top}px;height:${area.height}px`;
    this.readout.replaceChildren(
      element("b", {}, found.where),
      ...found.readings.map(({ name, colour, value }) =>
        element("span", {}, element("i", { style: `background:${colour}` }), `${name} `, element("b", {}, value)),
      ),
    );
    const right = found.at > this.body.clientWidth / 2;
    attribute(
      this.readout,
      "style",
      right ? `right:${this.body.clientWidth - found.at + 8}px` : `left:${found.at + 8}px`,
    );
  }

  /** @param {PointerEvent} event */
  #place(event) {
    return placeIn(this.body, event);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    if (event.pointerType === "touch") return;
    this.at = this.#place(event);
    const shown = this.chart.shown();
    if (this.from && shown) this.#show(shown.plot, this.from, within(shown.plot.area, this.at));
    this.read();
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    const shown = this.chart.shown();
    if (event.pointerType === "touch" || event.button !== 0 || !shown) return;
    event.preventDefault(); // nor selects text
    this.body.setPointerCapture(event.pointerId);
    this.from = within(shown.plot.area, this.#place(event));
    this.read();
  }

  /** @param {PointerEvent} event */
  #end(event) {
    const shown = this.chart.shown();
    if (this.from && shown) {
      const to = within(shown.plot.area, this.#place(event));
      const zoom = zoomOf(shown.plot, this.from, to, this.chart.zoom());
      if (JSON.stringify(zoom) !== JSON.stringify(this.chart.zoom())) this.chart.zoomed(zoom);
    }
    this.from = undefined;
    this.picked.hidden = true;
  }

  #leave() {
    this.at = this.from = undefined;
    this.picked.hidden = true;
    this.read();
  }

  /**
   * @param {Plot} plot
   * @param {Place} from
   * @param {Place} to
   */
  #show({ area }, from, to) {
    const wide = Math.abs(to[0] - from[0]) >= MEANT;
    const high = Math.abs(to[1] - from[1]) >= MEANT;
    const [left, right] = wide ? ordered(from[0], to[0]) : [area.left, area.left + area.width];
    const [top, bottom] = high ? ordered(from[1], to[1]) : [area.top, area.top + area.height];
    this.picked.hidden = !wide && !high;
    this.picked.style.cssText = `left:${left}px;top:${top}px;width:${right - left}px;height:${bottom - top}px`;
  }
}
