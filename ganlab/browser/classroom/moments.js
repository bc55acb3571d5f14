// @ts-check
// Pinned moments: a strip in the order in which they are shown, and one of them large.

import { element, write } from "../base/dom.js";
import { count } from "../base/numbers.js";
import { textOf } from "../base/sentences.js";
import { button } from "./ask.js";
import { drawPoints } from "./points.js";

/** @import { Sentence } from "../base/sentences.js" */
/** @import { Act } from "./ask.js" */
/**
 * @typedef {object} Pin
 * @property {number} number
 * @property {number} seat
 * @property {string} name "" where the board shows numbers
 * @property {string} title
 * @property {number} iteration
 * @property {Sentence | string} headline
 * @property {Sentence | string} evidence
 * @property {string} severity
 * @property {string} [points]
 * @property {string} [image]
 */

const SMALL = 96; // pixels
const LARGE = 640;

export class Moments {
  /** @type {Pin[]} */
  pins = [];
  /** @type {number | null} the place of the moment that is shown large */
  at = null;

  /** @param {Act} act */
  constructor(act) {
    this.act = act;
    this.strip = element("div", { class: "pins" });
    this.begin = button("Show in turn", () => this.#turn(0));
    this.shelf = element(
      "section",
      { class: "pinned", "aria-label": "Pinned moments", hidden: "" },
      element("header", {}, element("h2", {}, "Pinned moments"), this.begin),
      this.strip,
    );
    this.picture = element("div", { class: "picture" });
    this.caption = element("h2");
    this.told = element("div", { class: "told" });
    this.count = element("span", { class: "muted" });
    this.back = button("Previous", () => this.#turn((this.at ?? 0) - 1));
    this.next = button("Next", () => this.#turn((this.at ?? 0) + 1));
    const large = button("Full screen", () => this.stage.requestFullscreen());
    const close = button("Close", () => this.#turn(null));
    const onkeydown = (/** @type {KeyboardEvent} */ event) => this.#key(event.key);
    this.stage = element(
      "section",
      { class: "moment", "aria-label": "A pinned moment", hidden: "", tabindex: "-1", onkeydown },
      element("header", {}, this.caption, this.count, this.back, this.next, large, close),
      element("div", { class: "large" }, this.picture, this.told),
    );
  }

  /** @param {Pin[] | undefined} pins only where they are new */
  show(pins) {
    if (!pins) return;
    const shown = this.at === null ? undefined : this.pins[this.at].number;
    this.pins = pins;
    this.shelf.hidden = !pins.length;
    this.strip.replaceChildren(...pins.map((pin, place) => this.#card(pin, place)));
    for (const [place, pin] of pins.entries()) drawPicture(this.strip.children[place], pin);
    const place = pins.findIndex(({ number }) => number === shown);
    this.at = place < 0 ? null : place;
    this.#showLarge();
  }

  /**
   * @param {Pin} pin
   * @param {number} place
   */
  #card(pin, place) {
    const who = nameOf(pin);
    const picture = button("", () => this.#turn(place), "picture");
    picture.setAttribute("aria-label", `Show this moment of ${who}`);
    picture.append(pictureOf(pin, SMALL));
    const earlier = button("◀", () => this.#move(place, -1));
    const later = button("▶", () => this.#move(place, 1));
    const remove = button("✕", () => this.act({ do: "unpin", pin: pin.number }));
    earlier.disabled = place === 0;
    later.disabled = place === this.pins.length - 1;
    earlier.setAttribute("aria-label", `Show this moment of ${who} earlier`);
    later.setAttribute("aria-label", `Show this moment of ${who} later`);
    remove.setAttribute("aria-label", `Remove this moment of ${who}`);
    return element(
      "figure",
      {},
      picture,
      element("figcaption", {}, who, element("br"), `iteration ${count(pin.iteration)}`),
      element("div", {}, earlier, later, remove),
    );
  }

  /**
   * @param {number} place
   * @param {number} by
   */
  #move(place, by) {
    const numbers = this.pins.map(({ number }) => number);
    const [moved] = numbers.splice(place, 1);
    numbers.splice(place + by, 0, moved);
    this.act({ do: "order pins", pins: numbers });
  }

  /** @param {number | null} place */
  #turn(place) {
    if (place !== null && (place < 0 || place >= this.pins.length)) return;
    this.at = place;
    this.#showLarge();
    if (place === null && document.fullscreenElement) document.exitFullscreen();
    if (place !== null) {
      this.stage.scrollIntoView({ block: "nearest" });
      this.stage.focus({ preventScroll: true });
    }
  }

  /** @param {string} key */
  #key(key) {
    if (key === "ArrowLeft") this.#turn((this.at ?? 0) - 1);
    if (key === "ArrowRight") this.#turn((this.at ?? 0) + 1);
  }

  #showLarge() {
    this.stage.hidden = this.at === null;
    if (this.at === null) return;
    const pin = this.pins[this.at];
    write(this.caption, `${nameOf(pin)}: ${pin.title}`);
    write(this.count, `${this.at + 1} of ${this.pins.length}`);
    this.back.disabled = this.at === 0;
    this.next.disabled = this.at === this.pins.length - 1;
    this.told.dataset.severity = pin.severity;
    this.told.replaceChildren(
      element("p", { class: "iteration" }, `Iteration ${pin.iteration}`),
      element("p", { class: "headline" }, textOf(pin.headline)),
      element("p", {}, textOf(pin.evidence)),
    );
    this.picture.replaceChildren(pictureOf(pin, LARGE));
    drawPicture(this.picture, pin);
  }
}

/** @param {Pin} pin */
const nameOf = ({ name, seat }) => name || `Seat ${seat}`;

/**
 * An image, or a canvas for points, which is drawn once it is on the page and has its colour.
 *
 * @param {Pin} pin
 * @param {number} side
 */
function pictureOf({ image }, side) {
  return image ? element("img", { alt: "", src: image }) : element("canvas", { width: side, height: side });
}

/**
 * @param {Element} within
 * @param {Pin} pin
 */
function drawPicture(within, { points }) {
  const canvas = within.querySelector("canvas");
  if (canvas && points) drawPoints(canvas, points);
}
