// @ts-check
// A tour of one minute: what the two networks are, what each wants, what good looks like. Each stop lights its nodes.

import { tell } from "../base/address.js";
import { element, write } from "../base/dom.js";
import { isNew, meet } from "../base/newcomer.js";
import { STOPS } from "./tour_stops.js";

export class Tour {
  at = -1; // before it begins, and after it ends

  /**
   * @param {import("./diagram.js").Diagram} diagram
   * @param {{ begun: () => void, ended: () => void, train: () => void }} does
   */
  constructor(diagram, does) {
    this.diagram = diagram;
    this.does = does;
    /** @type {(label: string, act: () => void) => HTMLButtonElement} */
    const button = (label, act) => element("button", { type: "button", class: "key framed", onclick: act }, label);
    this.begin = button("Tour: one minute", () => this.start());
    this.offer = element(
      "div",
      { class: "notice offer", role: "status", hidden: "" },
      element("span", {}, "New here? A tour of one minute shows what a GAN is."),
      button("Take the tour", () => this.start()),
      button("No, thanks", () => this.#decline()),
    );
    this.title = element("h3");
    this.text = element("p", { class: "caption", role: "status" });
    this.place = element("span", { class: "place" });
    this.back = button("Back", () => this.go(this.at - 1));
    this.next = button("Next", () => this.go(this.at + 1));
    this.train = button("Train", () => this.#train());
    this.train.classList.add("begin");
    this.end = button("Skip the tour", () => this.close());
    this.node = element(
      "section",
      { class: "tour", role: "dialog", "aria-label": "A tour of one minute", tabindex: "-1", hidden: "" },
      this.title,
      this.text,
      element("div", { class: "controls" }, this.back, this.next, this.train, this.place, this.end),
    );
    this.node.onkeydown = (event) => this.#key(event);
  }

  /**
   * Whether this run's game is the one that the tour is about.
   *
   * @param {boolean} fits
   */
  accept(fits) {
    this.begin.hidden = !fits;
    this.offer.hidden = !fits || !isNew() || this.at >= 0;
    if (!fits) this.close();
  }

  // Let the address say whether the tour is shown.
  address() {
    tell("tour", this.at < 0 ? null : "1");
  }

  start() {
    if (this.begin.hidden) return;
    meet();
    this.offer.hidden = true;
    this.does.begun();
    this.node.hidden = false;
    this.go(0);
    this.node.focus({ preventScroll: true });
  }

  /** @param {number} at */
  go(at) {
    this.at = Math.max(0, Math.min(STOPS.length - 1, at));
    const { title, text, at: name, half, lit } = STOPS[this.at];
    const last = this.at === STOPS.length - 1;
    write(this.title, title);
    write(this.text, text);
    write(this.place, `${this.at + 1} of ${STOPS.length}`);
    write(this.end, last ? "Close" : "Skip the tour");
    this.node.dataset.stop = String(this.at + 1);
    this.back.disabled = this.at === 0;
    this.next.hidden = last;
    this.train.hidden = !last;
    if (last && document.activeElement !== this.node) this.train.focus({ preventScroll: true });
    this.address();
    this.diagram.show(half);
    this.diagram.light(lit, half);
    this.diagram.bringIntoSight(name);
  }

  close() {
    if (this.at < 0) return;
    this.at = -1;
    this.node.hidden = true;
    this.address();
    this.diagram.light([], "both");
    this.does.ended();
  }

  #decline() {
    meet();
    this.offer.hidden = true;
    this.begin.focus();
  }

  #train() {
    this.close();
    this.does.train();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) this.go(this.at + by);
    else if (event.key === "Escape") {
      this.close();
      this.begin.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
