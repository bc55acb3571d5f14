// The charts over time: losses, scores, gradient norms, modes.

import { figure as digits, count, last, roundEnd, span } from "../base/numbers.js";
import { band, line, reference } from "../base/plotly.js";
import { alpha } from "../base/theme.js";

const NAMED_VALUES = [
  [Math.log(4), "log 4"],
  [Math.log(2), "log 2"],
  [0.5, "½"],
];

function nameOf(value) {
  return NAMED_VALUES.find(([named]) => Math.abs(named - value) < 1e-4)?.[1] ?? digits(value);
}

export function iterations(x) {
  return { range: [0, roundEnd(last(x))], tickformat: "~s", hoverformat: ",d" };
}

export const losses = {
  id: "losses",
  views: ["losses"],
  title: "Losses",
  tip:
    "What each network minimises, at every step (line: mean, band: smallest to largest). Each is measured against an " +
    "opponent that also changes, so a falling loss need not mean better samples, nor a rising one worse. Dotted: " +
    "the value when D cannot tell real from generated.",
  figure({ view, frame, theme, range }) {
    const { loss } = frame;
    const sign = loss.plot_sign_d ?? 1;
    const signed = (values) => (sign < 0 && values ? values.map((value) => -value) : values);
    const [d, dLo, dHi] = [view.d, view.d_lo, view.d_hi].map(signed);
    const wasserstein = sign < 0; // then only D's curve means something: it estimates a distance
    const short = Boolean(view.convergence); // M and k stand beside them
    const remembered = Object.entries(view.remembered ?? {}).map(([name, number]) => `${name} ${digits(number)}`);
    const names = { d: short ? "D" : (loss.label_d ?? "D"), g: short ? "G" : (loss.label_g ?? "G") };
    const traces = [];
    if (dLo) traces.push(band(view.x, dLo, dHi, alpha(theme.discriminator, 0.16), { meta: "d" }));
    if (view.g_lo && !wasserstein) {
      traces.push(band(view.x, view.g_lo, view.g_hi, alpha(theme.generator, 0.16), { meta: "g" }));
    }
    traces.push(line(view.x, d, theme.discriminator, names.d, { meta: "d" }));
    traces.push(line(view.x, view.g, theme.generator, names.g, { meta: "g", opacity: wasserstein ? 0.35 : 1 }));
    if (view.penalty) {
      traces.push(line(view.x, view.penalty, theme.muted, "penalty", { meta: "penalty", width: 1.2, dash: "dot" }));
    }
    const marks = [];
    if (Number.isFinite(loss.equilibrium_d)) marks.push([loss.equilibrium_d * sign, theme.discriminator]);
    if (Number.isFinite(loss.equilibrium_g) && !wasserstein) marks.push([loss.equilibrium_g, theme.generator]);
    const references = marks.map(([value, colour]) => reference(value, nameOf(value), colour));
    const [lo, hi] = span(
      d,
      view.g,
      view.penalty,
      view.convergence,
      marks.map(([value]) => value),
    );
    const legend = [
      { key: "d", name: names.d, colour: theme.discriminator, value: digits(last(d)) },
      { key: "g", name: names.g, colour: theme.generator, value: digits(last(view.g)) },
    ];
    if (view.convergence) {
      traces.push(line(view.x, view.convergence, theme.text, "M", { meta: "convergence", dash: "dash" }));
      const value = [digits(last(view.convergence)), ...remembered].join(", ");
      legend.push({ key: "convergence", name: "M", colour: theme.text, value });
    }
    if (remembered.length && !view.convergence) {
      legend.push({ key: "remembered", name: "", colour: theme.text, value: remembered.join(", ") });
    }
    if (view.penalty) {
      legend.push({ key: "penalty", name: "penalty", colour: theme.muted, value: "" });
    }
    return {
      traces,
      legend,
      layout: {
        xaxis: iterations(view.x),
        yaxis: { range: range("y").fit(lo, hi) },
        shapes: references.map(({ shape }) => shape),
        annotations: references.map(({ note }) => note),
      },
      text: `At iteration ${count(frame.iteration)}: ${legend.map(({ name, value }) => `${name} ${value}`).join(", ")}.`,
    };
  },
};

export const scores = {
  id: "scores",
  views: ["scores"],
  title: "D's scores",
  tip:
    "What D says of real and of generated samples on average, at every step. The closer the two, the less D can tell " +
    "them apart: because the samples are good, or because D is weak; look at the samples to know which.",
  figure({ view, frame, theme, range }) {
    const fill = (colour) => alpha(colour, 0.16);
    const traces = [];
    if (view.real_lo) traces.push(band(view.x, view.real_lo, view.real_hi, fill(theme.real), { meta: "real" }));
    if (view.fake_lo) traces.push(band(view.x, view.fake_lo, view.fake_hi, fill(theme.generated), { meta: "fake" }));
    traces.push(line(view.x, view.real, theme.real, "D(x)", { meta: "real" }));
    traces.push(line(view.x, view.fake, theme.generated, "D(G(z))", { meta: "fake" }));
    const boundary = Number.isFinite(view.boundary)
      ? [reference(view.boundary, nameOf(view.boundary), theme.muted)]
      : [];
    const legend = [
      { key: "real", name: "D(x)", colour: theme.real, value: digits(last(view.real)) },
      { key: "fake", name: "D(G(z))", colour: theme.generated, value: digits(last(view.fake)) },
    ];
    return {
      traces,
      legend,
      layout: {
        xaxis: iterations(view.x),
        yaxis: { range: scoreRange(span(view.real, view.fake), view.boundary, range("y")) },
        shapes: boundary.map(({ shape }) => shape),
        annotations: boundary.map(({ note }) => note),
      },
      text: `At iteration ${count(frame.iteration)}: D(x) ${legend[0].value}, D(G(z)) ${legend[1].value}.`,
    };
  },
};

// Probabilities keep the whole of 0 to 1 in view; other scores take the room they need.
function scoreRange([lo, hi], boundary, steady) {
  if (boundary === 0.5 && lo >= 0 && hi <= 1) return [0, 1];
  return steady.fit(Math.min(lo, boundary ?? lo), Math.max(hi, boundary ?? hi));
}

export const gradients = {
  id: "gradients",
  slot: "gradients",
  views: ["gradients"],
  title: "Gradient norms",
  tip:
    "How strong the learning signal is that reaches each network's weights (logarithmic). One that falls by orders of " +
    "magnitude means that its network learns almost nothing; bursts mean instability. The two are not comparable.",
  figure({ view, frame, theme, range }) {
    const logs = span(...[view.d, view.g].map((norms) => norms.map((norm) => Math.log10(norm))));
    const names = frame.players ?? { d: "D", g: "G" };
    const legend = [
      { key: "d", name: names.d, colour: theme.discriminator, value: digits(last(view.d)) },
      { key: "g", name: names.g, colour: theme.generator, value: digits(last(view.g)) },
    ];
    return {
      traces: [
        line(view.x, view.d, theme.discriminator, names.d, { meta: "d" }),
        line(view.x, view.g, theme.generator, names.g, { meta: "g" }),
      ],
      legend,
      layout: {
        xaxis: iterations(view.x),
        yaxis: {
          type: "log",
          range: range("y").fit(Math.floor(logs[0]), Math.ceil(logs[1])),
          dtick: 1,
          exponentformat: "power",
        },
      },
      text: `At iteration ${count(frame.iteration)}: ${legend.map(({ name, value }) => `${name} ${value}`).join(", ")}.`,
    };
  },
};

export const modes = {
  id: "modes",
  views: ["modes"],
  title: "Modes",
  tip:
    "How many of the data's modes have a good sample near them, and what share of samples is good (within 3 sigma of " +
    "a mode). Together they tell collapse from blur; the bars show how evenly the modes are hit.",
  figure({ view, frame, theme }) {
    const share = view.high_quality.map((value) => value * 100);
    const captured = last(view.captured);
    const perfect = Number.isFinite(view.perfect_high_quality) ? view.perfect_high_quality * 100 : null;
    const marks = perfect === null ? [] : [reference(perfect, "", theme.real, "y2")];
    const legend = [
      { key: "captured", name: "captured", colour: theme.generator, value: `${captured} of ${view.total}` },
      { key: "share", name: "good", colour: theme.generated, value: `${digits(last(share))} %` },
    ];
    return {
      traces: [
        line(view.x, view.captured, theme.generator, "captured", { meta: "captured", shape: "hv" }),
        line(view.x, share, theme.generated, "good samples, %", { meta: "share", yaxis: "y2" }),
      ],
      legend,
      layout: {
        xaxis: iterations(view.x),
        yaxis: { range: [0, view.total * 1.05], nticks: 4 },
        yaxis2: { range: [0, 105], tickvals: [0, 50, 100], ticktext: ["0", "50", "100%"] },
        shapes: marks.map(({ shape }) => shape),
      },
      text: `${captured} of ${view.total} modes captured, ${legend[1].value} of the samples good.`,
    };
  },
};
