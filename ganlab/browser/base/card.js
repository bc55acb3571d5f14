// @ts-check
// The frame around one view: its title, what it can tell, its legend with the latest values, and how to hide it.

import { attribute, element, write } from "./dom.js";

/** @import { Frame, LegendItem, ViewRoom, ViewSpec } from "./types.js" */

/**
 * A view is something in a card that draws the newest frame. Subclasses say how.
 *
 * @template {ViewRoom} [In=ViewRoom] the room that the view is in
 */
export class View {
  /** @type {Frame | undefined} the newest that has what this view draws */
  frame;

  /**
   * @param {ViewSpec} spec
   * @param {In} room
   */
  constructor(spec, room) {
    this.spec = spec;
    this.room = room;
    this.id = spec.id;
    this.views = spec.views;
    this.period = spec.period ?? 500;
    /** @type {Set<string>} keys of the legend that a person has hidden */
    this.hiddenKeys = new Set();
    /** @type {HTMLElement[]} where the legend's values stand */
    this.legendValues = [];
    this.legendKeys = "";
    const { title, tip } = spec;
    this.legend = element("div", { class: "legend" });
    this.tools = element("div", { class: "tools" });
    this.body = element("div", { class: "drawing waiting", role: "img", "aria-label": `${title}: no data yet` });
    this.foot = element("div", { class: "foot" });
    this.tip = element("span", { role: "tooltip" }, tip);
    const visit = room.visitOf?.(spec.views[0]);
    const place = visit
      ? [element("button", { type: "button", class: "place", onclick: visit }, "Its place in the game")]
      : [];
    const info = element(
      "span",
      { class: "info" },
      element("button", { type: "button", class: "quiet", "aria-label": `About ${title}: ${tip}` }, "i"),
      element("span", { class: "tip" }, this.tip, ...place),
    );
    this.heading = element("h3", {}, title);
    this.head = element("header", {}, this.heading, info, this.tools);
    this.node = element(
      "section",
      { class: `card ${spec.id}`, role: "group", "aria-label": title, "data-view": spec.id },
      this.head,
      this.legend,
      this.body,
      this.foot,
    );
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.body);
    this.onScreen = true; // until it is known to be elsewhere
    this.sight = new IntersectionObserver((entries) => this.#seen(entries[entries.length - 1].isIntersecting));
    this.sight.observe(this.body);
  }

  /** @returns {string[]} parts of its views that it draws at present, by their names: "plane.arrows" */
  get parts() {
    return [];
  }

  /** @returns {unknown} a promise, if the drawing goes on after the call */
  draw() {
    throw new Error(`The view ${this.id} does not say how it is drawn.`);
  }

  /**
   * Take a frame; true if it has something to draw.
   *
   * @param {Frame} frame
   */
  take(frame) {
    if (!this.views.every((name) => frame.views[name])) return false;
    this.frame = frame;
    return true;
  }

  // A new run, or the same one from its start: what was learned from the old curves no longer holds.
  reset() {
    this.frame = undefined;
    this.body.classList.add("waiting");
  }

  retheme() {
    if (this.frame) this.room.painter.mark(this);
  }

  resized() {
    if (this.frame) this.room.painter.mark(this);
  }

  shown() {
    this.body.classList.remove("waiting");
  }

  close() {
    this.observer.disconnect();
    this.sight.disconnect();
    this.room.painter.drop(this);
    this.node.remove();
  }

  // What came while it was out of sight is drawn when it is back.
  #seen(onScreen = false) {
    const back = onScreen && !this.onScreen;
    this.onScreen = onScreen;
    if (back && this.frame) this.room.painter.mark(this);
  }

  /**
   * The legend with the latest values.
   *
   * @param {LegendItem[]} items
   */
  writeLegend(items) {
    const keys = items.map(({ key, name, colour }) => key + name + colour).join();
    if (keys !== this.legendKeys) {
      this.legendKeys = keys;
      this.legendValues = items.map(() => element("b", {}, ""));
      this.legend.replaceChildren(...items.map((item, i) => this.#legendItem(item, this.legendValues[i])));
    }
    items.forEach(({ value }, i) => write(this.legendValues[i], value ?? ""));
  }

  /** @param {string} text */
  describe(text) {
    attribute(this.body, "aria-label", `${this.spec.title}. ${text}`);
  }

  /**
   * @param {LegendItem} item
   * @param {HTMLElement} value
   */
  #legendItem({ key, name, colour }, value) {
    const toggle = () => {
      if (!this.hiddenKeys.delete(key)) this.hiddenKeys.add(key);
      button.setAttribute("aria-pressed", String(!this.hiddenKeys.has(key)));
      this.room.painter.mark(this);
    };
    const button = element(
      "button",
      { type: "button", class: "key", "aria-pressed": String(!this.hiddenKeys.has(key)), onclick: toggle },
      element("i", { style: `background:${colour}` }),
      element("span", {}, name),
      value,
    );
    button.title = `Show or hide ${name}`;
    return button;
  }
}
