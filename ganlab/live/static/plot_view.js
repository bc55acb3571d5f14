// A view drawn by Plotly. Its spec says what to draw; this class keeps the chart, its zoom and its axes between frames.

import { View } from "./card.js";
import { SteadyRange } from "./numbers.js";
import { adoptStyles, baseLayout, CONFIG, loadPlotly } from "./plotly.js";

export class PlotView extends View {
  // spec.figure({ view, frame, theme, range }) -> { traces, layout, legend, text }
  //   traces carry the legend key they belong to in `meta`; range(name) is a SteadyRange that lives as long as the run.
  constructor(spec, room) {
    super(spec, room);
    this.ranges = {};
    this.revision = 0;
    this.plot = document.createElement("div");
    this.plot.className = "plot";
    this.body.append(this.plot);
    loadPlotly(room.assets).then(
      (Plotly) => {
        this.Plotly = Plotly;
        if (this.frame) room.painter.mark(this);
      },
      () => this.describe("The chart library did not load; reload the page."),
    );
  }

  reset() {
    super.reset();
    this.ranges = {};
    this.revision += 1; // the old run's zoom does not fit the new one
  }

  draw() {
    if (!this.Plotly || !this.frame || !this.body.clientWidth) return;
    const { traces, layout, legend, text } = this.spec.figure({
      view: this.frame.views[this.spec.views[0]],
      frame: this.frame,
      theme: this.room.theme,
      range: (name) => (this.ranges[name] ??= new SteadyRange()),
    });
    for (const trace of traces) trace.visible = !this.hiddenKeys.has(trace.meta);
    this.Plotly.react(this.plot, traces, this.#layout(layout), CONFIG);
    if (!this.ready) this.#firstTime();
    this.writeLegend(legend);
    this.describe(text);
    this.shown();
  }

  close() {
    super.close();
    if (this.ready) this.Plotly.purge(this.plot);
  }

  #layout(layout) {
    return {
      ...baseLayout(this.room.theme, layout),
      width: this.body.clientWidth,
      height: this.body.clientHeight,
      uirevision: this.revision, // unchanged: Plotly keeps the zoom that a person chose
    };
  }

  #firstTime() {
    this.ready = true;
    adoptStyles(this.room.root);
    this.plot.on("plotly_doubleclick", () => {
      this.revision += 1;
      this.room.painter.mark(this);
    });
  }
}
