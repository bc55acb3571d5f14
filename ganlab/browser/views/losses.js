// @ts-check
// What each network minimises, over time: a GAN's two losses, or a VAE's loss and its two terms.

import { figure as digits, count, isNumber, last, span } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { band, line, reference } from "../chart/parts.js";
import { alpha } from "../base/theme.js";
import { iterations, nameOf, readOut } from "../drawing/curves.js";

/** @import { Numbers, ChartSpec, TrainRoom } from "../base/types.js" */

/** @param {TrainRoom} room */
export const train = (room) => [new ChartView(room.data.model === "vae" ? elbo : losses, room)];

/**
 * Over the iterations x; lo and hi are the smallest and largest, where steps are thinned. Of BEGAN, its measure of
 * convergence and what it remembers.
 *
 * @typedef {object} Losses
 * @property {Numbers} x
 * @property {Numbers} d
 * @property {Numbers} [d_lo]
 * @property {Numbers} [d_hi]
 * @property {Numbers} g
 * @property {Numbers} [g_lo]
 * @property {Numbers} [g_hi]
 * @property {Numbers | null} [penalty]
 * @property {Numbers | null} [convergence]
 * @property {Record<string, number>} [remembered]
 */

/** @type {ChartSpec<Losses>} */
const losses = {
  id: "losses",
  views: ["losses"],
  title: "Losses",
  tip:
    "The loss that each network minimises, at every iteration (line: mean, band: smallest to largest). Its opponent " +
    "changes too, so a falling loss need not mean better samples, and a rising loss need not mean worse ones. " +
    "Dotted: the value when D can't tell real from generated.",
  figure({ view, frame, theme, range }) {
    const { loss } = frame;
    const sign = loss.plot_sign_d ?? 1;
    /** @param {Float32Array} values */
    const signed = (values) => (sign < 0 ? values.map((value) => -value) : values);
    const d = signed(view.d);
    const wasserstein = sign < 0; // then only D's curve means something: it estimates a distance
    const short = Boolean(view.convergence); // M and k stand beside them
    const remembered = Object.entries(view.remembered ?? {});
    const names = { d: short ? "D" : (loss.label_d ?? "D"), g: short ? "G" : (loss.label_g ?? "G") };
    const bands = [];
    if (view.d_lo && view.d_hi) {
      const [lo, hi] = [signed(view.d_lo), signed(view.d_hi)];
      bands.push(band(view.x, lo, hi, alpha(theme.discriminator, 0.16), "d"));
    }
    if (view.g_lo && view.g_hi && !wasserstein) {
      bands.push(band(view.x, view.g_lo, view.g_hi, alpha(theme.generator, 0.16), "g"));
    }
    const curves = [
      line(view.x, d, theme.discriminator, names.d, { key: "d" }),
      line(view.x, view.g, theme.generator, names.g, { key: "g", opacity: wasserstein ? 0.35 : 1 }),
    ];
    if (view.penalty) {
      curves.push(line(view.x, view.penalty, theme.muted, "penalty", { key: "penalty", width: 1.2, dash: "dot" }));
    }
    const marks = [];
    if (isNumber(loss.equilibrium_d)) marks.push({ value: loss.equilibrium_d * sign, colour: theme.discriminator });
    if (isNumber(loss.equilibrium_g) && !wasserstein) {
      marks.push({ value: loss.equilibrium_g, colour: theme.generator });
    }
    const [lo, hi] = span(
      d,
      view.g,
      view.penalty,
      view.convergence,
      marks.map(({ value }) => value),
    );
    const legend = [
      { key: "d", name: names.d, colour: theme.discriminator, value: digits(last(d)) },
      { key: "g", name: names.g, colour: theme.generator, value: digits(last(view.g)) },
    ];
    if (view.convergence) {
      curves.push(line(view.x, view.convergence, theme.text, "M", { key: "convergence", dash: "dash" }));
      const beside = remembered.map(([name, number]) => `${name} ${digits(number)}`);
      const value = [digits(last(view.convergence)), ...beside].join(", ");
      legend.push({ key: "convergence", name: "M", colour: theme.text, value });
    }
    for (const [name, number] of view.convergence ? [] : remembered) {
      legend.push({ key: name, name, colour: theme.text, value: digits(number) });
    }
    if (view.penalty) {
      legend.push({ key: "penalty", name: "penalty", colour: theme.muted, value: "" });
    }
    return {
      bands,
      curves,
      marks: marks.map(({ value, colour }) => reference(value, nameOf(value), colour)),
      x: iterations(view.x),
      y: { range: range("y").fit(lo, hi) },
      legend,
      text: `At iteration ${count(frame.iteration)}: ${readOut(legend)}.`,
    };
  },
};

/** @type {ChartSpec} */
const elbo = {
  id: "losses",
  views: ["losses"],
  title: "Losses",
  tip:
    "Minus the evidence lower bound, which encoder and decoder minimise together, and its two terms, in nats for " +
    "each sample (line: mean, band: smallest to largest). There is no opponent as in a GAN, so lower is better. " +
    "Dotted: the reconstruction term of perfect reconstructions. A KL near 0 means that the encoder tells nothing " +
    "about the samples.",
  figure({ view, frame, theme, range }) {
    const lines = /** @type {const} */ ([
      { key: "loss", name: "loss", colour: theme.text, dash: "dash" },
      { key: "reconstruction", name: "recon.", colour: theme.generator, dash: "solid" },
      { key: "kl", name: "KL", colour: theme.discriminator, dash: "solid" },
    ]).map((each) => ({ ...each, value: digits(last(view[each.key])) }));
    const bands = lines
      .slice(1)
      .map(({ key, colour }) => band(view.x, view[`${key}_lo`], view[`${key}_hi`], alpha(colour, 0.16), key));
    const [lo, hi] = span(...lines.map(({ key }) => settled(view[key])), [view.floor, 0]);
    return {
      bands,
      curves: lines.map(({ key, name, colour, dash }) => line(view.x, view[key], colour, name, { key, dash })),
      marks: [reference(view.floor, digits(view.floor), theme.generator)],
      x: iterations(view.x),
      y: { range: range("y").fit(lo, hi) },
      legend: lines,
      text: `At iteration ${count(frame.iteration)}: ${readOut(lines)}.`,
    };
  },
};

// A VAE's first steps cost hundreds of nats; drawn to scale, they would press all that follows into a line.
/** @param {Numbers} values */
function settled(values) {
  return values.length > 40 ? values.slice(Math.floor(values.length / 20)) : values;
}
