// @ts-check
// Directions that mean something, each a slider; found in weights, features or labels, named and kept; and arithmetic.

import { directions as kept, sentenceOf } from "./questions.js";
import { button, choice, slider } from "../base/controls.js";
import { sheet } from "../base/canvas_view.js";
import { element, write } from "../base/dom.js";
import { canvas } from "./latent_plane.js";
import { figure } from "../base/numbers.js";
import { COARSE } from "../drawing/mosaic.js";
import { asMosaic, paintPlace, paintTile } from "../drawing/picture.js";
import { writeUnder } from "./captions.js";
import { LETTERS } from "./latent_shelf.js";
import { plus, rowsOf, zeros } from "../base/vectors.js";

/** @import { Mosaic } from "../base/types.js" */
/** @import { Samples } from "../drawing/picture.js" */
/** @import { LatentRoom } from "./latent.js" */
/** @import { KeptDirection, Question } from "./questions.js" */

/** @typedef {{ name: string, vector: number[], found: string, about?: string, iteration?: number }} Direction */
/** @typedef {Direction & { control: ReturnType<typeof slider>, node: HTMLElement }} Row a direction with its slider */

/** @type {Record<string, Question>} */
const LABELLED = { labels: { ask: "labels", by: "boundary" }, means: { ask: "labels", by: "means" } };
const COUNT = 10;
const REACH = 5; // of a slider, in units of a latent's standard deviation
const STRIP = 9; // samples along the direction that was moved last

const METHODS = [
  {
    key: "ganspace",
    label: "GANSpace",
    title: "Principal components of G's early features (Härkönen et al. 2020)",
    weight: "of the features' variance",
  },
  {
    key: "sefa",
    label: "SeFa",
    title: "The directions that G's first layer magnifies most (Shen and Zhou 2021)",
    weight: "of the weights' energy",
  },
  {
    key: "labels",
    label: "Labels",
    title: "Across the boundary of each class; a classifier tells the class of each sample (Shen et al. 2020)",
    weight: "area under the ROC curve",
  },
  {
    key: "means",
    label: "Class means",
    title: "From the mean of all others to the mean of each class (Larsen et al. 2016)",
    weight: "area under the ROC curve",
  },
  { key: "kept", label: "Kept", title: "The directions that you named and kept" },
  { key: "arithmetic", label: "A − B + C", title: "Latent arithmetic (Radford et al. 2016)" },
];

export class DirectionsPanel {
  /** @type {Row[]} */
  found = [];
  /** @type {Row | undefined} the one that was moved last */
  moved;
  /** @type {number[] | undefined} of the arithmetic: the places of A, B and C on the shelf */
  terms;
  /** @type {Samples | undefined} */
  sample;
  /** @type {Mosaic | undefined} */
  tile;
  /** @type {Mosaic | undefined} the samples along the direction */
  row;
  closed = false;

  /** @param {LatentRoom} room */
  constructor(room) {
    this.room = room;
    this.exact = room.latest();
    this.along = room.latest();
    this.method = choice("Directions from", METHODS, "ganspace", () => this.#find());
    this.truncation = slider(
      "Truncation",
      { min: 0, max: 1, step: 0.05, value: 1, title: "Below 1, latents (or styles) move towards their mean" },
      () => this.#askAgain(),
    );
    this.list = element("div", { class: "list" });
    this.picture = canvas("picture", "The moved sample");
    this.strip = canvas("strip", "Samples along the direction");
    this.told = element("span", { class: "told" }, "");
    this.nodes = [
      element("div", { class: "controls" }, this.method.node, this.truncation.node),
      element("div", { class: "pair lopsided" }, this.list, this.picture),
      this.strip,
      element(
        "div",
        { class: "foot hint" },
        this.told,
        button("Set all to 0", () => this.#zero()),
        button("Pick this one", () => room.shelf.add(this.latent)),
      ),
    ];
    this.#askAgain(); // first: directions take longer than a picture
    this.#find();
  }

  picked() {
    if (this.method.value === "arithmetic") this.#find();
    this.#askAgain();
  }

  refresh() {
    this.#askAgain();
  }

  close() {
    this.closed = true;
    this.exact.close();
    this.along.close();
  }

  paint() {
    this.#paintExact();
    this.#paintStrip();
  }

  // The selected latent, moved along every slider's direction.
  get latent() {
    const start = this.method.value === "arithmetic" ? this.#sum() : this.room.shelf.latent;
    return this.found.reduce((z, { vector, control }) => plus(z, vector, control.value), start);
  }

  async #find() {
    const method = this.method.value;
    this.list.replaceChildren();
    write(
      this.told,
      LABELLED[method]
        ? "A classifier is reading the samples. The first time, it must be trained for some seconds."
        : "Looking for directions …",
    );
    this.room.say("");
    try {
      const found = await this.#directions(method);
      if (this.closed || method !== this.method.value) return;
      this.found = found.map((direction) => this.#row(direction));
      this.moved = this.found[0];
      this.list.replaceChildren(
        ...(method === "arithmetic" ? [this.#choices()] : []),
        ...this.found.map(({ node }) => node),
      );
      if (method === "kept" && !found.length)
        this.list.replaceChildren(
          element("p", { class: "hint" }, "None yet. Move a slider in another tab, name its direction and press Keep."),
        );
      write(this.told, "");
      this.#askAgain();
    } catch (error) {
      this.found = [];
      this.moved = undefined;
      this.list.replaceChildren();
      write(this.told, "");
      this.room.say(sentenceOf(error));
    }
  }

  /**
   * @param {string} method
   * @returns {Promise<Direction[]>}
   */
  async #directions(method) {
    if (method === "arithmetic") return [];
    if (method === "kept") return kept(this.room.data.run_id);
    const count = Math.min(COUNT, this.room.data.latent_dim);
    const answer = await this.room.ask(LABELLED[method] ?? { ask: method, count });
    const { label = "", weight = "" } = METHODS.find(({ key }) => key === method) ?? {};
    /** @param {number} value */
    const share = (value) => (LABELLED[method] ? `${figure(value)} ${weight}` : `${figure(100 * value)} % ${weight}`);
    return rowsOf(answer.vectors).map((vector, i) => ({
      name: answer.names[i],
      vector,
      found: label,
      about: share(answer.weights[i]),
    }));
  }

  /**
   * @param {Direction} direction
   * @returns {Row}
   */
  #row(direction) {
    const control = slider(
      direction.name,
      { min: -REACH, max: REACH, step: 0.05, value: 0, title: direction.about },
      () => {
        this.moved = row;
        this.#askAgain();
      },
    );
    const [before, after] = this.method.value === "kept" ? this.#forgetter(direction) : this.#keeper(direction);
    const node = element("div", { class: "direction", title: direction.about }, before, control.node, after);
    const row = { ...direction, control, node };
    return row;
  }

  /**
   * @param {Direction} direction
   * @returns {[HTMLElement, HTMLElement]}
   */
  #keeper(direction) {
    const name = element("input", {
      type: "text",
      maxlength: 40,
      value: direction.name,
      "aria-label": `Name of ${direction.name}`,
    });
    const save = button(
      "Keep",
      async () => {
        const { vector, found } = direction;
        try {
          await kept(this.room.data.run_id, {
            kept: { name: name.value.trim() || direction.name, vector, found, iteration: this.room.iteration ?? 0 },
          });
          write(save, "Kept");
        } catch (error) {
          this.room.say(sentenceOf(error));
        }
      },
      "Save this direction with the run, under this name",
    );
    name.oninput = () => write(save, "Keep");
    return [name, save];
  }

  /**
   * @param {Direction} direction
   * @returns {[HTMLElement, HTMLElement]}
   */
  #forgetter({ name, found, iteration }) {
    const remove = async () => {
      await kept(this.room.data.run_id, { forgotten: name });
      this.#find();
    };
    const about = [found, `iteration ${iteration}`].filter(Boolean).join(", ");
    return [
      element("span", { class: "name" }, name, element("small", {}, about)),
      button("Remove", remove, `Forget ${name}`),
    ];
  }

  #choices() {
    const { latents } = this.room.shelf;
    const terms = (this.terms ?? [0, 1, 2]).map((i) => Math.min(i, latents.length - 1));
    this.terms = terms;
    const boxes = terms.map((chosen, term) => {
      const options = latents.map((_, i) =>
        element("option", { value: i, ...(i === chosen ? { selected: "" } : {}) }, LETTERS[i]),
      );
      const box = element("select", { "aria-label": ["The first", "minus", "plus"][term] }, ...options);
      box.onchange = () => {
        terms[term] = Number(box.value);
        this.#askAgain();
      };
      return box;
    });
    return element("p", { class: "arithmetic" }, boxes[0], "−", boxes[1], "+", boxes[2]);
  }

  #sum() {
    const { latents } = this.room.shelf;
    const [a, b, c] = (this.terms ?? [0, 1, 2]).map((i) => latents[Math.min(i, latents.length - 1)]);
    return plus(plus(a, b, -1), c);
  }

  #zero() {
    for (const { control } of this.found) control.set(0);
    this.#askAgain();
  }

  #askAgain() {
    const truncation = this.truncation.value;
    this.exact.want({ ask: "samples", latents: [this.latent], truncation }, async (answer) => {
      this.sample = answer;
      this.tile = await asMosaic(answer, this.room.extent);
      this.#paintExact();
    });
    const { moved, terms } = this;
    const step = moved?.vector ?? zeros(this.room.data.latent_dim);
    const base = moved ? plus(this.latent, step, -moved.control.value) : this.latent;
    const latents = moved
      ? Array.from({ length: STRIP }, (_, i) => plus(base, step, REACH * ((2 * i) / (STRIP - 1) - 1)))
      : terms
        ? [...terms.map((i) => this.room.shelf.latents[i]), this.latent]
        : [this.latent];
    this.along.want({ ask: "samples", latents, truncation }, async (answer) => {
      this.row = await asMosaic(answer, this.room.extent);
      this.#paintStrip();
    });
  }

  #paintExact() {
    if (!this.tile) return;
    if (this.sample?.points) paintPlace(this.picture, { points: this.sample.points, at: 0 }, this.room);
    else paintTile(this.picture, this.tile);
    this.room.drew();
  }

  #paintStrip() {
    const { row } = this;
    const drawing = row && sheet(this.strip);
    if (!drawing) return;
    const { context, width, height } = drawing;
    const { theme } = this.room;
    const side = Math.min(height - 16, width / row.columns - 6);
    const across = width / row.columns;
    context.imageSmoothingEnabled = row.height >= COARSE;
    context.font = `12px ${theme.font}`;
    context.textAlign = "center";
    context.fillStyle = theme.muted;
    for (let i = 0; i < row.columns; i++) {
      const left = i * across + (across - side) / 2;
      context.drawImage(row.image, i * row.width, 0, row.width, row.height, left, 0, side, side);
    }
    const captions = Array.from({ length: row.columns }, (_, i) => this.#caption(i));
    writeUnder(context, captions, across, height - 3);
  }

  /** @param {number} i */
  #caption(i) {
    const { terms } = this;
    if (this.moved)
      return `${i === (STRIP - 1) / 2 ? `${this.moved.name}: ` : ""}${figure(REACH * ((2 * i) / (STRIP - 1) - 1))}`;
    return terms ? (["", "− ", "+ "].map((sign, k) => sign + LETTERS[terms[k]])[i] ?? "=") : "";
  }
}
