// @ts-check
// How far the samples are from real ones by several measures, over time, each beside what a perfect sampler reads.

import { element, write } from "../base/dom.js";
import { figure as digits, count, isNumber, last, span } from "../base/numbers.js";
import { ChartView } from "../chart/chart_view.js";
import { line, reference } from "../chart/parts.js";
import { MEASURES, title } from "../base/words.js";
import { iterations } from "../drawing/curves.js";

/** @import { Axis, Curve, Figure, FigureInput, Numbers, Palette, ChartSpec, TrainRoom } from "../base/types.js" */

/**
 * @typedef {object} Measure
 * @property {string} name in the legend, which is short of room
 * @property {string} title
 * @property {keyof Palette | "text"} colour
 * @property {Curve["dash"]} dash
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
  "How far the samples are from the data, by several measures, from time to time (logarithmic). KL(data || samples) " +
  "is large if samples miss some of the data. KL(samples || data) is large if samples lie where no data are. JS " +
  "(Jensen-Shannon) counts both. The second number and the dotted line are the floor: the value of a perfect " +
  "sampler. There is nothing to gain below it. Enlarge to see all.";
const IMAGES =
  "How far the samples are from real images, from time to time, measured on a classifier's features. Fréchet and " +
  "kernel distance (left, logarithmic) measure everything at once. Precision and density measure whether samples " +
  "look real; recall and coverage, whether every kind of real image has a sample near it (right). The second number " +
  "is the value for other real images. The measures need not agree: where they differ, look at the samples. Enlarge " +
  "to see all.";

/**
 * @param {boolean} images
 * @returns {ChartSpec<Quality>}
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

/**
 * @param {FigureInput<Quality>} given
 * @returns {Figure}
 */
function quality({ view, theme, range }) {
  const lines = KEYS.flatMap((key) => {
    const [values, measure] = [view[key], QUALITIES[key]];
    if (!values || view.waiting) return [];
    const [colour, floor, value] = [theme[measure.colour], view.floor[key], withFloor(view, key)];
    return { key, ...measure, values, colour, floor, value };
  });
  if (view.waiting) {
    return { curves: [], x: EMPTY, y: EMPTY, note: view.waiting, legend: [], text: view.waiting };
  }
  const distances = lines.filter(({ share }) => !share);
  const powers = span(
    ...distances.map(({ values, floor }) => [...values, floor].filter((v) => v > 0).map((v) => Math.log10(v))),
  );
  const ends = [Math.floor(powers[0]), Math.ceil(powers[1])];
  const shares = lines.some(({ share }) => share);
  return {
    curves: lines.map(({ key, values, name, colour, dash, share }) =>
      line(view.x, values, colour, name, { key, dash, axis: share ? "y2" : "y" }),
    ),
    marks: distances
      .filter(({ floor }) => floor > 0)
      .map(({ floor, colour }) => ({ ...reference(floor, "", colour), opacity: 0.5 })),
    x: iterations(view.x),
    y: { log: true, range: range("y").fit(ends[0], ends[1]) },
    ...(shares ? { y2: { range: [0, 1.25], ticks: SHARES } } : {}),
    legend: lines,
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

/** @type {Axis} */
const EMPTY = { range: [0, 1] };
/** @type {[number, string][]} */
const SHARES = [
  [0, "0"],
  [0.5, "0.5"],
  [1, "1"],
];

/** @param {Quality} view */
function footOf({ x, samples, measured_on: on, accuracy }) {
  const known = isNumber(accuracy) ? ` (right on ${digits(100 * accuracy)} % of test images)` : "";
  const at = `${count(samples)} samples at iteration ${count(last(x))}.`;
  return `On ${on.replace("classifier", `classifier${known}`)}; ${at}`;
}

class QualityView extends ChartView {
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
