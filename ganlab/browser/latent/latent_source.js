// @ts-check
// Where latents are picked: a map to drag, fresh samples, or the nearest match to a real sample.

import { button, choice } from "../base/controls.js";
import { element, write } from "../base/dom.js";
import { sentenceOf } from "./questions.js";
import { PlaceLegend } from "./place_legend.js";
import { figure } from "../base/numbers.js";
import { asMosaic, paintMosaic } from "../drawing/picture.js";
import { rowsOf } from "../base/vectors.js";
import { enlargementOf, placeIn } from "../base/stage.js";

/** @import { Area, Mosaic, Numbers } from "../base/types.js" */
/** @import { Samples } from "../drawing/picture.js" */
/** @import { LatentRoom } from "./latent.js" */

const [COLUMNS, ROWS] = [6, 8];
const STEP = 0.34; // of the map's unit, from one picture to the next: neighbours resemble each other
const APART = 1000; // between places of fresh samples: none is shown twice
const ROUNDS = 12; // of descent towards a real sample
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const CLICK = 4; // pixels that a press may move and still be a click

export class LatentSource {
  /** @type {[number, number]} the map's lower left corner */
  corner = [0, 0];
  drawn = 0; // times that fresh samples were asked for
  /** @type {{ x: number, y: number, corner: [number, number], far: boolean } | undefined} */
  press;
  /** @type {object | undefined} the search for a real sample that is under way */
  search;
  /** @type {Mosaic | undefined} */
  mosaic;
  /** @type {number[][] | null} of what is shown; null for real samples */
  latents = null;
  /** @type {Area | null} where the mosaic lies on the canvas */
  area = null;

  /** @param {LatentRoom} room */
  constructor(room) {
    this.room = room;
    this.latest = room.latest();
    this.canvas = element("canvas", {
      class: "map",
      tabindex: "0",
      role: "img",
      "aria-label": "Latents to pick from",
    });
    this.told = element("div", { class: "foot hint", role: "status" }, "");
    this.kind = choice(
      "Pick from",
      [
        {
          key: "map",
          label: "Map",
          title: "An endless map of latents: drag it to move, click a picture to pick its " + "latent",
        },
        { key: "samples", label: "Samples", title: "New random samples: click one to pick its latent" },
        {
          key: "real",
          label: "Real",
          title: "Click a real sample: GanLab searches for the latent whose sample is nearest to it",
        },
      ],
      "map",
      () => this.open(),
    );
    this.more = button("More", () => this.#fresh(), "Other samples");
    const head = element("header", {}, element("h3", {}, "Pick from"), this.kind.node, this.more);
    this.legend = new PlaceLegend();
    this.node = element(
      "section",
      { class: "card source", "aria-label": "Pick a latent" },
      head,
      this.canvas,
      this.told,
      this.legend.node,
    );
    this.#listen();
    this.observer = new ResizeObserver(() => this.#paint());
    this.observer.observe(this.canvas);
  }

  open() {
    const kind = this.kind.value;
    const said =
      kind === "map"
        ? "Drag to move, click a picture to pick its latent."
        : kind === "samples"
          ? "Click a sample to pick its latent."
          : "Click a real sample to search for the nearest latent.";
    this.more.hidden = kind !== "samples";
    write(this.told, said);
    this.canvas.setAttribute("aria-label", said);
    if (kind === "map") this.#askForMap();
    else if (kind === "samples") this.#fresh();
    else this.#showReal();
  }

  // The same places, as the generator shows them now.
  refresh() {
    if (this.kind.value === "map") this.#askForMap();
    else if (this.kind.value === "samples") this.#draw();
  }

  close() {
    this.latest.close();
    this.observer.disconnect();
    this.search = undefined;
  }

  #askForMap() {
    const [x, y] = this.corner;
    const question = { ask: "on_map", x, y, step: STEP, columns: COLUMNS, rows: ROWS };
    this.latest.want(question, (answer) => this.#show("map", answer, ROWS));
  }

  #fresh() {
    this.drawn += 1;
    this.#draw();
  }

  #draw() {
    const question = { ask: "on_map", x: this.drawn * APART, y: 0, columns: COLUMNS, rows: ROWS };
    this.latest.want(question, (answer) => this.#show("samples", answer, ROWS));
  }

  async #showReal() {
    const { real } = this.room;
    if (!real) return;
    const count = Math.min(COLUMNS * ROWS, real.points?.shape[0] ?? real.columns);
    const rows = count / COLUMNS;
    await this.#show(
      "real",
      real.points ? { ...real, points: firstOf(real.points, count) } : { ...real, columns: COLUMNS, rows },
      rows,
    );
  }

  /**
   * Show pictures of a kind, unless another kind was chosen while they were on their way.
   *
   * @param {string} kind
   * @param {Samples & { latents?: Numbers }} answer
   * @param {number} rows
   */
  async #show(kind, answer, rows) {
    const mosaic = await asMosaic({ ...answer, grid_rows: rows }, this.room.extent);
    if (this.kind.value !== kind) return;
    this.mosaic = mosaic;
    this.latents = answer.latents ? rowsOf(answer.latents) : null;
    this.#paint();
  }

  #paint() {
    if (!this.mosaic) return;
    this.area = paintMosaic(this.canvas, this.mosaic);
    if (this.room.real) this.legend.paint(this.room.real, this.room.theme);
  }

  #listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      /** @type {[number, number]} */
      const corner = [...this.corner];
      this.press = { x: event.clientX, y: event.clientY, corner, far: false };
    };
    canvas.onpointermove = (event) => this.#drag(event);
    canvas.onpointerup = (event) => {
      if (this.press && !this.press.far) this.#pick(event);
      this.press = undefined;
    };
    canvas.onkeydown = ({ key }) => {
      const move = ARROWS[key];
      if (!move || this.kind.value !== "map") return;
      this.corner = [this.corner[0] + move[0] * STEP, this.corner[1] + move[1] * STEP];
      this.#askForMap();
    };
  }

  /** @param {PointerEvent} event */
  #drag({ clientX, clientY }) {
    if (!this.press || !this.area) return;
    const [across, down] = [clientX - this.press.x, clientY - this.press.y];
    this.press.far ||= Math.hypot(across, down) > CLICK;
    if (!this.press.far || this.kind.value !== "map") return;
    const tile = (this.area.width / COLUMNS) * enlargementOf(this.canvas);
    const [x, y] = this.press.corner;
    this.corner = [x - (across / tile) * STEP, y + (down / tile) * STEP];
    this.#askForMap();
  }

  /** @param {PointerEvent} event */
  #pick(event) {
    if (!this.area || !this.mosaic) return;
    const [x, y] = placeIn(this.canvas, event);
    const column = Math.floor(((x - this.area.left) / this.area.width) * this.mosaic.columns);
    const row = Math.floor(((y - this.area.top) / this.area.height) * this.mosaic.rows);
    if (column < 0 || row < 0 || column >= this.mosaic.columns || row >= this.mosaic.rows) return;
    const index = row * this.mosaic.columns + column;
    if (this.latents) this.room.shelf.add(this.latents[index]);
    else this.#match(index);
  }

  /**
   * The best of some hundred latents, then down the gradient in rounds, between which training goes on.
   *
   * @param {number} real the number of the real sample
   */
  async #match(real) {
    const search = (this.search = {});
    const current = () => this.search === search;
    try {
      let found = await this.room.ask({ ask: "match", real });
      for (let round = 1; round <= ROUNDS && current(); round++) {
        found = await this.room.ask({ ask: "match", real, latent: rowsOf(found.latents)[0] });
        write(
          this.told,
          `Searching, ${Math.round((100 * round) / ROUNDS)} %: mean squared difference ${figure(found.error)}`,
        );
      }
      if (!current()) return;
      this.room.shelf.add(rowsOf(found.latents)[0]);
      write(this.told, `Nearest match found: mean squared difference ${figure(found.error)}.`);
    } catch (error) {
      this.room.say(sentenceOf(error));
    }
  }
}

/**
 * @param {Numbers} points
 * @param {number} count
 * @returns {Numbers}
 */
const firstOf = (points, count) =>
  Object.assign(points.subarray(0, count * points.shape[1]), { shape: [count, points.shape[1]] });
