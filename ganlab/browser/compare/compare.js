// @ts-check
// Several runs side by side, mounted by Streamlit: see ganlab/ui/compare/view.py for the data that it is given.

import { addressOf, Channel } from "../base/channel.js";
import { element, remember, remembered } from "../base/dom.js";
import { OverlayView } from "./overlay.js";
import { Painter } from "../base/painter.js";
import { Panel } from "./panel.js";
import { ScoreTable } from "./score_table.js";
import { addStyles, mountIn, themeOf } from "../base/stage.js";
import { StateWatch } from "../base/state_watch.js";
import { linkWords } from "../base/words.js";

/** @import { View } from "../base/card.js" */
/** @import { Frame, Palettes, RunFacts, Send, Theme } from "../base/types.js" */
/** @import { Tally } from "../collapse/tally.js" */

/**
 * What the page gives to the view. A run's colour is its place in the palette of runs.
 *
 * @typedef {object} CompareData
 * @property {(Omit<RunFacts, "colour" | "dash"> & { colour: number })[]} runs
 * @property {Palettes} colours
 * @property {Record<"light" | "dark", string[]>} run_colours
 * @property {string} assets
 */

/**
 * One of the runs: what is known of it, and what shows it.
 *
 * @typedef {object} RunBeside
 * @property {RunFacts} run
 * @property {Panel} panel
 * @property {View<any>[]} more
 * @property {StateWatch} states
 * @property {Channel} channel
 * @property {Frame} [frame] the newest
 * @property {HTMLElement} [column] on the Collapse page
 * @property {Tally} [tally] on the Collapse page
 */

/** @typedef {Record<"panels" | "controls" | "overlays" | "table", HTMLElement>} Parts */

const MUCH_LARGER = 1.5;
/** @type {RunFacts["dash"][]} */
const DASHES = ["solid", "dash", "dot"]; // for runs that share a colour
const LINK = linkWords("This run no longer exists.");

export class CompareRoom {
  /** @type {CompareData} */
  data;
  /** @type {Send} */
  send;
  /** @type {URL} */
  assets;
  /** @type {Theme} */
  theme;
  /** @type {Map<string, RunBeside>} by the run's id */
  beside = new Map();
  /** @type {OverlayView[]} */
  overlays = [];

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.painter = new Painter();
    this.choices = remembered("compare", { smoothing: 0.6, seconds: false, surface: true });
    this.panels = element("div", { class: "panels" });
    this.table = new ScoreTable();
    this.planeTool = element("button", { type: "button", class: "key" }, element("i"), "D's surface");
    this.node = element("div", { class: "lab compare", "data-frames": "0" });
    root.append(this.node);
    this.onVisibility = () => this.#want();
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  /**
   * @param {CompareData} data
   * @param {Send} send
   */
  accept(data, send) {
    this.data = data;
    this.send = send;
    this.assets = new URL(data.assets, document.baseURI);
    addStyles(this, "board/live.css", ...this.styles);
    if (!this.overlays.length) this.#furnish();
    this.#retheme();
    this.#list();
  }

  close() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    for (const one of this.beside.values()) this.#end(one);
    for (const overlay of this.overlays) overlay.close();
    this.painter.close();
    this.node.remove();
  }

  // What a page with more to show of each run says otherwise

  get styles() {
    return ["compare/compare.css"];
  }

  /**
   * The charts' places, and the scalar that each shows at first.
   *
   * @returns {[string, string][]}
   */
  get curves() {
    return [
      ["left", "loss_d"],
      ["right", "captured"],
    ];
  }

  /**
   * All that stands in the room, from top to bottom.
   *
   * @param {Parts} parts
   */
  arrange({ panels, controls, overlays, table }) {
    return [panels, controls, overlays, table];
  }

  /**
   * The views of a run beside its panel.
   *
   * @param {RunFacts} _run
   * @returns {View<any>[]}
   */
  more(_run) {
    return [];
  }

  /**
   * A run's node among the panels.
   *
   * @param {RunBeside} one
   */
  column({ panel }) {
    return panel.node;
  }

  /**
   * A frame of a run has come.
   *
   * @param {RunBeside} _one
   */
  took(_one) {}

  // The runs to show are known, and their colours.
  listed() {}

  // Whether panels say why a run holds still.
  get explains() {
    return true;
  }

  // What the charts and panels ask of the room

  runs() {
    return [...this.beside.values()].map(({ run, frame }) => ({ ...run, frame }));
  }

  /**
   * The axes' reach: one for all, but for data of quite another size.
   *
   * @param {number} own
   */
  extent(own) {
    const all = [...this.beside.values()].map(({ frame }) => frame?.views.plane?.extent ?? 0);
    return Math.max(...all.filter((extent) => extent <= MUCH_LARGER * own));
  }

  rangeAgain() {
    for (const overlay of this.overlays) overlay.rescale();
  }

  get smoothing() {
    return this.choices.smoothing;
  }

  get seconds() {
    return this.choices.seconds;
  }

  get surface() {
    return this.choices.surface;
  }

  #list() {
    const wanted = this.#coloured();
    for (const [id, one] of this.beside) {
      if (wanted.some((run) => run.id === id && run.kind === one.run.kind)) continue;
      this.#end(one);
      this.beside.delete(id);
    }
    this.beside = new Map(wanted.map((run) => [run.id, this.#take(run)]));
    this.panels.replaceChildren(...[...this.beside.values()].map((one) => this.column(one)));
    this.panels.style.setProperty("--count", String(Math.max(1, Math.min(4, wanted.length))));
    this.panels.classList.toggle("alone", wanted.length === 1);
    this.planeTool.hidden = !wanted.some(({ kind }) => kind === "plane");
    this.table.list(wanted);
    for (const { run, frame } of this.beside.values()) if (frame) this.table.show(run, frame);
    for (const overlay of this.overlays) {
      overlay.offerAgain();
      overlay.redraw();
    }
    this.listed();
    this.#want();
  }

  // Each run with its colour in this theme, and a dash pattern if one before it has the same colour.
  #coloured() {
    const palette = this.data.run_colours[this.theme.dark ? "dark" : "light"];
    return this.data.runs.map((run, i, all) => {
      const before = all.slice(0, i).filter(({ colour }) => colour === run.colour).length;
      return { ...run, colour: palette[run.colour], dash: DASHES[before % DASHES.length] };
    });
  }

  /** @param {RunFacts} run */
  #take(run) {
    const one = this.beside.get(run.id) ?? this.#begin(run);
    one.run = run;
    one.panel.call(run);
    one.states.compare(one.frame?.state, run.state);
    return one;
  }

  /**
   * @param {RunFacts} run
   * @returns {RunBeside}
   */
  #begin(run) {
    const panel = new Panel(run.kind, this, (what) => this.send("pressed", { run: run.id, what }));
    const channel = new Channel(addressOf(run.id), {
      frame: (frame) => this.#show(one, frame),
      link: (link) => panel.say(LINK[link]),
    });
    const states = new StateWatch((state) => this.send("moved", { run: run.id, state }));
    /** @type {RunBeside} */
    const one = { run, panel, more: this.more(run), states, channel };
    return one;
  }

  /** @param {RunBeside} one */
  #end({ panel, channel, more, states }) {
    channel.close();
    states.close();
    for (const view of [panel, ...more]) view.close();
  }

  /**
   * @param {RunBeside} one
   * @param {Frame} frame
   */
  #show(one, frame) {
    if (one.frame && frame.build !== one.frame.build) {
      for (const view of [one.panel.view, ...one.more]) view.reset();
      this.rangeAgain();
    }
    one.frame = frame;
    this.#retheme();
    one.panel.take(frame);
    for (const view of [one.panel.view, ...one.more]) if (view.take(frame)) this.painter.mark(view);
    for (const overlay of this.overlays) if (overlay.take(frame)) this.painter.mark(overlay);
    this.table.show(one.run, frame);
    this.took(one);
    one.states.compare(frame.state, one.run.state);
    this.node.dataset.frames = String(Number(this.node.dataset.frames) + 1);
    one.panel.node.dataset.iteration = String(frame.iteration);
  }

  // What the charts shown need of each run; nothing, while nobody sees the tab.
  #want() {
    for (const { run, panel, channel, more } of this.beside.values()) {
      const own = [panel.view, ...more].flatMap(({ views }) => views);
      const views = new Set([...own, ...this.overlays.map(({ chosen }) => chosen.view), "commentary"]);
      if (this.seconds) views.add("clock");
      if (run.modes_known) views.add("modes");
      if (run.trial) views.add("trial");
      // The table of figures has a column of it; where there is no table, only a chart may ask.
      if (run.kind !== "phase" && this.table.node.isConnected) views.add("quality");
      channel.want(document.hidden ? [] : [...views]);
    }
  }

  #furnish() {
    this.overlays = this.curves.map(([place, scalar]) => new OverlayView(place, scalar, this, () => this.#want()));
    const overlays = element("div", { class: "overlays" }, ...this.overlays.map(({ node }) => node));
    const parts = { panels: this.panels, controls: this.#controls(), overlays, table: this.table.node };
    this.node.append(...this.arrange(parts));
  }

  #controls() {
    const slider = element("input", { type: "range", min: 0, max: 0.98, step: 0.02, value: this.smoothing });
    slider.oninput = () => this.#choose({ smoothing: Number(slider.value) });
    const axis = [
      { name: "iterations", seconds: false },
      { name: "seconds of training", seconds: true },
    ].map(({ name, seconds }) => {
      const button = element(
        "button",
        { type: "button", class: "choice", "aria-pressed": String(seconds === this.seconds) },
        name,
      );
      button.onclick = () => {
        this.#choose({ seconds });
        for (const other of axis) other.setAttribute("aria-pressed", String(other === button));
        this.#want();
        this.rangeAgain();
      };
      return button;
    });
    this.planeTool.setAttribute("aria-pressed", String(this.surface));
    this.planeTool.onclick = () => {
      this.#choose({ surface: !this.surface });
      this.planeTool.setAttribute("aria-pressed", String(this.surface));
      for (const { panel } of this.beside.values()) panel.view.retheme();
    };
    return element(
      "div",
      { class: "controls" },
      this.planeTool,
      element("label", {}, "Smoothing", slider),
      element("span", { class: "choices", role: "group", "aria-label": "Horizontal axis" }, ...axis),
    );
  }

  /** @param {Partial<CompareRoom["choices"]>} choice */
  #choose(choice) {
    Object.assign(this.choices, choice);
    remember("compare", this.choices);
    for (const overlay of this.overlays) overlay.redraw();
  }

  #retheme() {
    const theme = themeOf(this.node, this.data.colours, this.theme);
    if (theme === this.theme) return;
    const first = !this.theme;
    this.theme = theme;
    if (first) return;
    this.#list();
    for (const { panel, more } of this.beside.values()) for (const view of [panel.view, ...more]) view.retheme();
  }
}

export default mountIn(CompareRoom);
