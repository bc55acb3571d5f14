// @ts-check
// One training step, recorded, replayed at any speed, both ways: node, line of code, formula and followed sample light
// up together.

import { tell } from "../base/address.js";
import { decode } from "../base/frame.js";
import { element, write } from "../base/dom.js";
import { count, figure as digits } from "../base/numbers.js";
import { textOf } from "../base/sentences.js";
import { Followed } from "./followed.js";
import { written } from "./formula.js";

/** @import { Frame, Numbers, Theme } from "../base/types.js" */
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

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8]; // seconds a step
const USUAL = 4;
const NONE_KEPT = 204; // the answer where no step of the run is kept
const MOST_VALUES = 5; // names whose values are listed

export class SlowMotion {
  /** @type {Trace | undefined} */
  trace;
  /** @type {Step[]} those of the half that is looked at */
  steps = [];
  at = 0;
  half = "both";
  seconds = USUAL;
  /** @type {number | undefined} set while it plays */
  timer;
  /** @type {Frame | undefined} */
  frame;
  /** @type {Theme | undefined} */
  theme;

  /**
   * @param {import("./diagram.js").Diagram} diagram
   * @param {() => string} runId
   * @param {() => void} opened called when a step is shown
   */
  constructor(diagram, runId, opened) {
    this.diagram = diagram;
    this.runId = runId;
    this.opened = opened;
    this.followed = new Followed(() => this.#tell());
    /** @type {(label: string, act: () => void, title: string) => HTMLButtonElement} */
    const button = (label, act, title) =>
      element("button", { type: "button", class: "key framed", title, "aria-label": title, onclick: act }, label);
    this.begin = element(
      "button",
      { type: "button", class: "key framed begin", onclick: () => this.record() },
      "Slow motion: one step",
    );
    this.back = button("◀", () => this.go(this.at - 1), "One step back");
    this.playing = button("▶ Play", () => this.play(), "Play or pause the slow motion");
    this.forth = button("▶▏", () => this.go(this.at + 1), "One step forth");
    this.slider = element("input", { type: "range", min: 0, max: 0, step: 1, value: 0, "aria-label": "Step" });
    this.slider.oninput = () => this.go(Number(this.slider.value));
    this.speed = element(
      "select",
      { "aria-label": "Seconds a step" },
      ...SPEEDS.map(
        (seconds) => new Option(`${seconds} s a step`, String(seconds), seconds === USUAL, seconds === USUAL),
      ),
    );
    this.speed.onchange = () => (this.seconds = Number(this.speed.value));
    this.leave = button("Close", () => this.close(), "Leave the slow motion");
    this.reel = element(
      "span",
      { class: "reel", hidden: "" },
      this.back,
      this.playing,
      this.forth,
      this.slider,
      this.speed,
    );
    this.leave.hidden = true;
    this.controls = element("span", { class: "controls" }, this.begin, this.reel, this.leave);
    this.trouble = element("div", { class: "notice", role: "alert", hidden: "" });
    this.title = element("h3");
    this.caption = element("p", { class: "caption", role: "status" });
    this.formula = element("div", { class: "formula" });
    this.sample = element("dl", { class: "sample" });
    this.values = element("dl", { class: "values" });
    this.code = element("div", { class: "code", tabindex: "0", role: "group", "aria-label": "The source that runs" });
    this.node = element(
      "section",
      { class: "slow", tabindex: "-1", hidden: "", "aria-label": "One step in slow motion" },
      element("div", { class: "told" }, this.title, this.caption, this.formula, this.sample, this.values),
      this.code,
      this.followed.node,
    );
  }

  /**
   * Arrow keys step while no control has them for itself.
   *
   * @param {KeyboardEvent} event
   */
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const [target] = event.composedPath();
    if (!by || !this.trace || target === this.slider || target === this.speed) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(this.at + by);
  }

  // Let the run make one step under the recorder, and show it from its beginning.
  record() {
    return this.#fetched("", (address) => fetch(address, { method: "POST" }));
  }

  /**
   * Open at one of the parts of a step, as an address says: of the step that was recorded last, or of a new one.
   *
   * @param {string} key
   */
  recall(key) {
    return this.#fetched(key, async (address) => {
      const kept = await fetch(address);
      return kept.status === NONE_KEPT ? fetch(address, { method: "POST" }) : kept;
    });
  }

  /**
   * @param {string} key the part to open at; "" for the first
   * @param {(address: URL) => Promise<Response>} asking
   */
  async #fetched(key, asking) {
    this.begin.disabled = true;
    try {
      const response = await asking(new URL(`live/${encodeURIComponent(this.runId())}/trace`, document.baseURI));
      if (!response.ok) throw new Error(await response.text());
      this.trace = /** @type {Trace} */ (decode(await response.arrayBuffer()));
      this.trouble.hidden = true;
      await this.followed.follow(this.trace.samples);
      this.#open(key);
    } catch (error) {
      write(
        this.trouble,
        error instanceof TypeError ? "The server can't be reached. Is GanLab still running?" : `${error}`,
      );
      this.trouble.hidden = false;
    } finally {
      this.begin.disabled = false;
    }
  }

  // Back to the diagram as it is now.
  close() {
    this.#stop();
    this.trace = undefined;
    this.address();
    this.node.hidden = this.reel.hidden = this.leave.hidden = true;
    write(this.begin, "Slow motion: one step");
    this.diagram.flatten(false);
    this.diagram.light([], "both");
    this.diagram.show(this.half);
  }

  // Let the address say which part of a step is shown, if one is.
  address() {
    tell("step", this.trace ? this.steps[this.at].key : null);
  }

  dispose() {
    this.#stop();
    this.followed.close();
  }

  /**
   * Show both halves of the step, or one player's.
   *
   * @param {string} half
   */
  choose(half) {
    this.half = half;
    if (this.trace) this.#open();
    else this.diagram.show(half);
  }

  /**
   * The newest frame of the run, for what lies behind the samples.
   *
   * @param {Frame | undefined} frame
   * @param {Theme} theme
   */
  take(frame, theme) {
    this.frame = frame;
    this.theme = theme;
    if (this.trace) this.#paint();
  }

  // Play to the end, or pause.
  play() {
    if (this.timer !== undefined) return this.#stop();
    if (this.at >= this.steps.length - 1) this.go(0);
    write(this.playing, "❚❚ Pause");
    const next = () => {
      this.go(this.at + 1, true);
      if (this.at < this.steps.length - 1) this.timer = setTimeout(next, 1000 * this.seconds);
      else this.#stop();
    };
    this.timer = setTimeout(next, 1000 * this.seconds);
  }

  /**
   * Show a step.
   *
   * @param {number} at
   * @param {boolean} [playing] whether it goes on by itself
   */
  go(at, playing = false) {
    if (!playing) this.#stop();
    this.at = Math.max(0, Math.min(this.steps.length - 1, at));
    this.#show();
  }

  #stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    write(this.playing, "▶ Play");
  }

  #open(key = "") {
    if (!this.trace) return;
    this.steps = this.trace.steps.filter(({ half }) => this.half === "both" || half === "both" || half === this.half);
    this.slider.max = String(this.steps.length - 1);
    this.node.hidden = this.reel.hidden = this.leave.hidden = false;
    write(this.begin, "Next iteration");
    this.opened();
    this.diagram.flatten(true);
    this.go(this.steps.findIndex((step) => step.key === key));
    this.node.focus({ preventScroll: true });
  }

  #show() {
    const step = this.steps[this.at];
    if (!step || !this.trace) return;
    const { n_critic: updates, iteration } = this.trace;
    const critic = updates > 1 && step.half === "d" ? `, update ${updates} of ${updates}` : "";
    const whose = { d: "D's half", g: "G's half", both: "Both players" }[step.half];
    write(
      this.title,
      `${this.at + 1} of ${this.steps.length}. ${step.title} · iteration ${count(iteration)}, ${whose}${critic}`,
    );
    write(this.caption, textOf(step.said));
    this.slider.value = String(this.at);
    this.back.disabled = this.at === 0;
    this.forth.disabled = this.at === this.steps.length - 1;
    this.node.dataset.step = step.key;
    this.address();
    this.diagram.show(step.half);
    this.diagram.light(step.lit, step.half);
    this.#list(step);
    this.#read(step);
    this.#tell();
    this.#paint();
  }

  #paint() {
    const step = this.steps[this.at];
    if (!this.trace || !step || !this.theme) return;
    const past = this.trace.steps.slice(0, this.trace.steps.indexOf(step)).map(({ key }) => key);
    this.followed.show(step.key, past, this.frame, this.theme);
  }

  // The formula, and the sample that is followed.
  #tell() {
    const step = this.steps[this.at];
    if (!this.trace || !step) return;
    const i = this.followed.chosen;
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
    define(this.sample, this.#facts(step, i));
  }

  /**
   * What is known of the followed sample by now.
   *
   * @param {Step} step
   * @param {number} i
   * @returns {[string, string][]}
   */
  #facts(step, i) {
    const { samples, steps } = /** @type {Trace} */ (this.trace);
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
   * @param {Step} step
   */
  #list(step) {
    const { lines } = /** @type {Trace} */ (this.trace);
    /** @type {Map<string, string>} */
    const found = new Map();
    for (const line of lines.slice(...step.lines)) {
      if (line.event === "call") continue;
      for (const [name, value] of Object.entries(line.names)) {
        const text = inShort(value);
        if (text) found.set(name === "return" ? "returned" : name, text);
      }
    }
    define(this.values, [...found].slice(-MOST_VALUES));
  }

  /**
   * The source of the step: the function whose line is lit, then what it has called.
   *
   * @param {Step} step
   */
  #read(step) {
    const { lines, functions } = /** @type {Trace} */ (this.trace);
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
