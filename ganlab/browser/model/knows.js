// @ts-check
// What D knows, and what it tells G: the cards of the Model page, in a panel beneath the diagram.

import { cardsOf } from "../base/cards.js";
import { element, write } from "../base/dom.js";

/** @import { View } from "../base/card.js" */
/** @import { Frame, ViewRoom } from "../base/types.js" */

export class Knows {
  /** @type {View<any>[]} */
  views = [];

  /**
   * @param {() => void} opened called when it is opened
   * @param {() => void} changed called when what it wants has changed
   */
  constructor(opened, changed) {
    this.opened = opened;
    this.changed = changed;
    this.begin = element(
      "button",
      { type: "button", class: "key framed", "aria-expanded": "false", onclick: () => this.#toggle() },
      "What D knows",
    );
    this.cards = element("div", { class: "cards" });
    this.node = element("section", { class: "knows", hidden: "", "aria-label": "What D knows" }, this.cards);
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /**
   * Make the cards that a run has, anew.
   *
   * @param {string[]} names of views
   * @param {ViewRoom} room
   * @param {boolean} gan whether there is a D
   */
  fill(names, room, gan) {
    this.dispose();
    this.views = cardsOf("model", names, room);
    this.cards.replaceChildren(...this.views.map(({ node }) => node));
    this.begin.hidden = !this.views.length;
    write(this.begin, gan ? "What D knows" : "From noise to samples");
    if (!this.views.length) this.close();
  }

  // The views that its cards draw, while it is open.
  wanted() {
    return this.isOpen ? this.views.flatMap(({ views }) => views) : [];
  }

  /** @param {Frame} frame */
  take(frame) {
    if (!this.isOpen) return;
    for (const view of this.views) if (view.take(frame)) view.room.painter.mark(view);
  }

  reset() {
    for (const view of this.views) view.reset();
  }

  retheme() {
    for (const view of this.views) view.retheme();
  }

  open() {
    this.opened();
    this.#show(true);
  }

  close() {
    if (this.isOpen) this.#show(false);
  }

  dispose() {
    for (const view of this.views) view.close();
    this.views = [];
  }

  #toggle() {
    if (this.isOpen) this.close();
    else this.open();
  }

  /** @param {boolean} shown */
  #show(shown) {
    this.node.hidden = !shown;
    this.begin.setAttribute("aria-expanded", String(shown));
    this.changed();
  }
}
