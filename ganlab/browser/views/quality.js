// @ts-check
// How far the samples are from real ones by several measures, over time, each beside what a perfect sampler reads.

import { element, write } from "../base/dom.js";
import { figure as digits, count, isNumber, last, span } from "../base/numbers.js";
import { PlotView } from "../base/plot_view.js";
import { line } from "../base/plotly.js";
import { MEASURES, title } from "../base/words.js";
import { iterations } from "../drawing/curves.js";

/** @import { FigureInput, Numbers, Palette, PlotSpec, TrainRoom } from "../base/types.js" */

/**
 * @typedef {object} Measure
 * @property {string} name in the legend, which is short of room
 * @property {string} title
 * @property {keyof Palette | "text"} colour
 * @property {string} dash
 * @property {boolean} [share]
 */

/** @typedef {"frechet" | "js" | "kl_forward" | "kl_reverse" | "sliced_wasserstein" | "kernel"} Distance */
/** @typedef {Distance | "precision" | "coverage" | "recall" | "density"} MeasureKey */

/**
 * The measures over the iterations x, and what a perfect sampler reads.
 *
 * @typedef {Partial<Record<MeasureKey, Numbers>> & {
 *   x: Numbers, floor: Record<string, number>, waiting?: string, samples: number, measured_on: string,
 *   accuracy: number | null }} Quality
 */

/** @param {TrainRoom} room */
export const train = (room) => [new QualityView(room)];

/**
 * In the order in which the legend has room for them. Distances are drawn to a logarithmic scale; shares, which lie
 * between 0 and 1 or little above, to their own.
 *
 * @type {Record<MeasureKey, Measure>}
 */
export const QUALITIES = {
  frechet: { name: "Fréchet", title: title(MEASURES.frechet), colour: "generator", dash: "solid" },
  js: { name: "JS", title: "Jensen-Shannon divergence", colour: "text", dash: "solid" },
  kl_forward: { name: "missed", title: "KL(data || samples)", colour: "real", dash: "dash" },
  kl_reverse: { name: "astray", title: "KL(samples || data)", colour: "generated", dash: "dash" },
  sliced_wasserstein: {
    name: "sliced W",
    title: "Sliced Wasserstein distance",
    colour: "discriminator",
    dash: "solid",
  },
  precision: {
    name: MEASURES.precision,
    title: title(MEASURES.precision),
    colour: "generated",
    dash: "solid",
    share: true,
  },
  coverage: { name: MEASURES.coverage, title: title(MEASURES.coverage), colour: "real", dash: "solid", share: true },
  recall: { name: "recall", title: "Recall", colour: "real", dash: "dot", share: true },
  density: { name: "density", title: "Density", colour: "generated", dash: "dot", share: true },
  kernel: { name: "kernel", title: "Kernel distance", colour: "discriminator", dash: "solid" },
};

const POINTS =
  "How far the samples are from the data by several measures, now and then (logarithmic). KL(data || samples) is " +
  "large where data are missed, KL(samples || data) where samples go astray; JS, Jensen-Shannon, heeds both. The " +
  "second number, and the dotted line, is what a perfect sampler reads: below it there is nothing to win. Enlarge to " +
  "see all.";
const IMAGES =
  "How far the samples are from real images, now and then, on a classifier's features. Fréchet and kernel distance " +
  "(left, logarithmic) take in everything at once. Precision and density ask whether samples look real, recall and " +
  "coverage whether all that is real has a sample near it (right). The second number is what other real images read. " +
  "They need not agree: where they part, look at the samples. Enlarge to see all.";

/**
 * @param {boolean} images
 * @returns {PlotSpec<Quality>}
 */
const spec = (images) => ({
  id: "quality",
  slot: "histograms",
  views: ["quality"],
  title: "Quality",
  tip: images ? IMAGES : POINTS,
  figure: quality,
});

const KEYS = /** @type {MeasureKey[]} */ (Object.keys(QUALITIES));

/** @param {FigureInput<Quality>} given */
function quality({ view, theme, range }) {
  const lines = KEYS.flatMap((key) => {
    const [values, measure] = [view[key], QUALITIES[key]];
    if (!values || view.waiting) return [];
    const [colour, floor, value] = [theme[measure.colour], view.floor[key], withFloor(view, key)];
    return { key, ...measure, values, colour, floor, value };
  });
  if (view.waiting) {
    const note = { xref: "paper", yref: "paper", x: 0.5, y: 0.5, showarrow: false, text: wrapped(view.waiting) };
    return { traces: [], legend: [], layout: { ...EMPTY, annotations: [note] }, text: view.waiting };
  }
  const mode = view.x.length > 1 ? "lines" : "lines+markers";
  const distances = lines.filter(({ share }) => !share);
  const powers = span(
    ...distances.map(({ values, floor }) => [...values, floor].filter((v) => v > 0).map((v) => Math.log10(v))),
  );
  const ends = [Math.floor(powers[0]), Math.ceil(powers[1])];
  const shares = lines.some(({ share }) => share);
  return {
    traces: lines.map(({ key, values, name, colour, dash, share }) =>
      line(view.x, values, colour, name, { meta: key, dash, mode, ...(share ? { yaxis: "y2" } : {}) }),
    ),
    legend: lines,
    layout: {
      xaxis: iterations(view.x),
      yaxis: {
        type: "log",
        range: range("y").fit(ends[0], ends[1]),
        dtick: Math.ceil((ends[1] - ends[0]) / 4),
        exponentformat: "power",
      },
      ...(shares ? { yaxis2: { range: [0, 1.25], tickvals: [0, 0.5, 1] } } : {}),
      shapes: distances
        .filter(({ floor }) => floor > 0)
        .map(({ floor, colour }) => ({
          type: "line",
          xref: "paper",
          x0: 0,
          x1: 1,
          y0: floor,
          y1: floor,
          opacity: 0.5,
          line: { color: colour, width: 1, dash: "dot" },
        })),
    },
    text:
      `At iteration ${count(last(view.x))}, with a perfect sampler's floor: ` +
      `${lines.map((each) => `${each.title} ${each.value}`).join(", ")}. ${footOf(view)}`,
  };
}

/**
 * A measure's newest value and what a perfect sampler reads.
 *
 * @param {Quality} view
 * @param {MeasureKey} key
 */
export function withFloor(view, key) {
  return `${digits(last(view[key]))} / ${digits(view.floor[key])}`;
}

const EMPTY = { xaxis: { visible: false }, yaxis: { visible: false } };

/**
 * Plotly breaks no lines by itself.
 *
 * @param {string} text
 */
function wrapped(text) {
  return text.replace(/(.{24,}?) /g, "$1<br>");
}

/** @param {Quality} view */
function footOf({ x, samples, measured_on: on, accuracy }) {
  const known = isNumber(accuracy) ? ` (it names ${digits(100 * accuracy)} % of images held out rightly)` : "";
  const at = `${count(samples)} samples at iteration ${count(last(x))}.`;
  return `On ${on.replace("classifier", `classifier${known}`)}; ${at}`;
}

class QualityView extends PlotView {
  /** @param {TrainRoom} room */
  constructor(room) {
    super(spec(room.data.kind === "images"), room);
    this.note = element("div", { class: "note" });
    this.foot.append(this.note);
  }

  draw() {
    super.draw();
    const { quality: view } = this.frame?.views ?? {};
    const text = !view || view.waiting ? "" : footOf(view);
    write(this.note, text);
    this.note.title = text;
  }
}
