// @ts-check
// A view drawn by Plotly. Its spec says what to draw; this class keeps the chart, its zoom and its axes between frames.

import { View } from "./card.js";
import { SteadyRange } from "./numbers.js";
import { adoptStyles, baseLayout, CONFIG, loadPlotly } from "./plotly.js";

/** @import { Layout, Plotly, PlotSpec, ViewRoom } from "./types.js" */
/** @typedef {HTMLDivElement & { _dragging?: boolean, on(event: string, act: (changes: any) => void): void }} Plot */

/**
 * @template {ViewRoom} [In=ViewRoom]
 * @extends {View<In>}
 */
export class PlotView extends View {
  /** @type {Plotly | undefined} */
  Plotly;
  /** @type {Promise<void> | undefined} */
  loading;
  /** @type {MouseEventInit | undefined} where the pointer is, while it is over the chart */
  pointer;
  ready = false;

  /**
   * The view's ranges live as long as its run.
   *
   * @param {PlotSpec} spec
   * @param {In} room
   */
  constructor(spec, room) {
    super(spec, room);
    this.figure = spec.figure;
    /** @type {Record<string, SteadyRange>} */
    this.ranges = {};
    /** @type {Record<string, [number, number]>} of each axis, the range that a person chose */
    this.zoom = {};
    this.plot = /** @type {Plot} */ (document.createElement("div"));
    this.plot.className = "plot";
    this.body.append(this.plot);
  }

  reset() {
    super.reset();
    this.ranges = {};
    this.zoom = {}; // the old run's does not fit the new one
  }

  draw() {
    if (!this.frame || !this.body.clientWidth) return;
    if (!this.Plotly) return this.#load();
    if (this.plot._dragging) return this.room.painter.mark(this); // a redraw would break off a zoom under way
    const { traces, layout, legend, text } = this.figure({
      view: this.frame.views[this.spec.views[0]],
      frame: this.frame,
      theme: this.room.theme,
      range: (name) => this.rangeOf(name),
    });
    for (const trace of traces) trace.visible = trace.meta === undefined || !this.hiddenKeys.has(trace.meta);
    this.Plotly.react(this.plot, traces, this.#layout(layout), CONFIG);
    if (!this.ready) this.#firstTime();
    this.#hoverAgain();
    this.writeLegend(legend);
    this.describe(text);
    this.shown();
  }

  /** @param {string} name */
  rangeOf(name) {
    return (this.ranges[name] ??= new SteadyRange());
  }

  close() {
    super.close();
    if (this.ready) this.Plotly?.purge(this.plot);
  }

  // Only now, when the canvases have been drawn: the library takes the browser a second to take in.
  #load() {
    this.loading ??= loadPlotly(this.room.assets).then(
      (loaded) => {
        this.Plotly = loaded;
        this.room.painter.mark(this);
      },
      () => this.describe("The chart library did not load; reload the page."),
    );
  }

  /** @param {Layout} layout */
  #layout(layout) {
    const whole = baseLayout(this.room.theme, layout);
    for (const [axis, range] of Object.entries(this.zoom)) if (whole[axis]) whole[axis].range = range;
    return { ...whole, width: this.body.clientWidth, height: this.body.clientHeight };
  }

  // Plotly takes the hover label away at each redraw; it belongs to a pointer that has not moved.
  #hoverAgain() {
    const { pointer } = this;
    if (pointer) this.plot.querySelector(".nsewdrag")?.dispatchEvent(new MouseEvent("mousemove", pointer));
  }

  #firstTime() {
    this.ready = true;
    this.plot.onpointermove = ({ clientX, clientY }) => {
      this.pointer = { clientX, clientY, bubbles: true };
    };
    this.plot.onpointerleave = () => {
      this.pointer = undefined;
    };
    adoptStyles(this.room.root);
    // Plotly's own memory (uirevision) gives a zoom up as soon as the axis beneath it grows, so it is kept here.
    this.plot.on("plotly_relayout", (changes) => {
      for (const axis of ["xaxis", "yaxis", "yaxis2"]) {
        if (`${axis}.range[0]` in changes) this.zoom[axis] = [changes[`${axis}.range[0]`], changes[`${axis}.range[1]`]];
      }
    });
    this.plot.on("plotly_doubleclick", () => {
      this.zoom = {};
      this.room.painter.mark(this);
    });
  }
}
