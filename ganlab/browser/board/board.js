// @ts-check
// Which views a run has, which of them are shown, and the newest frame to each.

import { cardsOf } from "../base/cards.js";
import { element, remember, remembered } from "../base/dom.js";
import { Slots } from "./slots.js";

/** @import { View } from "../base/card.js" */
/** @import { Frame, TrainRoom } from "../base/types.js" */

/**
 * Charts that share a place stand together, where the first of them stands.
 *
 * @param {View<any>[]} views
 */
function together(views) {
  /** @param {View<any>} view */
  const place = (view) =>
    views.findIndex((other) => other === view || (view.spec.slot && other.spec.slot === view.spec.slot));
  return [...views].sort((one, other) => place(one) - place(other));
}

export class Board {
  /** @type {View<any> | undefined} */
  enlarged;
  /** @type {Map<View<any>, HTMLButtonElement>} */
  enlargeTools = new Map();

  /**
   * @param {TrainRoom} room
   * @param {HTMLElement} extras where charts that were put away are offered
   * @param {() => void} changed called when what is shown, and so what is wanted, has changed
   */
  constructor(room, extras, changed) {
    this.room = room;
    this.extras = extras;
    this.changed = changed;
    /** @type {View<any>[]} */
    this.views = together(cardsOf("train", room.data.cards, room));
    /** @type {Record<string, boolean>} by slot or view */
    this.hidden = remembered("hidden", {});
    this.slots = new Slots(this.views, () => this.#swap());
    this.node = element("div", { class: `board ${room.data.kind}` }, ...this.views.map(({ node }) => node));
    for (const view of this.views) this.#addTools(view);
    this.node.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.enlarged) return;
      event.stopPropagation(); // it ends this, not the presentation view
      this.#enlarge(undefined);
    };
    this.#arrange();
  }

  // The names of the views, and of their parts, that a person can see now.
  wanted() {
    const { cards } = this.room.data;
    const seen = this.views.filter((view) => this.#seen(view));
    // Some are drawn over what only another view brings.
    const beneath = seen.flatMap(({ spec }) => spec.over ?? []).filter((name) => cards.includes(name));
    return [...new Set([...seen.flatMap(({ views, parts }) => [...views, ...parts]), ...beneath])];
  }

  /** @param {Frame} frame */
  take(frame) {
    for (const view of this.views) if (this.#seen(view) && view.take(frame)) this.room.painter.mark(view);
  }

  reset() {
    for (const view of this.views) view.reset();
  }

  retheme() {
    for (const view of this.views) view.retheme();
  }

  close() {
    for (const view of this.views) view.close();
    this.node.remove();
  }

  /** @param {View<any>} view */
  #seen(view) {
    return this.enlarged ? view === this.enlarged : this.#placed(view);
  }

  /**
   * Charts that share a place are put away together.
   *
   * @param {View<any>} view
   */
  #placed(view) {
    return this.slots.shows(view) && !this.hidden[view.spec.slot ?? view.id];
  }

  // Another chart in a shared place; if that place was enlarged, it stays so.
  #swap() {
    if (this.enlarged?.spec.slot) this.enlarged = this.views.find((view) => view.spec.slot && this.slots.shows(view));
    this.#arrange();
  }

  /** @param {View<any>} view */
  #addTools(view) {
    /** @type {(name: string, sign: string, action: () => void) => HTMLButtonElement} */
    const tool = (name, sign, action) =>
      element("button", { type: "button", class: "quiet", "aria-label": name, title: name, onclick: action }, sign);
    const enlarge = tool(`Enlarge ${view.spec.title}`, "⤢", () =>
      this.#enlarge(this.enlarged === view ? undefined : view),
    );
    this.enlargeTools.set(view, enlarge);
    view.tools.append(enlarge);
    if (view.id !== "big") view.tools.append(tool(`Hide ${view.spec.title}`, "×", () => this.#hide(view, true)));
  }

  /**
   * @param {View<any>} view
   * @param {boolean} hide
   */
  #hide(view, hide) {
    this.hidden[view.spec.slot ?? view.id] = hide;
    remember("hidden", this.hidden);
    if (hide && this.enlarged === view) this.enlarged = undefined;
    this.#arrange();
  }

  /** @param {View<any> | undefined} view */
  #enlarge(view) {
    this.enlarged = view;
    this.#arrange();
  }

  #arrange() {
    const small = this.views.filter((view) => view.id !== "big" && this.#placed(view));
    // A strip of images is wide; and in two columns, so is the last of an odd number of charts.
    const strips = this.room.data.kind === "images" ? small : [];
    const strip = strips.find(({ spec }) => spec.slot === "interpolation");
    const odd = (small.length + (strip ? 1 : 0)) % 2 === 1;
    const wide = [strip, odd ? small.findLast((view) => view !== strip) : undefined].filter(
      (view) => view !== undefined,
    );
    const rows = Array.from({ length: Math.max(1, (small.length + wide.length) / 2) }, () => "minmax(0, 1fr)");
    if (strip && !strip.spec.tall && rows.length > 1) rows[rows.length - 1] = "minmax(0, 0.5fr)"; // and not high
    // The codes are a grid of as many rows as there are categories.
    if (strip && small.some(({ id }) => id === "codes")) rows[rows.length - 2] = "minmax(0, 1.8fr)";
    this.node.style.setProperty("--rows", rows.join(" "));
    for (const view of this.views) {
      view.node.hidden = !this.#seen(view);
      view.node.classList.toggle("wide", wide.includes(view));
      this.#fill(view, view === this.enlarged);
      this.enlargeTools.get(view)?.setAttribute("aria-pressed", String(view === this.enlarged));
    }
    this.node.classList.toggle("alone", this.enlarged !== undefined || small.length === 0);
    this.#offerHidden();
    this.changed();
  }

  /**
   * Let a view fill the window, or go back to its place.
   *
   * @param {View<any>} view
   * @param {boolean} whole
   */
  #fill({ node }, whole) {
    if (node.classList.toggle("enlarged", whole) === (node.popover === "manual")) return;
    node.popover = whole ? "manual" : null; // the browser's top layer: nothing of the page covers it
    if (whole) node.showPopover();
  }

  // The charts put away stay one click from coming back.
  #offerHidden() {
    const away = this.views.filter((view) => this.slots.shows(view) && !this.#placed(view));
    const offers = away.map((view) =>
      element(
        "button",
        { type: "button", class: "key", onclick: () => this.#hide(view, false) },
        `+ ${view.spec.title}`,
      ),
    );
    this.extras.replaceChildren(...offers);
  }
}
