// @ts-check
// What is written beside a step of the slow motion: its formula with numbers, the followed sample, values, the source.

import { element } from "../base/dom.js";
import { figure as digits } from "../base/numbers.js";
import { written } from "./formula.js";

/** @import { Numbers } from "../base/types.js" */
/** @import { Sentence } from "../base/sentences.js" */
/** @import { Samples } from "./followed.js" */

/**
 * A value as it was recorded: see `told` in ganlab/views/tracing/values.py.
 *
 * @typedef {{ value?: number | string | boolean, shape?: number[], mean?: number, norm?: number, rows?: Numbers,
 *   parts?: Record<string, any> }} Told
 */
/** @typedef {{ f: number, line: number, depth: number, event: string, names: Record<string, Told> }} Line */
/**
 * @typedef {{ formula: string, options: Record<string, number>, real: Numbers, fake: Numbers, value: Numbers }} Shares
 */

/**
 * @typedef {object} Step
 * @property {string} key
 * @property {"d" | "g" | "both"} half
 * @property {string} title
 * @property {string[]} lit
 * @property {string} formula
 * @property {Sentence} said
 * @property {[number, number]} lines
 * @property {number} line
 * @property {Shares | null} shares
 */

/**
 * @typedef {object} Trace
 * @property {number} iteration
 * @property {number} batch
 * @property {number} n_critic
 * @property {{ name: string, source: string }[]} functions
 * @property {Line[]} lines
 * @property {Step[]} steps
 * @property {Samples} samples
 */

const MOST_VALUES = 5; // names whose values are listed

export class StepText {
  constructor() {
    this.formula = element("div", { class: "formula" });
    this.sample = element("dl", { class: "sample" });
    this.values = element("dl", { class: "values" });
    this.code = element("div", { class: "code", tabindex: "0", role: "group", "aria-label": "The source that runs" });
  }

  /**
   * Write what the step's lines did.
   *
   * @param {Trace} trace
   * @param {Step} step
   */
  show(trace, step) {
    define(this.values, namesOf(trace, step).slice(-MOST_VALUES));
    this.#read(trace, step);
  }

  /**
   * Write the formula with the numbers of the followed sample, and what is known of this sample by now.
   *
   * @param {Trace} trace
   * @param {Step} step
   * @param {number} i the sample
   */
  tell(trace, step, i) {
    const { shares } = step;
    const rows = [element("div", {}, ...withIndices(step.formula))];
    if (shares && i < shares.value.length) {
      const numbers = { real: shares.real[i], fake: shares.fake[i] };
      if (shares.formula) {
        rows.push(
          element("div", {}, `share of a sample: ${written(shares.formula, shares.options)}`),
          element(
            "div",
            { class: "numbers" },
            `${written(shares.formula, shares.options, numbers)} = ${digits(shares.value[i])}`,
          ),
        );
      } else rows.push(element("div", { class: "numbers" }, `share of this sample: ${digits(shares.value[i])}`));
    }
    this.formula.replaceChildren(...rows);
    define(this.sample, factsOf(trace, step, i));
  }

  /**
   * The source of the step: the function whose line is lit, then what it has called.
   *
   * @param {Trace} trace
   * @param {Step} step
   */
  #read({ lines, functions }, step) {
    const mine = lines.slice(...step.lines);
    const lit = lines[step.line];
    const called = mine.filter(({ f, event }) => f !== lit.f && event === "return").map(({ f }) => f);
    const shown = [lit.f, ...new Set(called)].slice(0, 3);
    const blocks = shown.map((f) => {
      const run = new Set(mine.filter((line) => line.f === f && line.event !== "call").map(({ line }) => line));
      const now = f === lit.f ? lit.line : Math.max(...run);
      return element(
        "pre",
        { "data-function": functions[f].name },
        ...functions[f].source
          .split("\n")
          .map((text, number) =>
            element("span", { class: number === now ? "now" : run.has(number) ? "ran" : "" }, `${text}\n`),
          ),
      );
    });
    this.code.replaceChildren(...blocks);
    const now = blocks[0].querySelector(".now");
    if (now instanceof HTMLElement) this.code.scrollTop = now.offsetTop - this.code.clientHeight / 3;
  }
}

/**
 * What is known of the followed sample by now.
 *
 * @param {Trace} trace
 * @param {Step} step
 * @param {number} i
 * @returns {[string, string][]}
 */
function factsOf({ samples, steps }, step, i) {
  const known = new Map(steps.slice(0, steps.indexOf(step) + 1).map((past) => [past.key, past]));
  /** @type {[string, string][]} */
  const facts = [];
  /** @type {(name: string, of: Numbers | undefined, when: boolean) => void} */
  const add = (name, of, when) => {
    if (when && of && of.shape.length === 2) facts.push([name, row(of, i)]);
  };
  add("z", samples.z, known.has("noise"));
  add("x (real)", samples.real, known.has("real"));
  add("G(z)", samples.fake, known.has("fake") || known.has("reconstruction"));
  const [d, g] = ["loss_d", "loss_g"].map((key) => known.get(key)?.shares);
  if (d) facts.push(["D(x), D(G(z))", `${digits(d.real[i])}, ${digits(d.fake[i])}`]);
  if (d) facts.push(["share of L_D", digits(d.value[i])]);
  if (g) facts.push(["share of L_G", digits(g.value[i])]);
  add("∂L_G/∂x", samples.slope, known.has("gradient_g") || known.has("slopes"));
  add("G(z) after", samples.after, known.has("step_g"));
  return facts;
}

/**
 * The names that the step's lines gave values to.
 *
 * @param {Trace} trace
 * @param {Step} step
 * @returns {[string, string][]}
 */
function namesOf({ lines }, step) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const line of lines.slice(...step.lines)) {
    if (line.event === "call") continue;
    for (const [name, value] of Object.entries(line.names)) {
      const text = inShort(value);
      if (text) found.set(name === "return" ? "returned" : name, text);
    }
  }
  return [...found];
}

/**
 * "∇ L_D" with D as an index.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
const withIndices = (text) =>
  text.split(/(?<=L)(_[A-Z])/).map((part) => (part.startsWith("_") ? element("sub", {}, part.slice(1)) : part));

/**
 * @param {HTMLElement} list
 * @param {[string, string][]} facts
 */
function define(list, facts) {
  list.replaceChildren(
    ...facts.flatMap(([name, text]) => [element("dt", {}, ...withIndices(name)), element("dd", {}, text)]),
  );
}

/**
 * @param {Told} value
 * @returns {string}
 */
function inShort({ value, shape, mean, norm, parts }) {
  if (typeof value === "number") return digits(value);
  if (value !== undefined) return String(value);
  if (shape) return `(${shape.join(", ")})${mean === undefined ? "" : ` mean ${digits(mean)}, norm ${digits(norm)}`}`;
  return Object.entries(parts ?? {})
    .map(([name, part]) => `${/^\d+$/.test(name) ? "" : `${name} `}${inShort(part)}`)
    .join("; ");
}

/**
 * A sample's numbers.
 *
 * @param {Numbers} of (n, numbers)
 * @param {number} i
 */
function row(of, i) {
  const [, wide] = of.shape;
  const numbers = Array.from(of.subarray(wide * i, wide * (i + 1)), digits);
  return `(${numbers.slice(0, 4).join(", ")}${numbers.length > 4 ? ", …" : ""})`;
}
