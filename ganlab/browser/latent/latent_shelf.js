// @ts-check
// The latents that were picked: small pictures in a row, with letters; every panel works on them.

import { attribute, element } from "../base/dom.js";
import { asMosaic, paintTile } from "../drawing/picture.js";
import { rowsOf } from "../base/vectors.js";
import { picks, sentenceOf } from "./questions.js";

/** @import { Samples } from "../drawing/picture.js" */
/** @import { LatentRoom } from "./latent.js" */

const MOST = 12;
export const LETTERS = "ABCDEFGHIJKL";

export class LatentShelf {
  /** @type {number[][]} */
  latents = [];
  selected = 0;
  /** @type {HTMLElement[]} the pictures, a button each */
  buttons = [];

  /**
   * @param {LatentRoom} room
   * @param {() => void} changed called when a latent came, went, or was selected
   */
  constructor(room, changed) {
    this.room = room;
    this.changed = changed;
    this.row = element("div", { class: "shelf" });
    this.node = element(
      "section",
      { class: "card", "aria-label": "Picked latents" },
      element("header", {}, element("h3", {}, "Picked latents")),
      this.row,
    );
    this.latest = room.latest();
  }

  get latent() {
    return this.latents[this.selected];
  }

  // Those that were picked before; else three latents to begin with, so that there is a way to walk.
  async begin() {
    const kept = await picks(this.room.data.run_id);
    if (kept.length) {
      this.latents = kept;
      await this.#show(await this.room.ask({ ask: "samples", latents: kept }));
      return;
    }
    const found = await this.room.ask({ ask: "on_map", x: 0, y: 0, columns: 3, rows: 1 });
    this.latents = rowsOf(found.latents);
    await this.#show(found);
  }

  /** @param {number[]} latent */
  add(latent) {
    if (this.latents.length === MOST) this.latents.shift();
    this.latents.push(latent);
    this.selected = this.latents.length - 1;
    this.#keep();
    this.#ask();
    this.changed();
  }

  refresh() {
    this.#ask();
  }

  // With the run, so that they are there when the page is opened again.
  #keep() {
    picks(this.room.data.run_id, this.latents).catch((error) => this.room.say(sentenceOf(error)));
  }

  #ask() {
    this.latest.want({ ask: "samples", latents: this.latents }, (answer) => this.#show(answer));
  }

  /** @param {Samples} answer */
  async #show(answer) {
    const mosaic = await asMosaic(answer, this.room.real?.extent ?? 1);
    if (mosaic.columns !== this.latents.length) return; // one came or went meanwhile; its own answer is on its way
    const canvases = this.latents.map(() => element("canvas"));
    this.buttons = canvases.map((canvas, i) => this.#button(canvas, i));
    this.row.replaceChildren(...this.buttons.map((button, i) => this.#item(button, i)));
    canvases.forEach((canvas, i) => paintTile(canvas, mosaic, i));
  }

  /** @param {number} i */
  select(i) {
    this.selected = i;
    this.buttons.forEach((button, k) => attribute(button, "aria-pressed", String(k === i)));
    this.changed();
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} i
   */
  #button(canvas, i) {
    return element(
      "button",
      {
        type: "button",
        class: "thumb",
        title: `Select ${LETTERS[i]}`,
        "aria-pressed": i === this.selected,
        onclick: () => this.select(i),
      },
      canvas,
      element("b", {}, LETTERS[i]),
    );
  }

  /**
   * @param {HTMLElement} picture
   * @param {number} i
   */
  #item(picture, i) {
    const drop = () => {
      this.latents.splice(i, 1);
      this.selected = Math.min(this.selected, this.latents.length - 1);
      this.#keep();
      this.#ask();
      this.changed();
    };
    const away = element(
      "button",
      { type: "button", class: "quiet", "aria-label": `Remove ${LETTERS[i]}`, onclick: drop },
      "×",
    );
    return element("span", { class: "pick" }, picture, ...(this.latents.length > 1 ? [away] : []));
  }
}
