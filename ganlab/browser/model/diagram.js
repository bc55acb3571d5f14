// @ts-check
// The diagram: a node for each part of the game, at its place, with what it is now; the edges beneath.

import { attribute, element, write } from "../base/dom.js";
import { figure as digits } from "../base/numbers.js";
import { Edges } from "./edges.js";
import { layout } from "./layout.js";
import { lastFinite, lossOf, normOf, Thumbnails } from "./thumbnails.js";

/** @import { Frame, Theme } from "../base/types.js" */
/** @import { ModelData } from "./model.js" */

/**
 * @typedef {object} NodeFacts
 * @property {string} name
 * @property {string} title
 * @property {string} about
 * @property {string} player
 * @property {[string, string][]} chips settings, and their values
 * @property {number[]} layers of a network: how many weights each has
 */
/** @typedef {{ node: HTMLButtonElement, canvas: HTMLCanvasElement, value: HTMLElement, facts: NodeFacts }} Shown */

const PERIOD = 150; // ms between two drawings
const WITH_VALUE = ["loss_d", "loss_g", "penalty", "scores"];

export class Diagram {
  period = PERIOD;
  /** @type {Map<string, Shown>} */
  nodes = new Map();
  thumbnails = new Thumbnails();
  /** @type {Frame | undefined} */
  frame;
  /** @type {Theme | undefined} */
  theme;
  /** @type {string[]} */
  edgeNames = [];
  /** @type {"gan" | "vae"} */
  model = "gan";
  made = "";
  flat = false;

  /**
   * @param {(name: string) => void} opened called with the node that was clicked
   * @param {(drawable: any) => void} mark asks for a drawing
   */
  constructor(opened, mark) {
    this.opened = opened;
    this.mark = mark;
    this.edges = new Edges();
    this.node = element(
      "div",
      { class: "diagram", role: "group", "aria-label": "The game as a diagram" },
      this.edges.svg,
    );
    this.observer = new ResizeObserver(() => this.#place());
    this.observer.observe(this.node);
  }

  /**
   * What Python says of the run's game.
   *
   * @param {ModelData} data
   */
  accept({ nodes, edges, model, opened }) {
    const made = JSON.stringify([nodes, edges]);
    if (made !== this.made) {
      this.made = made;
      this.model = model;
      this.edgeNames = edges;
      for (const { node } of this.nodes.values()) node.remove();
      this.nodes.clear();
      for (const facts of nodes) this.nodes.set(facts.name, this.#make(facts));
      this.node.append(...[...this.nodes.values()].map(({ node }) => node));
      this.#place();
    }
    for (const [name, { node }] of this.nodes) attribute(node, "aria-expanded", String(name === opened));
  }

  reset() {
    this.thumbnails.reset();
  }

  close() {
    this.observer.disconnect();
  }

  /**
   * @param {Frame} frame
   * @param {Theme} theme
   */
  take(frame, theme) {
    this.frame = frame;
    this.theme = theme;
    this.mark(this);
  }

  draw() {
    const { frame, theme } = this;
    if (!frame?.views.model || !theme) return;
    for (const [name, { canvas, value, facts }] of this.nodes) {
      this.thumbnails.draw(facts, canvas, frame, theme);
      if (WITH_VALUE.includes(name)) write(value, valueOf(name, frame));
    }
    this.edges.weigh({ d: normOf(frame, "d"), g: normOf(frame, "g") });
  }

  /**
   * Show one player's half of a step, or both.
   *
   * @param {string} half
   */
  show(half) {
    attribute(this.node, "data-half", half);
  }

  /**
   * Leave room beneath, or take it back.
   *
   * @param {boolean} flat
   */
  flatten(flat) {
    if (flat === this.flat) return;
    this.flat = flat;
    this.node.classList.toggle("flat", flat);
    this.#place();
  }

  /**
   * Light up what a step is about; nothing, and all is as usual again.
   *
   * @param {string[]} lit
   * @param {string} half
   */
  light(lit, half) {
    const names = new Set(lit);
    this.node.classList.toggle("dimmed", lit.length > 0);
    for (const [name, { node }] of this.nodes) node.classList.toggle("lit", names.has(name));
    this.edges.light(names, half);
  }

  /**
   * Scroll to a node that a small screen does not show.
   *
   * @param {string} name
   */
  bringIntoSight(name) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.nodes.get(name)?.node.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  }

  /** @param {NodeFacts} facts */
  #make(facts) {
    const canvas = element("canvas", { "aria-hidden": "true" });
    const value = element("b", { class: "value" }, "");
    const chips = facts.chips.map(([label, text]) =>
      element("span", { class: "chip" }, element("span", {}, label), " ", element("b", {}, text)),
    );
    const lock = element("span", { class: "lock", title: "D's weights are locked while G learns" }, "locked");
    const node = element(
      "button",
      {
        type: "button",
        class: `node ${facts.name} ${facts.player}`,
        "data-node": facts.name,
        title: facts.about,
        "aria-expanded": "false",
        onclick: () => this.opened(facts.name),
      },
      element("span", { class: "title" }, facts.title, ...(facts.name === "d" ? [lock] : [])),
      value,
      canvas,
      ...chips,
    );
    return { node, canvas, value, facts };
  }

  #place() {
    const width = this.node.clientWidth;
    if (!width || !this.nodes.size) return;
    const placed = layout([...this.nodes.keys()], this.model, width, this.flat);
    this.node.style.height = `${placed.height}px`;
    for (const [name, { node }] of this.nodes) {
      const { x, y, width: wide, height } = placed.boxes[name];
      Object.assign(node.style, { left: `${x}px`, top: `${y}px`, width: `${wide}px`, height: `${height}px` });
    }
    this.edges.draw(this.edgeNames, placed);
    this.mark(this);
  }
}

/**
 * @param {string} name
 * @param {Frame} frame
 */
function valueOf(name, frame) {
  const { recent } = frame.views.model;
  if (name === "penalty") return digits(lastFinite(recent.penalty));
  if (name === "scores") {
    return `${digits(lastFinite(recent.score_real))} | ${digits(lastFinite(recent.score_fake))}`;
  }
  return digits(lastFinite(recent[lossOf(frame, name === "loss_d" ? "d" : "g")]));
}
