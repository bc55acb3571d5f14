// @ts-check
// A sweep's members side by side, mounted by Streamlit: see ganlab/ui/sweep/view.py for the data that it is given.

import { textOf } from "../base/sentences.js";
import { addressOf, Channel } from "../base/channel.js";
import { attribute, element, remember, remembered, write } from "../base/dom.js";
import { decodeMosaic } from "../drawing/mosaic.js";
import { count, figure, span } from "../base/numbers.js";
import { addStyles, mountIn, themeOf } from "../base/stage.js";
import { StateWatch } from "../base/state_watch.js";
import { mix, rgb } from "../base/theme.js";
import { linkWords, MEASURES, STATES, title } from "../base/words.js";
import { inWords, nearestToTheData } from "./nearest.js";
import { drawMember } from "./wall_member.js";
import { asCsv, download } from "./wall_table.js";

/** @import { Frame, Link, Numbers, Palettes, Send, StateName, Theme } from "../base/types.js" */
/** @import { WallOfImages, WallPicture } from "./wall_member.js" */

/** @typedef {{ field: string, label: string, names: string[], values: (string | number)[] }} Axis */

/**
 * What the page gives to a wall (ganlab/ui/sweep/view.py). A wall that is only planned has no sweep; the rows are null
 * where only one field differs.
 *
 * @typedef {object} WallData
 * @property {string | null} sweep
 * @property {StateName | null} state
 * @property {string[]} members their titles
 * @property {Axis} columns
 * @property {Axis | null} rows
 * @property {number} modes
 * @property {number} reserved_height
 * @property {Palettes} colours
 * @property {string} assets
 */

/** @typedef {WallPicture & { measures: Record<string, Numbers>, noise: number }} Wall */
/** @typedef {Frame & { broken: Record<number, string>, views: { wall?: Wall } }} WallFrame */
/** @typedef {{ node: HTMLButtonElement, canvas: HTMLCanvasElement, value: HTMLElement }} Cell */

/** @type {(keyof typeof MEASURES)[]} */
const MEASURED = [
  "difference",
  "modes",
  "high_quality",
  "reverse_kl",
  "loss_d",
  "loss_g",
  "score_real",
  "score_fake",
  "grad_norm_d",
  "grad_norm_g",
];
const OF_MODES = new Set(["modes", "high_quality", "reverse_kl"]); // they need known modes
const BEST_IS_LEAST = new Set(["difference", "reverse_kl"]);
const LINK = linkWords("This wall no longer exists: train it again.");
// Shares of the colour in the least and the most, or the worst and the best value: text must be legible on both.
const [FAINTEST, STRONGEST] = [0.06, 0.65];

class WallRoom {
  /** @type {WallData} */
  data;
  /** @type {Send} */
  send;
  /** @type {URL} */
  assets;
  /** @type {Theme} */
  theme;
  /** @type {Channel | undefined} */
  channel;
  /** @type {WallFrame | undefined} the newest */
  frame;
  /** @type {Cell[]} */
  cells = [];
  /** @type {HTMLElement[]} the heat map's */
  tiles = [];
  /** @type {keyof typeof MEASURES} the one that colours the members */
  measure = "difference";
  member = 0; // the one whose numbers are read out
  across = 1;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.choices = remembered("wall", { measure: "difference" });
    this.states = new StateWatch((state) => this.send("state", state));
    this.stateName = element("span", {}, "");
    this.state = element("b", { class: "state" }, element("i"), this.stateName);
    this.iteration = element("b", {}, "–");
    this.rate = element("b", {}, "–");
    this.link = element("span", { class: "link", role: "status" });
    this.select = element("select", { "aria-label": "Measure", onchange: () => this.#measure(this.select.value) });
    this.note = element("p", { class: "note", role: "status", hidden: "" });
    this.readout = element("p", { class: "pointed" });
    this.grid = element("div", { class: "members" });
    this.heat = element("div", { class: "heat" });
    this.ends = { low: element("span"), high: element("span") };
    this.scale = element("div", { class: "heat-scale" }, this.ends.low, element("i"), this.ends.high);
    this.table = element(
      "button",
      {
        class: "table",
        disabled: "",
        title: "The current settings and measures of every member",
        onclick: () => this.#save(),
      },
      "Download the table (CSV)",
    );
    this.title = element("h3");
    this.best = element("p", { class: "best", role: "status" });
    const aside = element("aside", {}, this.best, this.title, this.heat, this.scale, this.table);
    const status = element(
      "div",
      { class: "status" },
      this.state,
      element("span", { class: "fact" }, element("span", {}, "iteration"), " ", this.iteration),
      element("span", { class: "fact" }, element("span", {}, "iterations/s of all members"), " ", this.rate),
      element("label", { class: "fact" }, element("span", {}, "measure"), this.select),
      this.link,
    );
    this.node = element(
      "div",
      { class: "lab wall", "data-frames": "0" },
      status,
      this.note,
      element("div", { class: "hall" }, this.grid, aside),
      this.readout,
    );
    root.append(this.node);
    this.onVisibility = () => this.#want();
    document.addEventListener("visibilitychange", this.onVisibility);
    this.observer = new ResizeObserver(() => this.#paint());
    this.observer.observe(this.grid);
  }

  /**
   * @param {WallData} data
   * @param {Send} send
   */
  accept(data, send) {
    const before = this.data;
    this.data = data;
    this.send = send;
    this.node.style.setProperty("--reserved", `${data.reserved_height}px`);
    this.assets = new URL(data.assets, document.baseURI);
    addStyles(this, "board/live.css", "wall/wall.css");
    this.theme = themeOf(this.node, data.colours, this.theme);
    if (!data.sweep || before?.sweep !== data.sweep) this.#open();
    else this.#paint();
    this.states.compare(this.frame?.state, this.data.state);
  }

  close() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    this.states.close();
    this.observer.disconnect();
    this.channel?.close();
    this.node.remove();
  }

  #open() {
    this.channel?.close();
    this.frame = this.states.told = undefined;
    const { members, columns, rows, modes } = this.data;
    const measures = MEASURED.filter((name) => modes || !OF_MODES.has(name));
    this.select.replaceChildren(...measures.map((name) => element("option", { value: name }, title(MEASURES[name]))));
    this.measure = measures.find((name) => name === this.choices.measure) ?? measures[0];
    this.select.value = this.measure;
    this.table.disabled = true;
    this.across = rows ? columns.names.length : Math.ceil(Math.sqrt(members.length));
    this.cells = members.map((name, member) => this.#cell(name, member));
    this.tiles = members.map((_, member) => element("i", { onmouseenter: () => this.#read(member) }));
    this.#arrange();
    this.node.classList.toggle("planned", !this.data.sweep);
    if (!this.data.sweep) return;
    this.channel = new Channel(addressOf(this.data.sweep), {
      frame: (frame) => this.#take(/** @type {WallFrame} */ (frame)),
      link: (link) => this.#link(link),
    });
    this.#want();
  }

  /** @param {Link} link */
  #link(link) {
    write(this.link, LINK[link]);
    if (link === "gone") this.states.say("gone");
  }

  /**
   * @param {string} name
   * @param {number} member
   * @returns {Cell}
   */
  #cell(name, member) {
    const canvas = element("canvas");
    const value = element("b", {}, "–");
    const caption = this.data.rows ? "" : this.data.columns.names[member];
    const node = element(
      "button",
      {
        class: "member",
        "data-member": member,
        "aria-label": `Open ${name}`,
        title: this.data.sweep ? `${name}: click to open it as a run` : name,
        ...(this.data.sweep ? {} : { disabled: "" }),
        onclick: () => this.send("opened", { sweep: this.data.sweep, member, at: Date.now() }),
        onmouseenter: () => this.#read(member),
        onfocus: () => this.#read(member),
      },
      canvas,
      element("span", { class: "strip" }, element("span", {}, caption), value),
    );
    return { node, canvas, value };
  }

  // Labels of rows and columns around the members; where only one field differs, each member bears its own.
  #arrange() {
    const { columns, rows } = this.data;
    this.grid.style.setProperty("--across", String(this.across));
    this.heat.style.setProperty("--across", String(this.across));
    this.node.style.setProperty("--down", String(Math.ceil(this.cells.length / this.across)));
    this.grid.classList.toggle("labelled", Boolean(rows));
    this.heat.replaceChildren(...this.tiles);
    if (!rows) {
      this.grid.replaceChildren(element("h3", { class: "axis" }, columns.label), ...this.cells.map(({ node }) => node));
      return;
    }
    const head = columns.names.map((name) => element("span", { class: "column" }, name));
    const body = rows.names.flatMap((name, row) => [
      element("span", { class: "row" }, name),
      ...this.cells.slice(row * this.across, (row + 1) * this.across).map(({ node }) => node),
    ]);
    const titles = element("h3", { class: "axis" }, `${rows.label} ↓   ${columns.label} →`);
    this.grid.replaceChildren(titles, element("span"), ...head, ...body);
  }

  #want() {
    this.channel?.want(document.hidden ? [] : ["wall"]);
  }

  /** @param {WallFrame} frame */
  async #take(frame) {
    this.frame = frame;
    attribute(this.state, "data-state", frame.state);
    write(this.stateName, STATES[frame.state]);
    write(this.iteration, count(frame.iteration));
    write(this.rate, frame.rate > 0 ? count(frame.rate) : "–");
    write(this.note, textOf(frame.message));
    this.note.hidden = !frame.message;
    this.theme = themeOf(this.node, this.data.colours, this.theme);
    this.states.compare(this.frame?.state, this.data.state);
    const wall = frame.views.wall;
    if (wall?.kind === "images") await this.#unpack(wall);
    if (frame !== this.frame) return; // a newer one came while pictures were unpacked
    this.#paint();
    this.node.dataset.frames = String(Number(this.node.dataset.frames) + 1);
    this.node.dataset.iteration = String(frame.iteration);
  }

  /** @param {WallOfImages} wall */
  async #unpack(wall) {
    const [members, images, height, width, channels] = wall.pixels.shape;
    const size = images * height * width * channels;
    const columns = Math.ceil(Math.sqrt(images));
    const rows = Math.floor(images / columns);
    wall.mosaics = await Promise.all(
      Array.from({ length: members }, (_, member) =>
        decodeMosaic({
          rows,
          columns,
          height,
          width,
          channels,
          pixels: wall.pixels.subarray(member * size, (member + 1) * size),
        }),
      ),
    );
  }

  /** @param {string} name */
  #measure(name) {
    this.measure = /** @type {keyof typeof MEASURES} */ (name);
    remember("wall", (this.choices = { measure: name }));
    this.#paint();
  }

  #paint() {
    const { frame } = this;
    const wall = frame?.views.wall;
    if (!wall) return;
    this.table.disabled = false;
    const values = wall.measures[this.measure];
    const [low, high] = this.#range(values);
    const colour = rgb(this.theme.discriminator);
    const ground = rgb(this.theme.background);
    /** @param {number} value */
    const aboveNoise = (value) => Math.log(Math.max(value, wall.noise)); // twice as far is one shade lighter anywhere
    /** @param {number} value */
    const shade = (value) => {
      const [from, to, at] = [low, high, value].map(this.measure === "difference" ? aboveNoise : Number);
      const above = to > from ? (at - from) / (to - from) : 1;
      const share = BEST_IS_LEAST.has(this.measure) ? 1 - above : above;
      return Number.isFinite(value)
        ? `rgb(${mix(ground, colour, FAINTEST + (STRONGEST - FAINTEST) * Math.min(1, Math.max(0, share)))})`
        : "";
    };
    const nearest = nearestToTheData(wall.measures.difference, wall.noise, frame.broken);
    write(this.best, inWords(nearest, wall.measures.difference, this.data.members));
    this.cells.forEach(({ node, canvas, value }, member) => {
      node.classList.toggle("nearest", nearest.includes(member));
      const broken = frame.broken[member];
      node.classList.toggle("broken", Boolean(broken));
      write(value, broken ? "stopped" : this.#said(values[member]));
      node.style.setProperty("--heat", broken ? "transparent" : shade(values[member]));
      this.tiles[member].style.background = broken ? "" : shade(values[member]);
      attribute(this.tiles[member], "title", `${this.data.members[member]}: ${broken ?? this.#said(values[member])}`);
      drawMember(canvas, wall, member, Boolean(broken), this.theme);
    });
    write(this.title, title(MEASURES[this.measure]));
    this.scale.style.setProperty("--from", shade(low));
    this.scale.style.setProperty("--to", shade(high));
    write(this.ends.low, this.#end(low));
    write(this.ends.high, this.#end(high));
    this.#read(this.member);
  }

  /** @param {Numbers} values */
  #range(values) {
    if (this.measure === "modes") return [0, this.data.modes];
    if (this.measure === "high_quality") return [0, 1];
    return span(values);
  }

  /**
   * A measure's value in words.
   *
   * @param {number} value
   */
  #said(value, measure = this.measure) {
    if (measure === "modes" && Number.isFinite(value)) return `${value} of ${this.data.modes}`;
    if (measure === "high_quality" && Number.isFinite(value)) return `${(100 * value).toFixed(0)} %`;
    return figure(value);
  }

  /** @param {number} value */
  #end(value) {
    return this.measure === "modes" ? String(value) : this.#said(value);
  }

  #save() {
    if (this.frame) download(asCsv(this.data, this.frame), `ganlab-sweep-${this.frame.iteration}.csv`);
  }

  /**
   * All that is measured of the member under the pointer.
   *
   * @param {number} member
   */
  #read(member) {
    this.member = member;
    const { frame } = this;
    const wall = frame?.views.wall;
    if (!wall) return;
    const measured = MEASURED.filter((name) => wall.measures[name]);
    const numbers = measured.map((name) => `${title(MEASURES[name])} ${this.#said(wall.measures[name][member], name)}`);
    write(this.readout, `${this.data.members[member]}. ${frame.broken[member] ?? numbers.join(" · ")}`);
  }
}

export default mountIn(WallRoom);
