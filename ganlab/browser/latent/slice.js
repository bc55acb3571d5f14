// @ts-check
// A plane through latent space as a map of samples, with a cursor that shows the exact one.

import { pen } from "../base/canvas_view.js";
import { button, slider } from "../base/controls.js";
import { element, write } from "../base/dom.js";
import { canvas, PlaneChooser, middle, pointed, ring, tiles } from "./latent_plane.js";
import { figure } from "../base/numbers.js";
import { asMosaic, farthest, paintCurve, paintMosaic, paintPlace, paintTile } from "../drawing/picture.js";
import { sentenceOf } from "./questions.js";
import { onPlane } from "../base/vectors.js";

/** @import { Area, Mosaic, Numbers } from "../base/types.js" */
/** @import { Samples } from "../drawing/picture.js" */
/** @import { LatentRoom } from "./latent.js" */
/** @import { Cursor, Plane } from "./latent_plane.js" */

export class SlicePanel {
  /** @type {(Plane & { reach: number }) | undefined} */
  plane;
  /** @type {Samples | undefined} over the plane */
  answer;
  /** @type {Mosaic | undefined} */
  mosaic;
  /** @type {Samples | undefined} at the cursor */
  sample;
  /** @type {Mosaic | undefined} */
  tile;
  /** @type {Area | null} where the map lies on its canvas */
  area = null;

  /** @param {LatentRoom} room */
  constructor(room) {
    this.room = room;
    this.whole = room.latest();
    this.exact = room.latest();
    this.cursor = middle;
    this.planes = new PlaneChooser(room, () => this.refresh());
    this.truncation = slider(
      "Truncation",
      {
        min: 0,
        max: 1,
        step: 0.05,
        value: 1,
        title: "Below 1, latents (or styles) move towards their mean: less variety, often better samples",
      },
      () => this.refresh(),
    );
    this.map = canvas("map", "Samples over a plane of latent space");
    this.place = canvas(
      "picture",
      room.data.kind === "images" ? "The sample at the cursor" : "Where the sample of each latent lies",
    );
    this.told = element("span", { class: "told" }, "");
    this.map.onpointerdown = this.map.onpointermove = (event) => this.#move(event);
    this.nodes = [
      element("div", { class: "controls" }, ...this.planes.nodes, this.truncation.node),
      element("div", { class: "pair" }, this.map, this.place),
      element(
        "div",
        { class: "foot hint" },
        this.told,
        button("Pick this one", () => this.#pick(), "Add the latent at the cursor to the picked latents"),
      ),
    ];
  }

  picked() {
    if (this.room.plane?.through !== "axes") this.planes.forget();
    this.refresh();
  }

  async refresh() {
    try {
      this.plane = await this.planes.find((question) => this.room.ask(question));
    } catch (error) {
      return this.room.say(sentenceOf(error));
    }
    this.room.say("");
    const { origin, directions, reach } = this.plane;
    const question = {
      ask: "slice",
      origin,
      directions,
      reach,
      side: tiles(this.room.data),
      truncation: this.truncation.value,
    };
    this.whole.want(question, async (answer) => {
      this.answer = answer;
      this.mosaic = await asMosaic(answer, this.room.extent);
      this.paint();
    });
    this.#ask();
  }

  close() {
    this.whole.close();
    this.exact.close();
  }

  paint() {
    if (!this.mosaic) return;
    this.#paintMap();
    this.#paintExact();
  }

  // The one at the cursor, once the plane is known.
  get latent() {
    const [across, up] = this.cursor;
    return this.plane && onPlane(this.plane, across * this.plane.reach, up * this.plane.reach);
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const place = pointed(event, this.area, this.mosaic?.rows === 1);
    if (!place || !this.plane || (event.type === "pointermove" && !event.buttons)) return;
    this.cursor = place;
    this.#paintMap();
    this.#ask();
  }

  #ask() {
    const { latent } = this;
    if (!latent) return;
    this.exact.want({ ask: "samples", latents: [latent], truncation: this.truncation.value }, async (answer) => {
      this.sample = answer;
      this.tile = await asMosaic(answer, this.room.extent);
      if (this.mosaic?.rows === 1) this.#paintMap();
      this.#paintExact();
    });
  }

  #paintMap() {
    const { mosaic, plane } = this;
    if (!mosaic || !plane) return;
    const points = mosaic.rows === 1 && this.answer?.points?.shape[1] === 1 ? this.answer.points : null;
    this.area = points ? paintCurve(this.map, points, this.room) : paintMosaic(this.map, mosaic);
    /** @type {Cursor} */
    const onCurve = [this.cursor[0], points ? (this.sample?.points?.[0] ?? 0) / farthest(points, this.room.extent) : 0];
    if (this.area) ring(pen(this.map), this.area, points ? onCurve : this.cursor, this.room.theme);
    const [across, up] = this.cursor.map((share) => figure(share * plane.reach));
    write(
      this.told,
      mosaic.rows === 1
        ? `z = ${across}: the latent increases to the right, its sample upwards. Drag the cursor.`
        : `Cursor at ${across} across, ${up} up. Drag it over the map.`,
    );
  }

  #paintExact() {
    if (!this.tile) return;
    const [grid, own] = [this.answer?.points, this.sample?.points];
    if (!own) paintTile(this.place, this.tile);
    else if (grid) paintPlace(this.place, landed(grid, own), this.room);
    this.room.drew();
  }

  #pick() {
    if (this.latent) this.room.shelf.add(this.latent);
  }
}

/**
 * The grid's points with the cursor's own as the last, marked.
 *
 * @param {Numbers} grid
 * @param {Numbers} own
 */
function landed(grid, own) {
  const points = Object.assign(Float32Array.of(...grid, ...own), { shape: [grid.shape[0] + 1, grid.shape[1]] });
  return { points, colours: true, at: grid.shape[0] };
}
