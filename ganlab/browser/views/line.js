// @ts-check
// The big view of 1-D data: two densities and D(x) over one axis, as in the first GAN paper's figure 1.

import { figure as digits, count, span } from "../base/numbers.js";
import { PlotView } from "../base/plot_view.js";
import { line } from "../base/plotly.js";
import { alpha } from "../base/theme.js";
import { ticksAlong } from "./plane.js";

/** @import { Numbers, PlotSpec, TrainRoom, Units } from "../base/types.js" */
/**
 * @typedef {object} Densities
 * @property {Numbers} x
 * @property {Numbers} data
 * @property {Numbers} samples
 * @property {Numbers} [score] of D, where there is one
 * @property {number | null} [boundary]
 * @property {Units | null} [units]
 */

/** @param {TrainRoom} room */
export const train = (room) => [new PlotView(room.data.model === "vae" ? densities : density, room)];

/** @type {PlotSpec<Densities>} */
export const density = {
  id: "big",
  views: ["line"],
  period: 150,
  title: "Densities and D(x)",
  tip:
    "Where real and generated samples lie on the line, and what D says at each place. In the ideal game the orange " +
    "curve slides onto the blue one and D(x) becomes flat at the undecided value.",
  figure({ view, frame, theme, range }) {
    const peak = span(view.data, view.samples)[1];
    const [lo, hi] = span(view.score);
    const probability = view.score && view.boundary === 0.5 && lo >= 0 && hi <= 1;
    const top = Math.max(range("y").fit(0, peak * 1.05)[1], probability ? 1 : 0);
    const area = { fill: "tozeroy", width: 2.5 };
    const traces = [
      line(view.x, view.data, theme.real, "real", { ...area, fillcolor: alpha(theme.real, 0.15), meta: "real" }),
      line(view.x, view.samples, theme.generated, "generated", {
        ...area,
        fillcolor: alpha(theme.generated, 0.15),
        meta: "fake",
      }),
    ];
    const legend = [
      { key: "real", name: "real density", colour: theme.real },
      { key: "fake", name: "generated density", colour: theme.generated },
    ];
    if (view.score) {
      const yaxis = probability ? "y" : "y2";
      traces.push(
        line(view.x, view.score, theme.discriminator, "D(x)", { meta: "score", width: 2.5, dash: "dash", yaxis }),
      );
      legend.push({ key: "score", name: "D(x)", colour: theme.discriminator });
    }
    const shapes = !Number.isFinite(view.boundary)
      ? []
      : [
          {
            type: "line",
            xref: "paper",
            x0: 0,
            x1: 1,
            yref: probability ? "y" : "y2",
            y0: view.boundary,
            y1: view.boundary,
            line: { color: theme.discriminator, width: 1, dash: "dot" },
          },
        ];
    return {
      traces,
      legend,
      layout: {
        margin: { l: 44, r: probability || !view.score ? 12 : 44, t: 10, b: 32 },
        xaxis: {
          range: [view.x[0], view.x[view.x.length - 1]],
          showgrid: true,
          tickfont: { size: 13 },
          ...ticks(view),
        },
        yaxis: { range: [0, top], tickfont: { size: 13 } },
        ...(probability || !view.score
          ? {}
          : { yaxis2: { range: range("score").fit(lo, hi), tickfont: { size: 13 } } }),
        shapes,
      },
      text:
        `Iteration ${count(frame.iteration)}.` +
        (view.score ? ` D(x) lies between ${digits(lo)} and ${digits(hi)}.` : ""),
    };
  },
};

// Where a person's own numbers were scaled for training, the axis shows theirs.
/** @param {Pick<Densities, "units" | "x">} view */
function ticks({ units, x }) {
  if (!units) return {};
  const along = ticksAlong(units, x[x.length - 1], 0);
  const title = units.names.length ? { title: { text: units.names[0] } } : {};
  return { tickvals: along.map(([value]) => value), ticktext: along.map(([, text]) => text), ...title };
}

/** @type {PlotSpec<Densities>} */
const densities = {
  ...density,
  title: "Densities",
  tip: "Where real and generated samples lie on the line. A VAE has no D; its two densities should come to agree.",
};
