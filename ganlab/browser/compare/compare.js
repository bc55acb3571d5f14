// Several runs side by side, mounted by Streamlit: see ganlab/ui/compare/view.py for the data that it is given.

import { addressOf, Channel } from "../base/channel.js";
import { element, remember, remembered } from "../base/dom.js";
import { OverlayView } from "./overlay.js";
import { Painter } from "../base/painter.js";
import { Panel } from "./panel.js";
import { fetchPlotlySoon } from "../base/plotly.js";
import { ScoreTable } from "./score_table.js";
import { addStyles, mountIn, themeOf } from "../base/stage.js";
import { StateWatch } from "../base/state_watch.js";

const MUCH_LARGER = 1.5;
const DASHES = ["solid", "dash", "dot"]; // for runs that share a colour
const LINK = {
  gone: "This run no longer exists.",
  refused: "The server refused the connection.",
  lost: "Reconnecting…",
  open: "",
};

export class Room {
  constructor(root) {
    this.root = root;
    this.painter = new Painter();
    this.beside = new Map(); // id -> { run, panel, channel, frame }
    this.choices = remembered("compare", { smoothing: 0.6, seconds: false, surface: true });
    this.panels = element("div", { class: "panels" });
    this.table = new ScoreTable();
    this.overlays = [];
    this.node = element("div", { class: "lab compare", "data-frames": "0" });
    root.append(this.node);
    this.look = () => this.#want();
    document.addEventListener("visibilitychange", this.look);
  }

  // data: { runs: [{ id, state, name, colour, kind, note, parameters, modes_known }], colours, run_colours,
  // assets, modules }
  accept(data, send) {
    this.data = data;
    this.send = send;
    this.assets = new URL(data.assets, document.baseURI);
    addStyles(this, "board/live.css", ...this.styles);
    fetchPlotlySoon(this.assets);
    if (!this.overlays.length) this.#furnish();
    this.#retheme();
    this.#list();
  }

  close() {
    document.removeEventListener("visibilitychange", this.look);
    for (const one of this.beside.values()) this.#end(one);
    for (const overlay of this.overlays) overlay.close();
    this.painter.close();
    this.node.remove();
  }

  // What a page with more to show of each run says otherwise

  get styles() {
    return ["compare/compare.css"];
  }

  // The charts' places, and the scalar that each shows at first.
  get curves() {
    return [
      ["left", "loss_d"],
      ["right", "captured"],
    ];
  }

  // All that stands in the room, from top to bottom.
  arrange({ panels, controls, overlays, table }) {
    return [panels, controls, overlays, table];
  }

  // The views of a run beside its panel.
  more() {
    return [];
  }

  // A run's node among the panels.
  column({ panel }) {
    return panel.node;
  }

  // A frame has come.
  told() {}

  // Whether panels say why a run holds still.
  get explains() {
    return true;
  }

  // What the charts and panels ask of the room

  runs() {
    return [...this.beside.values()].map(({ run, frame }) => ({ ...run, frame }));
  }

  // The axes' reach: one for all, but for data of quite another size.
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
    this.panels.style.setProperty("--count", Math.max(1, Math.min(4, wanted.length)));
    this.panels.classList.toggle("alone", wanted.length === 1);
    this.planeTool.hidden = !wanted.some(({ kind }) => kind === "plane");
    this.table.list(wanted);
    for (const { run, frame } of this.beside.values()) if (frame) this.table.show(run, frame);
    for (const overlay of this.overlays) overlay.redraw();
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

  #take(run) {
    const one = this.beside.get(run.id) ?? this.#begin(run);
    one.run = run;
    one.panel.call(run);
    one.states.compare(one.frame?.state, run.state);
    return one;
  }

  #begin(run) {
    const one = { run };
    one.panel = new Panel(run.kind, this, (what) => this.send("pressed", { run: run.id, what }));
    one.more = this.more(run);
    one.states = new StateWatch((state) => this.send("moved", { run: run.id, state }));
    one.channel = new Channel(addressOf(run.id), {
      frame: (frame) => this.#show(one, frame),
      link: (link) => one.panel.say(LINK[link]),
    });
    return one;
  }

  #end({ panel, channel, more, states }) {
    channel.close();
    states.close();
    for (const view of [panel, ...more]) view.close();
  }

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
    this.told(one);
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
      // The table of figures has a column of it; where there is no table, only a chart may ask.
      if (run.kind !== "phase" && this.table.node.isConnected) views.add("quality");
      channel.want(document.hidden ? [] : [...views]);
    }
  }

  #furnish() {
    const counted = this.data.runs.some((run) => run.modes_known);
    const first = (scalar) => (scalar === "captured" && !counted ? "loss_g" : scalar);
    this.overlays = this.curves.map(
      ([place, scalar]) => new OverlayView(place, first(scalar), this, () => this.#want()),
    );
    const overlays = element("div", { class: "overlays" }, ...this.overlays.map(({ node }) => node));
    const parts = { panels: this.panels, controls: this.#controls(), overlays, table: this.table.node };
    this.node.append(...this.arrange(parts));
  }

  #controls() {
    const slider = element("input", { type: "range", min: 0, max: 0.98, step: 0.02, value: this.smoothing });
    slider.oninput = () => this.#choose({ smoothing: Number(slider.value) });
    const axis = [
      ["iterations", false],
      ["seconds of training", true],
    ].map(([name, seconds]) => {
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
    this.planeTool = element(
      "button",
      { type: "button", class: "key", "aria-pressed": String(this.surface) },
      element("i"),
      "D's surface",
    );
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

export default mountIn(Room);
