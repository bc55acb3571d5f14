// A VAE's loss and its two terms, over time.

import { iterations } from "./curves.js";
import { figure as digits, count, last, span } from "../base/numbers.js";
import { band, line, reference } from "../base/plotly.js";
import { alpha } from "../base/theme.js";

export const elbo = {
  id: "losses",
  views: ["losses"],
  title: "Losses",
  tip:
    "Minus the evidence lower bound, which encoder and decoder minimise together, and its two terms, in nats a sample " +
    "(line: mean, band: smallest to largest). Unlike a GAN's losses it has no opponent: lower is better. Dotted: the " +
    "reconstruction term of perfect reconstructions. A KL near 0 means that the encoder says nothing.",
  figure({ view, frame, theme, range }) {
    const lines = [
      { key: "loss", name: "loss", colour: theme.text, dash: "dash" },
      { key: "reconstruction", name: "recon.", colour: theme.generator },
      { key: "kl", name: "KL", colour: theme.discriminator },
    ].map((each) => ({ ...each, value: digits(last(view[each.key])) }));
    const bands = lines
      .slice(1)
      .map(({ key, colour }) => band(view.x, view[`${key}_lo`], view[`${key}_hi`], alpha(colour, 0.16), { meta: key }));
    const { shape, note } = reference(view.floor, digits(view.floor), theme.generator);
    const [lo, hi] = span(...lines.map(({ key }) => settled(view[key])), [view.floor, 0]);
    return {
      traces: [
        ...bands,
        ...lines.map(({ key, name, colour, dash }) => line(view.x, view[key], colour, name, { meta: key, dash })),
      ],
      legend: lines,
      layout: {
        xaxis: iterations(view.x),
        yaxis: { range: range("y").fit(lo, hi) },
        shapes: [shape],
        annotations: [note],
      },
      text: `At iteration ${count(frame.iteration)}: ${lines.map(({ name, value }) => `${name} ${value}`).join(", ")}.`,
    };
  },
};

// A VAE's first steps cost hundreds of nats; drawn to scale, they would press all that follows into a line.
function settled(values) {
  return values.length > 40 ? values.slice(Math.floor(values.length / 20)) : values;
}
