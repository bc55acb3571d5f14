// @ts-check
// One training step, recorded, replayed at any speed, both ways: node, line of code, formula and followed sample light
// up together.

import { tell } from "../base/address.js";
import { decode } from "../base/frame.js";
import { element, write } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { textOf } from "../base/sentences.js";
import { Followed } from "./followed.js";
import { StepText } from "./step_text.js";

/** @import { Frame, Theme } from "../base/types.js" */
/** @import { Step, Trace } from "./step_text.js" */

const SPEEDS = [0.25, 0.5, 1, 2, 4, 8]; // seconds a step
const USUAL = 4;
const NONE_KEPT = 204; // the answer where no step of the run is kept

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
    this.text = new StepText();
    const { formula, sample, values, code } = this.text;
    this.node = element(
      "section",
      { class: "slow", tabindex: "-1", hidden: "", "aria-label": "One step in slow motion" },
      element("div", { class: "told" }, this.title, this.caption, formula, sample, values),
      code,
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
        error instanceof TypeError
          ? "The server can't be reached. Is GanLab still running?"
          : /** @type {Error} */ (error).message,
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
    this.text.show(this.trace, step);
    this.#tell();
    this.#paint();
  }

  #paint() {
    const step = this.steps[this.at];
    if (!this.trace || !step || !this.theme) return;
    const past = this.trace.steps.slice(0, this.trace.steps.indexOf(step)).map(({ key }) => key);
    this.followed.show(step.key, past, this.frame, this.theme);
  }

  // What is said of the sample that is followed.
  #tell() {
    const step = this.steps[this.at];
    if (this.trace && step) this.text.tell(this.trace, step, this.followed.chosen);
  }
}
