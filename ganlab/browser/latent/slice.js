// A plane through latent space as a map of samples, with a cursor that shows the exact one.

import { button, slider } from "../base/controls.js";
import { element, write } from "../base/dom.js";
import { canvas, Flat, middle, pointed, ring, tiles } from "./flat.js";
import { figure } from "../base/numbers.js";
import { asMosaic, farthest, paintCurve, paintMosaic, paintPlace, paintTile } from "../drawing/picture.js";
import { onPlane } from "../base/vectors.js";

export class SlicePanel {
  constructor(room) {
    this.room = room;
    this.whole = room.latest();
    this.exact = room.latest();
    this.cursor = middle;
    this.flat = new Flat(room, () => this.refresh());
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
      room.data.kind === "images" ? "The sample at the cursor" : "Where each latent lands",
    );
    this.told = element("span", { class: "told" }, "");
    this.map.onpointerdown = this.map.onpointermove = (event) => this.#move(event);
    this.nodes = [
      element("div", { class: "controls" }, ...this.flat.nodes, this.truncation.node),
      element("div", { class: "pair" }, this.map, this.place),
      element(
        "div",
        { class: "foot hint" },
        this.told,
        button("Pick this one", () => this.#pick(), "Put the latent at the cursor among the picked ones"),
      ),
    ];
  }

  picked() {
    if (this.room.plane.through !== "axes") this.flat.forget();
    this.refresh();
  }

  async refresh() {
    try {
      this.plane = await this.flat.find((question) => this.room.ask(question));
    } catch (error) {
      return this.room.say(error.message);
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
      this.mosaic = await asMosaic(answer, this.room.real.extent);
      this.paint();
    });
    this.#look();
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

  get latent() {
    const [across, up] = this.cursor;
    return onPlane(this.plane, across * this.plane.reach, up * this.plane.reach);
  }

  #move(event) {
    const place = pointed(event, this.area, this.mosaic?.rows === 1);
    if (!place || !this.plane || (event.type === "pointermove" && !event.buttons)) return;
    this.cursor = place;
    this.#paintMap();
    this.#look();
  }

  #look() {
    this.exact.want({ ask: "samples", latents: [this.latent], truncation: this.truncation.value }, async (answer) => {
      this.sample = answer;
      this.tile = await asMosaic(answer, this.room.real.extent);
      if (this.mosaic?.rows === 1) this.#paintMap();
      this.#paintExact();
    });
  }

  #paintMap() {
    if (!this.mosaic) return;
    const { points } = this.answer;
    const line = this.mosaic.rows === 1 && points?.shape[1] === 1;
    this.area = line ? paintCurve(this.map, points, this.room) : paintMosaic(this.map, this.mosaic);
    const [x, landed] = [this.cursor[0], line && this.sample ? this.sample.points[0] : 0];
    const mark = line ? [x, landed / farthest(points, this.room.real.extent)] : this.cursor;
    if (this.area) ring(this.map.getContext("2d"), this.area, mark, this.room.theme);
    const [across, up] = this.cursor.map((share) => figure(share * this.plane.reach));
    write(
      this.told,
      this.mosaic.rows === 1
        ? `z = ${across}: the latent to the right, its sample upwards. Drag the cursor.`
        : `Cursor at ${across} across, ${up} up. Drag it over the map.`,
    );
  }

  #paintExact() {
    if (!this.tile) return;
    if (!this.sample.points) paintTile(this.place, this.tile);
    else if (this.answer) paintPlace(this.place, landed(this.answer.points, this.sample.points), this.room);
    this.room.drew();
  }

  #pick() {
    if (this.plane) this.room.shelf.add(this.latent);
  }
}

// The grid's points with the cursor's own as the last, marked.
function landed(grid, own) {
  const points = Float32Array.of(...grid, ...own);
  points.shape = [grid.shape[0] + 1, grid.shape[1]];
  return { points, colours: true, at: grid.shape[0] };
}
